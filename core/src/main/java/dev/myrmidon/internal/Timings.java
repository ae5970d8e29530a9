package dev.myrmidon.internal;

import dev.myrmidon.PoolTimings;
import dev.myrmidon.TimingsListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/// How long the tasks of one pool wait and run.
///
/// A look at the clock can cost as much as a short task takes, so while tasks are short only some of them
/// are timed, by chance, and each counts for as many. The chance doesn't depend on the task itself, so that
/// no kind of task is counted more or less often than it comes.
final class Timings {
    /// Tasks that take at least this long are all timed. Three looks at the clock and two counts cost 100
    /// to 150 ns: about 1 % of it.
    private static final long ALL_FROM_NANOS = 10_000;

    /// Of shorter ones one in so many, a power of two: some 5 ns a task.
    private static final int ONE_IN = 64;

    private final String poolName;
    private final TimeRecorder waits = new TimeRecorder();
    private final TimeRecorder runs = new TimeRecorder();

    /// True while tasks take long enough for all of them to be timed. Follows the last one that was.
    private volatile boolean timesAll = true;

    private final List<TimingsListener> listeners = new CopyOnWriteArrayList<>();

    Timings(String poolName) {
        this.poolName = poolName;
    }

    /// Draws for how many tasks the times of one count that is being submitted; 0 if they don't count.
    int drawWeight() {
        if (timesAll) {
            return 1;
        }
        return (ThreadLocalRandom.current().nextInt() & (ONE_IN - 1)) == 0 ? ONE_IN : 0;
    }

    /// Counts a task that has waited and run for so long, in nanoseconds, in the place of so many.
    void record(long wait, long run, int weight) {
        waits.record(wait, weight);
        runs.record(run, weight);
        if (!listeners.isEmpty()) {
            tell(wait, run, weight);
        }
        boolean isLong = run >= ALL_FROM_NANOS;
        if (timesAll != isLong) {
            timesAll = isLong;
        }
    }

    private void tell(long wait, long run, int weight) {
        for (TimingsListener listener : listeners) {
            try {
                listener.onTimes(Math.max(0, wait), Math.max(0, run), weight);
            } catch (Throwable failure) {
                TaskRunner.log("a listener of " + poolName + " failed at the times of a task", failure);
            }
        }
    }

    void add(TimingsListener listener) {
        listeners.add(listener);
    }

    void remove(TimingsListener listener) {
        listeners.remove(listener);
    }

    PoolTimings read() {
        return new PoolTimings(waits.read(), runs.read());
    }
}
