package dev.myrmidon.internal;

import dev.myrmidon.TaskOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/// `invokeAll`: submits tasks and waits for the ends of all. The inherited one waits for room without a limit.
final class AllResults {
    private AllResults() {}

    /// The futures of the tasks, in their order, each done: when the time is over, what has not ended is cancelled.
    ///
    /// @param nanos the longest to wait in all; `Long.MAX_VALUE` is forever
    static <T> List<Future<T>> await(DefaultPool pool, Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException {
        long start = System.nanoTime();
        List<SubmittedTask<T>> submitted = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                submitted.add(new SubmittedTask<>(pool, Objects.requireNonNull(task, "task"), TaskOptions.NONE));
            }
            for (SubmittedTask<T> task : submitted) {
                long left = DefaultPool.left(nanos, start);
                if (left <= 0 || !pool.intake().admitWithin(task, left)) {
                    return List.copyOf(submitted);
                }
            }
            for (SubmittedTask<T> task : submitted) {
                if (!task.await(DefaultPool.left(nanos, start))) {
                    return List.copyOf(submitted);
                }
            }
            return List.copyOf(submitted);
        } finally {
            submitted.forEach(task -> task.cancel(true)); // those that have not ended
        }
    }
}
