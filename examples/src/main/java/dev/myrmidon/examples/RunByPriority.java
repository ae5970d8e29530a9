package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import java.time.Duration;

/// Runs what is urgent first, and lets it take the place of what is not when the queue is full.
///
/// Higher numbers go first, equal ones in order of arrival, over the whole pool. A task that waits gains a
/// level every minute here, so that the lowest don't wait forever.
final class RunByPriority {
    static void main() {
        Pool pool = Pool.builder("jobs")
                .capacity(1)
                .queueCapacity(3)
                .queueOrder(QueueOrder.priority(Duration.ofMinutes(1)))
                .whenSaturated(SaturationPolicy.displaceLowest())
                .build();
        try (pool) {
            pool.pause(); // until all are queued, for the sake of the example

            pool.execute(() -> IO.println("report"), TaskOptions.NONE.priority(1));
            Task<?> newsletter = pool.submit(() -> IO.println("never sent"), TaskOptions.NONE.priority(0));
            pool.execute(() -> IO.println("invoice"), TaskOptions.NONE.priority(5)); // the queue is full now
            pool.execute(() -> IO.println("alarm"), TaskOptions.NONE.priority(9));
            IO.println("the newsletter is " + newsletter.status());
            try {
                pool.execute(() -> IO.println("never printed"), TaskOptions.NONE.priority(1));
            } catch (PoolSaturatedException e) {
                IO.println("no room for another report: nothing below it is queued");
            }
            pool.levels().stream()
                    .filter(level -> level.queued() > 0)
                    .forEach(level -> IO.println("level " + level.priority() + ": queued=" + level.queued()));

            pool.resume();
        }
    }
}
