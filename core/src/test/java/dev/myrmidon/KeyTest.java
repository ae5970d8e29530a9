package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyTest {
    private static final TaskOptions A = TaskOptions.keyed("a");
    private static final TaskOptions B = TaskOptions.keyed("b");

    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private static PoolBuilder orders(int capacity) {
        return Pool.builder("orders").capacity(capacity).queueCapacity(Pool.UNBOUNDED);
    }

    private void put(Pool pool, String name, TaskOptions options) {
        pool.execute(() -> order.add(name), options.name(name));
    }

    /// A task of a key that holds its slot until let go.
    private static Held hold(Pool pool, TaskOptions options) throws InterruptedException {
        Held held = new Held();
        pool.execute(held::hold, options);
        held.awaitStarted(1);
        return held;
    }

    @Test
    void equalKeysRunOneAtATimeInTheOrderOfSubmission() throws Exception {
        try (Pool pool = orders(8).build()) {
            AtomicInteger running = new AtomicInteger();
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 1_000; i++) {
                int n = i;
                pool.execute(
                        () -> {
                            assertThat(running.incrementAndGet()).isEqualTo(1);
                            seen.add(n);
                            Thread.onSpinWait();
                            running.decrementAndGet();
                        },
                        A);
            }
            pool.awaitIdle();

            assertThat(seen).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
            assertThat(pool.stats().failed()).isZero();
        }
    }

    @Test
    void aBusyKeyIsInNobodysWay() throws Exception {
        try (Pool pool = orders(2).build();
                Held held = hold(pool, A)) {
            for (int i = 0; i < 10; i++) {
                put(pool, "a" + i, A);
            }

            pool.submit(() -> order.add("b"), B).get();
            pool.submit(() -> order.add("no key")).get();

            assertThat(order).containsExactly("b", "no key");
            assertThat(pool.stats().running()).isEqualTo(1);
            assertThat(pool.stats().queued()).isEqualTo(10);
            held.letGo();
            pool.awaitIdle();
            assertThat(order).hasSize(12);
        }
    }

    @Test
    void aKeyedTaskThatFailsIsCancelledOrTimesOutPassesItsTurnOn() throws Exception {
        try (Pool pool = orders(4).onFailure((_, _) -> {}).build();
                Held held = hold(pool, A)) {
            pool.execute(
                    () -> {
                        throw new AssertionError("on purpose");
                    },
                    A);
            Task<?> cancelled = pool.submit(() -> order.add("cancelled"), A);
            Task<?> slow = pool.submit(
                    () -> {
                        Thread.sleep(Duration.ofDays(1));
                        return 1;
                    },
                    A.timeout(Duration.ofMillis(1)));
            Task<?> shed = pool.submit(() -> order.add("shed"), A.startWithin(Duration.ofMillis(1)));
            Task<?> last = pool.submit(() -> order.add("last"), A);
            assertThat(cancelled.cancel(true)).isTrue();
            while (!shed.isDone()) {
                Thread.onSpinWait();
            }
            assertThat(pool.stats().queued()).isEqualTo(3);
            held.letGo();
            last.get();

            assertThat(slow.status()).isEqualTo(Task.Status.TIMED_OUT);
            assertThat(shed.status()).isEqualTo(Task.Status.SHED);
            assertThat(order).containsExactly("last");
        }
    }

    @Test
    void aRunningTaskThatIsCancelledKeepsItsTurnUntilItsCodeReturns() throws Exception {
        try (Pool pool = orders(4).build();
                Held held = new Held()) {
            Task<?> stubborn = pool.submit(
                    () -> {
                        held.holdStubbornly();
                        order.add("stubborn");
                    },
                    A);
            held.awaitStarted(1);
            stubborn.cancel(true);
            put(pool, "next", A);
            pool.submit(() -> {}, B).get();
            assertThat(order).isEmpty();
            held.letGo();
            pool.awaitIdle();

            assertThat(order).containsExactly("stubborn", "next");
        }
    }

    @Test
    void aRefusedTaskPassesNothingOn() throws Exception {
        try (Pool pool = orders(2).queueCapacity(1).nonblocking().build();
                Held held = hold(pool, A)) {
            put(pool, "queued", A);
            assertThatThrownBy(() -> put(pool, "refused", A))
                    .isInstanceOf(PoolSaturatedException.class)
                    .hasMessageContaining("running=1/2 queued=1/1");
            pool.submit(() -> order.add("b"), B).get();
            held.letGo();
            pool.awaitIdle();
            put(pool, "after", A);
            pool.awaitIdle();

            assertThat(order).containsExactly("b", "queued", "after");
        }
    }

    @Test
    void submittersOfABusyKeyWaitInOrderWithoutBarringOthers() throws Exception {
        Pool pool = orders(2).queueCapacity(0).build();
        List<Thread> submitters = new ArrayList<>();
        try (pool;
                Held held = hold(pool, A)) {
            for (int i = 0; i < 5; i++) {
                String name = "a" + i;
                submitters.add(Thread.startVirtualThread(() -> put(pool, name, A)));
                while (pool.stats().waiting() < i + 1) {
                    Thread.onSpinWait();
                }
            }
            pool.submit(() -> order.add("b"), B).get();
            pool.submit(() -> order.add("c")).get();
            submitters.get(2).interrupt();
            submitters.get(2).join();
            assertThat(pool.stats().waiting()).isEqualTo(4);
            held.letGo();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("b", "c", "a0", "a1", "a3", "a4");
    }

    @Test
    void theHeadOfAKeyThatGivesUpWaitingLetsTheNextOneHaveItsPlace() throws Exception {
        Pool pool = orders(1).queueCapacity(0).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            Thread first = Thread.startVirtualThread(() -> put(pool, "first", A));
            awaitWaiting(pool, 1);
            Thread second = Thread.startVirtualThread(() -> put(pool, "second", A));
            awaitWaiting(pool, 2);
            first.interrupt();
            first.join();
            awaitWaiting(pool, 1);
            held.letGo();
            second.join();
        }

        assertThat(order).containsExactly("second");
    }

    private static void awaitWaiting(Pool pool, int waiting) {
        while (pool.stats().waiting() != waiting) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theQueueBoundsWhatIsHeldBehindABusyKey() throws Exception {
        Pool pool = orders(2).queueCapacity(2).build();
        List<Thread> submitters = new ArrayList<>();
        try (pool;
                Held held = hold(pool, A)) {
            for (int i = 0; i < 4; i++) {
                String name = "a" + i;
                submitters.add(Thread.startVirtualThread(() -> put(pool, name, A)));
                int n = i + 1;
                while (pool.stats().waiting() + pool.stats().queued() < n) {
                    Thread.onSpinWait();
                }
            }
            assertThat(pool.stats().queued()).isEqualTo(2);
            assertThat(pool.stats().waiting()).isEqualTo(2);
            held.letGo();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("a0", "a1", "a2", "a3");
    }

    @Test
    void aKeyedTaskDoesNotRunInsideItsSubmitterWhenThePoolIsSaturated() throws Exception {
        try (Pool pool = orders(1).queueCapacity(0).build()) {
            Task<?> outer = pool.submit(
                    () -> assertThatThrownBy(() -> put(pool, "inner", A)).isInstanceOf(PoolSaturatedException.class));
            outer.get();
        }
        try (Pool pool = orders(1)
                        .queueCapacity(0)
                        .whenSaturated(SaturationPolicy.callerRuns())
                        .build();
                Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> put(pool, "mine", A)).isInstanceOf(PoolSaturatedException.class);
        }
        assertThat(order).isEmpty();
    }

    /// A handler of refusals may try again, in any way.
    @Test
    void aRefusedTaskThatIsTriedAgainKeepsItsKey() throws Exception {
        List<Boolean> retried = new ArrayList<>();
        Pool pool = orders(2)
                .queueCapacity(1)
                .whenSaturated(SaturationPolicy.handle((task, full) -> {
                    retried.add(full.tryExecute(task));
                    full.resize(3);
                    retried.add(full.tryExecute(task));
                    var _ = ((Task<?>) task).cancel(false);
                }))
                .build();
        try (pool;
                Held held = hold(pool, A)) {
            put(pool, "queued", A);
            Task<?> third = pool.submit(() -> order.add("third"), A);

            assertThat(retried).as("its key is busy, though there are slots").containsExactly(false, false);
            assertThat(third.isCancelled()).isTrue();
            held.letGo();
            pool.awaitIdle();
            assertThat(order).containsExactly("queued");
        }
    }

    @Test
    void aTaskThatJoinsAQueuedOneOfAnotherKeyRunsItAndPassesItsTurnOn() throws Exception {
        try (Pool pool = orders(1).build()) {
            pool.submit(() -> {
                        Task<?> queued = pool.submit(() -> order.add("a1"), A);
                        put(pool, "a2", A);
                        return queued.get();
                    })
                    .get();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("a1", "a2");
    }

    @Test
    void closeDrainsWhatIsHeldAndShutdownNowReturnsItInOrder() throws Exception {
        Pool draining = orders(2).build();
        Held held = hold(draining, A);
        for (int i = 0; i < 5; i++) {
            put(draining, "a" + i, A);
        }
        draining.shutdown();
        held.letGo();
        draining.close();
        assertThat(order).containsExactly("a0", "a1", "a2", "a3", "a4");

        Pool stopped = orders(2).build();
        Held _ = hold(stopped, A);
        List<Task<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            tasks.add(stopped.submit(() -> order.add("never"), A));
        }
        assertThat(stopped.shutdownNow()).isEqualTo(tasks);
        stopped.close();
        assertThat(order).hasSize(5);
        assertThat(stopped.stats().queued()).isZero();
        assertThat(tasks).allMatch(Task::isCancelled);
    }

    @Test
    void worksInAPoolByPriorityWhereTheOrderOfAKeyComesBeforeItsLevels() throws Exception {
        Pool pool = orders(1).queueOrder(QueueOrder.priority(Pool.NEVER)).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            put(pool, "low a", A.priority(0));
            put(pool, "high a", A.priority(9));
            put(pool, "middle b", B.priority(5));
            held.letGo();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("middle b", "low a", "high a");
    }

    @Test
    void staysInOrderWhenThePoolShrinksPausesAndGrows() throws Exception {
        try (Pool pool = orders(4).build()) {
            List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
            for (int i = 0; i < 2_000; i++) {
                int n = i;
                pool.execute(() -> seen.add(n), A);
                pool.execute(() -> {}, B);
                switch (i % 50) {
                    case 10 -> pool.resize(1);
                    case 20 -> pool.pause();
                    case 30 -> pool.resume();
                    case 40 -> pool.resize(4);
                    default -> {}
                }
            }
            pool.awaitIdle();

            assertThat(seen).isEqualTo(IntStream.range(0, 2_000).boxed().toList());
        }
    }

    /// Random keys, cancels, failures, bounded room and several submitters, each with keys of its own so that
    /// the order of submission is known: none runs beside one of its key, and those that run do so in order.
    @ParameterizedTest
    @CsvSource({"1, 0, 50", "2, 16, 50", "3, 1000000, 5000"})
    void orderAndBooksHoldInAStorm(long seed, int queueCapacity, int keysEach) throws Exception {
        int submitters = 4;
        int each = 10_000;
        Pool pool =
                orders(6).queueCapacity(queueCapacity).onFailure((_, _) -> {}).build();
        AtomicIntegerArray lastSeen = new AtomicIntegerArray(submitters * keysEach);
        AtomicIntegerArray running = new AtomicIntegerArray(submitters * keysEach);
        AtomicInteger wrong = new AtomicInteger();
        CountDownLatch submitted = new CountDownLatch(submitters);
        for (int s = 0; s < submitters; s++) {
            Random random = new Random(seed * 31 + s);
            int first = s * keysEach;
            Thread.startVirtualThread(() -> {
                for (int i = 1; i <= each; i++) {
                    int key = first + random.nextInt(keysEach);
                    int n = i;
                    boolean fails = random.nextInt(10) == 0;
                    Task<?> task = pool.submit(
                            () -> {
                                if (running.incrementAndGet(key) != 1 || lastSeen.getAndSet(key, n) >= n) {
                                    wrong.incrementAndGet();
                                }
                                running.decrementAndGet(key);
                                if (fails) {
                                    throw new IllegalStateException("on purpose");
                                }
                            },
                            TaskOptions.keyed(key));
                    if (random.nextInt(10) == 0) {
                        task.cancel(random.nextBoolean());
                    }
                }
                submitted.countDown();
            });
        }
        submitted.await();
        pool.awaitIdle();
        PoolStats stats = pool.stats();
        pool.close();

        assertThat(wrong).hasValue(0);
        assertThat(stats.submitted()).isEqualTo((long) submitters * each);
        assertThat(stats.completed() + stats.failed() + stats.cancelled()).isEqualTo(stats.submitted());
        assertThat(stats.queued()).isZero();
    }
}
