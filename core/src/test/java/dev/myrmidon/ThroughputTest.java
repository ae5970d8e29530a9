package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Everything that is submitted runs, once, and no more of it at a time than may.
class ThroughputTest {
    static Stream<PoolConfig> kinds() {
        return Stream.of(
                Pool.builder("plain").capacity(1_000).config(),
                Pool.builder("preallocated").capacity(1_000).preallocate(true).config(),
                Pool.builder("unbounded").capacity(Pool.UNBOUNDED).config(),
                Pool.builder("queued").capacity(1_000).queueCapacity(10_000).config(),
                Pool.builder("narrow").capacity(1).queueCapacity(Pool.UNBOUNDED).config(),
                Pool.builder("caller-runs")
                        .capacity(2)
                        .whenSaturated(SaturationPolicy.callerRuns())
                        .config());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void runsAHundredThousandTasks(PoolConfig config) throws InterruptedException {
        CountDownLatch all = new CountDownLatch(100_000);
        Pool pool = Pool.open(config);
        try (pool) {
            for (int i = 0; i < 100_000; i++) {
                pool.execute(all::countDown);
            }
            all.await();
        }
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(100_000);
        assertThat(end.completed()).isEqualTo(100_000);
        assertThat(end.running() + end.queued() + end.workers()).isZero();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void appliesAFunctionToEachArgument(PoolConfig config) {
        LongAdder sum = new LongAdder();
        try (FunctionPool<Integer> pool = FunctionPool.of(config, i -> sum.add(i))) {
            for (int i = 0; i < 1_000; i++) {
                pool.invoke(i);
            }
        }
        assertThat(sum.sum()).isEqualTo(499_500);
    }

    @Test
    void sumsUpOnCapacityTen() {
        LongAdder sum = new LongAdder();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch two = new CountDownLatch(2);
        try (FunctionPool<Integer> pool = FunctionPool.of("sum", 10, i -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            two.countDown();
            two.await();
            Thread.sleep(0, 100_000);
            sum.add(i);
            running.decrementAndGet();
        })) {
            for (int i = 0; i < 1_000; i++) {
                pool.invoke(i);
            }
        }
        assertThat(sum.sum()).isEqualTo(499_500);
        assertThat(most.get()).isBetween(2, 10);
    }

    @Test
    void startsTasksInOrderOfArrivalAtCapacityOne() {
        StringBuilder order = new StringBuilder();
        try (Pool pool = Pool.builder("one").capacity(1).queueCapacity(100).build()) {
            for (char c = 'a'; c <= 'z'; c++) {
                char letter = c;
                pool.execute(() -> order.append(letter));
            }
        }
        assertThat(order).hasToString("abcdefghijklmnopqrstuvwxyz");
    }
}
