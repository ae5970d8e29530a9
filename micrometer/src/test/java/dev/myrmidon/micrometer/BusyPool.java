package dev.myrmidon.micrometer;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import java.util.concurrent.CountDownLatch;

/// A pool of capacity 2 and with a queue of 3, in which two tasks are held until it is closed and one is queued.
record BusyPool(Pool pool, CountDownLatch hold) implements AutoCloseable {
    static BusyPool timed() throws InterruptedException {
        return of(Pool.builder("orders")
                .capacity(2)
                .queueCapacity(3)
                .timed(true)
                .nonblocking()
                .onFailure((_, _) -> {})
                .build());
    }

    static BusyPool of(Pool pool) throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            pool.execute(() -> {
                started.countDown();
                await(hold);
            });
        }
        assertThat(started.await(60, SECONDS)).isTrue();
        pool.execute(() -> {});
        return new BusyPool(pool, hold);
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void letGo() throws InterruptedException {
        hold.countDown();
        pool.awaitIdle();
    }

    @Override
    public void close() {
        hold.countDown();
        pool.close();
    }
}
