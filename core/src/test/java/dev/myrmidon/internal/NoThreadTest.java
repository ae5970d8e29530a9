package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.Recorded;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What happens when a worker's thread can't be started.
class NoThreadTest {
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final ThreadFactory sometimes = worker -> {
        if (broken.get()) {
            throw new IllegalStateException("no thread");
        }
        return Thread.ofVirtual().unstarted(worker);
    };

    @Test
    void theSlotComesBackAndTheSubmitterHearsOfIt() throws Exception {
        DefaultPool pool =
                new DefaultPool(Pool.builder("orders").capacity(1).nonblocking().config(), sometimes);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> pool.execute(() -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no thread");
            PoolStats stats = pool.stats();
            assertThat(stats.running()).isZero();
            assertThat(stats.workers()).isZero();
            assertThat(stats.rejected()).isEqualTo(i + 1);
        }
        broken.set(false);
        assertThat(pool.submit(() -> 7).get()).isEqualTo(7);
        pool.close();
        assertThat(pool.stats().submitted()).isEqualTo(4);
        assertThat(pool.stats().completed()).isEqualTo(1);
    }

    @Test
    void theRefusalIsRecorded() throws Exception {
        try (Recorded recorded = Recorded.all();
                DefaultPool pool =
                        new DefaultPool(Pool.builder("threadless").capacity(1).config(), sometimes)) {
            assertThatThrownBy(() -> pool.execute(() -> {})).hasMessage("no thread");

            assertThat(recorded.of("threadless", "TaskRejected"))
                    .extracting(event -> event.getString("reason"))
                    .containsExactly("NO_WORKER");
        }
    }

    @Test
    void aThreadThatDoesNotStartIsForgotten() throws Exception {
        DefaultPool pool = new DefaultPool(
                Pool.builder("orders").capacity(1).config(),
                worker -> broken.get()
                        ? Thread.ofVirtual().start(() -> {}) // can't be started a second time
                        : Thread.ofVirtual().unstarted(worker));
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(IllegalThreadStateException.class);
        assertThat(pool.stats().workers()).isZero();
        assertThat(pool.stats().running()).isZero();
        broken.set(false);
        assertThat(pool.submit(() -> 7).get()).isEqualTo(7);
        pool.close();
        assertThat(pool.isTerminated()).isTrue();
    }

    /// A submitter that sees a search under way sends nobody. If the thread of that search can't be
    /// started, its task must still run, once there are threads again.
    @Test
    void whatReliedOnAThreadThatDidNotStartIsTriedAgain() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch otherSubmitted = new CountDownLatch(1);
        AtomicInteger attempts = new AtomicInteger();
        DefaultPool pool = new DefaultPool(Pool.builder("orders").capacity(2).config(), worker -> {
            if (attempts.getAndIncrement() < 3) {
                starting.countDown();
                awaitQuietly(otherSubmitted);
                throw new IllegalStateException("no thread");
            }
            return Thread.ofVirtual().unstarted(worker);
        });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread first = Thread.ofPlatform().start(() -> {
            try {
                pool.execute(() -> {});
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        starting.await();
        Future<Integer> second = pool.submit(() -> 2);
        otherSubmitted.countDown();
        assertThat(second.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        first.join();
        assertThat(thrown.get()).hasMessage("no thread");
        pool.close();
        assertThat(pool.stats().rejected()).isEqualTo(1);
        assertThat(pool.stats().completed()).isEqualTo(1);
    }

    /// The slot of a task whose thread can't be started passes to the next in line, which nobody else would
    /// start.
    @Test
    void theSlotPassesOnToWhatIsQueued() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        DefaultPool pool = new DefaultPool(
                Pool.builder("orders").capacity(1).queueCapacity(1).config(), worker -> {
                    if (first.getAndSet(false)) {
                        starting.countDown();
                        awaitQuietly(queued);
                        throw new IllegalStateException("no thread");
                    }
                    return Thread.ofVirtual().unstarted(worker);
                });
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread submitter = Thread.ofPlatform().start(() -> {
            try {
                pool.execute(() -> {});
            } catch (IllegalStateException e) {
                thrown.set(e);
            }
        });
        starting.await();
        Future<Integer> next = pool.submit(() -> 2);
        queued.countDown();
        assertThat(next.get(30, TimeUnit.SECONDS)).isEqualTo(2);
        submitter.join();
        assertThat(thrown.get()).hasMessage("no thread");
        pool.close();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void workersThatRunTakeOverWhatNoNewThreadCanBeHadFor() throws Exception {
        broken.set(false);
        DefaultPool pool = new DefaultPool(Pool.builder("orders").capacity(2).config(), sometimes);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Future<?> busy = pool.submit(() -> {
            started.countDown();
            letGo.await();
            return null;
        });
        started.await();
        broken.set(true);
        assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(IllegalStateException.class);
        letGo.countDown();
        busy.get();
        await().untilAsserted(() -> assertThat(pool.stats().idleWorkers()).isEqualTo(1));
        assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
        pool.close();
    }
}
