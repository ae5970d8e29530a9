package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that submit to their own pool, and wait for what they submitted.
@Timeout(60)
class NestedTest {
    @Test
    void aSubmissionToTheSaturatedPoolRunsInItsCallerOnTheCallersSlot() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (pool) {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            AtomicReference<PoolStats> inside = new AtomicReference<>();
            pool.submit(() -> {
                        threads.add(Thread.currentThread());
                        pool.execute(() -> {
                            threads.add(Thread.currentThread());
                            inside.set(pool.stats());
                        });
                    })
                    .get();
            assertThat(threads).hasSize(2);
            assertThat(threads.get(0)).isSameAs(threads.get(1));
            assertThat(inside.get().running()).isEqualTo(1);
        }
        assertThat(pool.stats().nested()).isEqualTo(1);
        assertThat(pool.stats().completed()).isEqualTo(2);
        assertThat(pool.stats().submitted()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void waitingForAQueuedTaskOfTheSamePoolRunsItThere(int queueCapacity) throws Exception {
        Pool pool =
                Pool.builder("orders").capacity(1).queueCapacity(queueCapacity).build();
        try (pool) {
            Future<Integer> outer = pool.submit(() -> {
                Future<Integer> first = pool.submit(() -> 1);
                Future<Integer> second = pool.submit(() -> 2);
                return first.get() + second.get();
            });
            assertThat(outer.get()).isEqualTo(3);
        }
        assertThat(pool.stats().nested()).isEqualTo(2);
        assertThat(pool.stats().completed()).isEqualTo(3);
    }

    @Test
    void invokeAllInsideATaskOfTheSamePoolEnds() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).queueCapacity(50).build()) {
            Callable<Integer> one = () -> 1;
            Future<Integer> sum = pool.submit(() -> {
                int total = 0;
                for (Future<Integer> part : pool.invokeAll(java.util.Collections.nCopies(100, one))) {
                    total += part.get();
                }
                return total;
            });
            assertThat(sum.get()).isEqualTo(100);
        }
    }

    /// A tree of tasks that wait for their children: the classic deadlock of bounded pools.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void aTreeOfTasksThatAwaitTheirChildrenEnds(int capacity) throws Exception {
        Pool pool = Pool.builder("orders").capacity(capacity).queueCapacity(3).build();
        try (pool) {
            assertThat(pool.submit(() -> leaves(pool, 8)).get()).isEqualTo(256);
        }
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(511);
        assertThat(end.completed()).isEqualTo(511);
    }

    private static int leaves(Pool pool, int depth) throws InterruptedException, ExecutionException {
        if (depth == 0) {
            return 1;
        }
        Future<Integer> left = pool.submit(() -> leaves(pool, depth - 1));
        Future<Integer> right = pool.submit(() -> leaves(pool, depth - 1));
        return left.get() + right.get();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void invokeAnyInsideATaskOfTheSamePoolEnds(int queueCapacity) throws Exception {
        Pool pool =
                Pool.builder("orders").capacity(1).queueCapacity(queueCapacity).build();
        try (pool) {
            Callable<Integer> fails = () -> {
                throw new IllegalStateException("no");
            };
            Callable<Integer> works = () -> 7;
            assertThat(pool.submit(() -> pool.invokeAny(List.of(fails, works))).get())
                    .isEqualTo(7);
        }
        // with one place in the queue the second runs nested, wins, and the first is cancelled
        assertThat(pool.stats().failed() + pool.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void whoWaitsInsideRunsWhatAShrinkPutsBackIntoTheQueue() throws Exception {
        for (int round = 0; round < 500; round++) {
            Pool pool = Pool.builder("orders").capacity(2).build();
            try (pool) {
                Future<Integer> outer = pool.submit(() -> {
                    Future<Integer> inner = pool.submit(() -> 1);
                    Thread.ofVirtual().start(() -> pool.resize(1));
                    return inner.get();
                });
                assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    @Test
    void interruptsDontCrossBetweenATaskAndTheOneInsideIt() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            List<Boolean> seen = new CopyOnWriteArrayList<>();
            pool.submit(() -> {
                        pool.execute(() -> Thread.currentThread().interrupt());
                        seen.add(Thread.currentThread().isInterrupted());
                        Thread.currentThread().interrupt();
                        pool.execute(() -> seen.add(Thread.currentThread().isInterrupted()));
                        seen.add(Thread.currentThread().isInterrupted());
                    })
                    .get();
            assertThat(seen).containsExactly(false, false, true);
        }
    }

    @Test
    void aWaitInsideATaskTakesItsInterruptFirst() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool) {
            Future<Boolean> interrupted = pool.submit(() -> {
                Future<Integer> queued = pool.submit(() -> 1);
                Thread.currentThread().interrupt();
                try {
                    queued.get();
                    return false;
                } catch (InterruptedException e) {
                    return true;
                }
            });
            assertThat(interrupted.get()).isTrue();
        }
        assertThat(pool.stats().completed()).isEqualTo(2);
    }

    @Test
    void aNestedTaskThatSwallowsTheInterruptOfTheEndLeavesOneForItsCaller() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).build();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch swallowed = new CountDownLatch(2);
        pool.execute(() -> {
            pool.execute(() -> {
                inside.countDown();
                awaitInterrupt(swallowed);
            });
            awaitInterrupt(swallowed);
        });
        inside.await();
        pool.shutdownNow();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(swallowed.getCount()).isZero();
    }

    private static void awaitInterrupt(CountDownLatch swallowed) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            swallowed.countDown();
        }
    }

    @Test
    void immediateAndNonblockingVariantsRefuse() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Pool nonblocking = Pool.builder("n").capacity(1).nonblocking().build()) {
            assertThat(pool.submit(() -> pool.tryExecute(() -> {})).get()).isFalse();
            assertThatThrownBy(() -> nonblocking
                            .submit(() -> nonblocking.execute(() -> {}))
                            .get())
                    .hasCauseInstanceOf(PoolSaturatedException.class);
            assertThat(pool.submit(() -> pool.tryExecute(() -> {}, Duration.ofSeconds(30)))
                            .get())
                    .as("a timed one doesn't wait for itself")
                    .isTrue();
        }
    }

    @Test
    void aTaskThatSubmitsItselfForeverIsRefusedBeforeTheStackEnds() {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        AtomicInteger depth = new AtomicInteger();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .onFailure((_, failure) -> failures.add(failure))
                .build();
        try (pool) {
            pool.execute(new Runnable() {
                @Override
                public void run() {
                    depth.incrementAndGet();
                    pool.execute(this);
                }
            });
            await().untilAsserted(() -> assertThat(pool.stats().failed()).isEqualTo(1)); // before it is closed
        }
        assertThat(failures).hasSize(1).first().isInstanceOf(PoolSaturatedException.class);
        assertThat(depth.get()).isEqualTo(257);
        assertThat(pool.stats().completed()).isEqualTo(256);
        assertThat(pool.stats().failed()).isEqualTo(1);
        assertThat(pool.stats().rejected()).isEqualTo(1);
    }

    @Test
    void aNestedFailureEndsTheNestedTaskAlone() throws Exception {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .onFailure((_, failure) -> failures.add(failure))
                .build();
        try (pool) {
            String result = pool.submit(() -> {
                        pool.execute(() -> {
                            throw new AssertionError("inner");
                        });
                        return "outer";
                    })
                    .get();
            assertThat(result).isEqualTo("outer");
        }
        assertThat(failures).extracting(Throwable::getMessage).containsExactly("inner");
        assertThat(pool.stats().failed()).isEqualTo(1);
        assertThat(pool.stats().completed()).isEqualTo(1);
    }

    @Test
    void aCompletableFutureChainOnOneSlotEnds() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CompletableFuture<Integer> chain = CompletableFuture.supplyAsync(() -> 1, pool)
                    .thenApplyAsync(i -> i + 1, pool)
                    .thenComposeAsync(i -> CompletableFuture.supplyAsync(() -> i * 10, pool), pool);
            assertThat(chain.join()).isEqualTo(20);
        }
    }

    @Test
    void anotherThreadsTaskIsNotNested() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
                Pool other = Pool.builder("other").capacity(1).build()) {
            // a task of the other pool is a stranger here: it finds this pool saturated like anybody else
            Future<Boolean> accepted = pool.submit(
                    () -> other.submit(() -> pool.tryExecute(() -> {})).get());
            assertThat(accepted.get()).isFalse();
            assertThat(pool.stats().nested()).isZero();
        }
    }
}
