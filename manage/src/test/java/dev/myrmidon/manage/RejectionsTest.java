package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Rejected tasks leave nothing behind but the last ones in the tracker's history.
@Timeout(120)
class RejectionsTest {
    private static final int MEGABYTE = 1 << 20;

    @Test
    void twoMillionRejectedTasksLeaveTheHeapFlat() throws Exception {
        TaskTracker tracker = new TaskTracker(TrackerConfig.DEFAULT, List::of);
        CountDownLatch letGo = new CountDownLatch(1);
        try (Pool pool = Pool.builder("orders")
                        .capacity(1)
                        .queueCapacity(10)
                        .nonblocking()
                        .timed(true)
                        .listener(tracker)
                        .build();
                PoolMonitor monitor = PoolMonitor.start(
                        () -> List.of(pool),
                        MonitorConfig.every(Duration.ofMillis(50)).history(Duration.ofMillis(500)))) {
            for (int i = 0; i < 11; i++) {
                pool.execute(() -> awaitInterruptibly(letGo));
            }
            reject(pool, 100_000);
            long before = heap();

            reject(pool, 2_000_000);
            assertThat(heap() - before).as("bytes more").isLessThan(MEGABYTE);

            assertThat(tracker.finished())
                    .hasSize(TrackerConfig.DEFAULT.perOutcome())
                    .allMatch(task -> task.outcome() == FinishedTask.Outcome.REJECTED);
            await().untilAsserted(() -> assertThat(
                            monitor.latest("orders").orElseThrow().stats().rejected())
                    .isEqualTo(2_100_000));
            letGo.countDown();
        }
    }

    private static void reject(Pool pool, int tasks) {
        int rejected = 0;
        for (int i = 0; i < tasks; i++) {
            try {
                pool.execute(() -> {});
            } catch (PoolSaturatedException e) {
                rejected++;
            }
        }
        assertThat(rejected).isEqualTo(tasks);
    }

    private static void awaitInterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The least of several readings, since what other threads do between a collection and a look counts too.
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
