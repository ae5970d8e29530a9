package dev.myrmidon.internal;

import dev.myrmidon.PoolTimings;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// How long the tasks of one pool wait and run.
///
/// A task that is to be timed gets a *stamp* when it is submitted. A look at the clock can cost as much as a
/// short task takes, so while tasks are short only some of them are stamped, by chance, and each stands for
/// as many. The chance doesn't depend on the task itself, so that no kind of task is counted more or less
/// often than it comes.
final class Timings {
    /// Tasks that take at least this long are all timed. Three looks at the clock and two counts cost about
    /// 150 ns: 1.5 % of it.
    private static final long ALL_FROM_NANOS = 10_000;

    /// Of shorter ones one in so many, a power of two: some 10 ns a task.
    private static final int ONE_IN = 16;

    private final TimeRecorder waits = new TimeRecorder();
    private final TimeRecorder runs = new TimeRecorder();

    /// True while tasks take long enough for all of them to be timed. Follows the last one that was.
    private volatile boolean timesAll = true;

    /// When a task was submitted, and for how many it stands.
    record Stamp(long submitted, int weight) {}

    /// A task that has no place of its own for its stamp.
    private record Stamped(Runnable task, Stamp stamp) implements Runnable {
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
        Stamp stamp = new Stamp(System.nanoTime(), weight);
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.stamp = stamp;
            return task;
        }
        return new Stamped(task, stamp);
    }

    /// The stamp of what goes through a pool, or null.
    static @Nullable Stamp stampOf(Runnable task) {
        return switch (task) {
            case Stamped stamped -> stamped.stamp;
            case SubmittedTask<?> submitted -> submitted.stamp;
            default -> null;
        };
    }

    /// What was submitted, without the stamp.
    static Runnable unwrap(Runnable task) {
        return task instanceof Stamped stamped ? stamped.task : task;
    }

    /// Counts a task that has run from `started` to `ended`.
    void record(Stamp stamp, long started, long ended) {
        long run = ended - started;
        waits.record(started - stamp.submitted, stamp.weight);
        runs.record(run, stamp.weight);
        boolean isLong = run >= ALL_FROM_NANOS;
        if (timesAll != isLong) {
            timesAll = isLong;
        }
    }

    PoolTimings read() {
        return new PoolTimings(waits.read(), runs.read());
    }
}
