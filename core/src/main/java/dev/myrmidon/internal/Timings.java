package dev.myrmidon.internal;

import dev.myrmidon.PoolTimings;
import java.util.concurrent.ThreadLocalRandom;

/// How long the tasks of one pool wait and run.
///
/// A task that is to be timed gets a *stamp* when it is submitted. A look at the clock can cost as much as a
/// short task takes, so while tasks are short only some of them are stamped, by chance, and each stands for
/// as many. The chance doesn't depend on the task itself, so that no kind of task is counted more or less
/// often than it comes.
final class Timings {
    /// Tasks that take at least this long are all timed. Three looks at the clock and two counts cost 100
    /// to 150 ns: about 1 % of it.
    private static final long ALL_FROM_NANOS = 10_000;

    /// Of shorter ones one in so many, a power of two: some 5 ns a task.
    private static final int ONE_IN = 64;

    private final TimeRecorder waits = new TimeRecorder();
    private final TimeRecorder runs = new TimeRecorder();

    /// True while tasks take long enough for all of them to be timed. Follows the last one that was.
    private volatile boolean timesAll = true;

    /// What goes through a pool and may carry a stamp.
    interface Stamped {
        /// When it was submitted, in nanoseconds.
        long submitted();

        /// For how many tasks it stands; 0 if it carries no stamp.
        int weight();
    }

    /// A task that has no room of its own for its stamp.
    private record StampedTask(Runnable task, long submitted, int weight) implements Runnable, Stamped {
        @Override
        public void run() {
            task.run();
        }
    }

    /// Stamps a task that is being submitted, if its turn to be timed has come.
    ///
    /// @return what is to be put through the pool in its place
    Runnable stamp(Runnable task) {
        int weight = timesAll ? 1 : ONE_IN;
        if (weight > 1 && (ThreadLocalRandom.current().nextInt() & (weight - 1)) != 0) {
            return task;
        }
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.stamp(System.nanoTime(), weight);
            return task;
        }
        return new StampedTask(task, System.nanoTime(), weight);
    }

    /// What was submitted, without the stamp.
    static Runnable unwrap(Runnable task) {
        return task instanceof StampedTask stamped ? stamped.task : task;
    }

    /// Counts a task that has run from `started` to `ended`.
    void record(Stamped task, long started, long ended) {
        long run = ended - started;
        waits.record(started - task.submitted(), task.weight());
        runs.record(run, task.weight());
        boolean isLong = run >= ALL_FROM_NANOS;
        if (timesAll != isLong) {
            timesAll = isLong;
        }
    }

    PoolTimings read() {
        return new PoolTimings(waits.read(), runs.read());
    }
}
