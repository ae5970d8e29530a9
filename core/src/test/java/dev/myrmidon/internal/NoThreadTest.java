package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// What happens when a worker's thread can't be started.
class NoThreadTest {
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final ThreadFactory sometimes = worker -> {
        if (broken.get()) {
            throw new OutOfMemoryError("no thread");
        }
        return Thread.ofVirtual().unstarted(worker);
    };

    @Test
    void theSlotComesBackAndTheSubmitterHearsOfIt() throws Exception {
        DefaultPool pool =
                new DefaultPool(Pool.builder("orders").capacity(1).nonblocking().config(), sometimes);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> pool.execute(() -> {}))
                    .isInstanceOf(OutOfMemoryError.class)
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
    void aThreadThatDoesNotStartIsForgotten() {
        DefaultPool pool = new DefaultPool(Pool.builder("orders").capacity(1).config(), worker -> {
            Thread started = Thread.ofVirtual().start(() -> {});
            return started; // can't be started a second time
        });
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(IllegalThreadStateException.class);
        assertThat(pool.stats().workers()).isZero();
        assertThat(pool.stats().running()).isZero();
        pool.close();
        assertThat(pool.isTerminated()).isTrue();
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
        assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(OutOfMemoryError.class);
        letGo.countDown();
        busy.get();
        assertThat(pool.submit(() -> 2).get()).isEqualTo(2);
        pool.close();
    }
}
