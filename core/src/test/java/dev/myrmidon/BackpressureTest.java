package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Submitters that find no room: they wait in order, or are refused.
class BackpressureTest {
    private final List<Pool> pools = new ArrayList<>();

    @AfterEach
    void closePools() {
        pools.forEach(Pool::shutdownNow);
        pools.forEach(Pool::close);
    }

    private Pool open(PoolBuilder builder) {
        Pool pool = builder.build();
        pools.add(pool);
        return pool;
    }

    private static void awaitWaiting(Pool pool, int submitters) {
        await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(submitters));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void servesWaitingSubmittersInOrderOfArrival(int queueCapacity) throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).queueCapacity(queueCapacity));
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Thread> submitters = new ArrayList<>();
        try (Held _ = Held.fill(pool, 1)) {
            for (int i = 0; i < 20; i++) {
                int number = i;
                Thread.Builder thread = i % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform();
                submitters.add(thread.start(() -> pool.execute(() -> order.add(number))));
                await().untilAsserted(() -> assertThat(
                                pool.stats().waiting() + pool.stats().queued())
                        .isEqualTo(number + 1));
            }
            assertThat(pool.stats().waiting()).isEqualTo(20 - queueCapacity);
            assertThat(pool.stats().queued()).isEqualTo(queueCapacity);
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        pool.close();
        assertThat(order).isEqualTo(IntStream.range(0, 20).boxed().toList());
    }

    @Test
    void newcomersDontOvertakeThoseThatWait() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1));
        try (Held held = Held.fill(pool, 1);
                Held second = new Held()) {
            Thread waiter = Thread.ofVirtual().start(() -> pool.execute(second::hold));
            awaitWaiting(pool, 1);
            held.letGo();
            second.awaitStarted(1);
            waiter.join();
            assertThat(pool.tryExecute(() -> {})).isFalse();
        }
    }

    @Test
    void refusesTheSubmitterAfterTheLastThatMayWait() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(2).maxBlockingTasks(2));
        try (Held held = Held.fill(pool, 2)) {
            for (int i = 0; i < 2; i++) {
                Thread.ofVirtual().start(held.submitTo(pool));
            }
            awaitWaiting(pool, 2);

            assertThatThrownBy(() -> pool.execute(() -> {}))
                    .isInstanceOfSatisfying(PoolSaturatedException.class, e -> {
                        assertThat(e.running()).isEqualTo(2);
                        assertThat(e.capacity()).isEqualTo(2);
                        assertThat(e.queued()).isZero();
                        assertThat(e.waiting()).isEqualTo(2);
                    })
                    .hasMessage("orders is saturated: running=2/2 queued=0/0 waiting=2/2");
            assertThat(pool.stats().rejected()).isEqualTo(1);
        }
    }

    @Test
    void refusesAtOnceWhenNonblockingAndAcceptsAfterATaskEnded() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).maxBlockingTasks(5).nonblocking());
        try (Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolSaturatedException.class);
            assertThatThrownBy(() -> pool.submit(() -> {})).isInstanceOf(PoolSaturatedException.class);
        }
        await().untilAsserted(() -> assertThat(pool.stats().running()).isZero());
        CountDownLatch ran = new CountDownLatch(1);
        pool.execute(ran::countDown);
        ran.await();
        assertThat(pool.stats().rejected()).isEqualTo(2);
    }

    @Test
    void nonblockingAcceptsAsSoonAsTheTaskHasEnded() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).nonblocking());
        for (int i = 0; i < 2_000; i++) {
            // a slot comes back before anybody can see that its task is over, so no moment of this is too early
            pool.execute(() -> {});
            while (pool.stats().running() > 0) {
                Thread.onSpinWait();
            }
        }
        assertThat(pool.stats().rejected()).isZero();
    }

    @Test
    void whoHasTheResultFindsTheSlotFreeAndTheTaskCounted() throws Exception {
        Pool pool = open(Pool.builder("orders").capacity(1).nonblocking());
        for (int i = 1; i <= 5_000; i++) {
            int number = i;
            assertThat(pool.submit(() -> number).get()).isEqualTo(i);
            assertThat(pool.stats().completed()).isEqualTo(i);
        }
        assertThat(pool.stats().rejected()).isZero();
    }

    @Test
    void waitsAtMostAsLongAsThePolicySays() throws InterruptedException {
        Pool pool = open(
                Pool.builder("orders").capacity(1).whenSaturated(SaturationPolicy.awaitAtMost(Duration.ofMillis(20))));
        try (Held _ = Held.fill(pool, 1)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolSaturatedException.class);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
            assertThat(pool.stats().waiting()).isZero();
        }
    }

    @Test
    void tryExecuteNeverWaitsWhateverThePolicy() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1));
        try (Held _ = Held.fill(pool, 1)) {
            assertThat(pool.tryExecute(() -> {})).isFalse();
            assertThat(pool.tryExecute(() -> {}, Duration.ZERO)).isFalse();
        }
        assertThat(pool.tryExecute(() -> {}, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void timedTryExecuteWaitsForRoom() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).nonblocking());
        try (Held held = Held.fill(pool, 1)) {
            assertThat(pool.tryExecute(() -> {}, Duration.ofMillis(10))).isFalse();
            Thread.ofVirtual().start(() -> {
                awaitWaiting(pool, 1);
                held.letGo();
            });
            CountDownLatch ran = new CountDownLatch(1);
            assertThat(pool.tryExecute(ran::countDown, Pool.NEVER)).isTrue();
            ran.await();
        }
    }

    @Test
    void anInterruptedExecuteIsRefusedAndKeepsTheInterrupt() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1));
        try (Held _ = Held.fill(pool, 1)) {
            for (Runnable submission : List.<Runnable>of(() -> pool.execute(() -> {}), () -> {
                var _ = pool.submit(() -> 1);
            })) {
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                AtomicReference<Boolean> interrupted = new AtomicReference<>();
                Thread submitter = Thread.ofVirtual().start(() -> {
                    try {
                        submission.run();
                    } catch (RejectedExecutionException e) {
                        thrown.set(e);
                    }
                    interrupted.set(Thread.currentThread().isInterrupted());
                });
                awaitWaiting(pool, 1);
                submitter.interrupt();
                submitter.join();
                assertThat(thrown.get())
                        .isExactlyInstanceOf(RejectedExecutionException.class)
                        .hasMessageStartingWith("orders refused a task: its submitter was interrupted while it waited");
                assertThat(interrupted.get()).isTrue();
                assertThat(pool.stats().waiting()).isZero();
            }
            assertThat(pool.stats().rejected()).isEqualTo(2);
        }
    }

    @Test
    void anInterruptedTimedTryExecuteThrows() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1));
        try (Held _ = Held.fill(pool, 1)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread submitter = Thread.ofVirtual().start(() -> {
                try {
                    pool.tryExecute(() -> {}, Duration.ofSeconds(30));
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            awaitWaiting(pool, 1);
            submitter.interrupt();
            submitter.join();
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);

            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofSeconds(30)))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void anInterruptMattersOnlyToThoseThatWait() {
        Pool pool = open(Pool.builder("orders").capacity(1));
        Thread.currentThread().interrupt();
        pool.execute(() -> {});
        assertThat(Thread.interrupted()).isTrue();
        assertThat(pool.stats().rejected()).isZero();
    }

    @Test
    void runsInTheCallerWhenToldSo() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).whenSaturated(SaturationPolicy.callerRuns()));
        try (Held _ = Held.fill(pool, 1)) {
            AtomicReference<Thread> ranOn = new AtomicReference<>();
            pool.execute(() -> ranOn.set(Thread.currentThread()));
            assertThat(ranOn.get()).isSameAs(Thread.currentThread());
            assertThat(pool.stats().completed()).isEqualTo(1);
            assertThat(pool.stats().running()).isEqualTo(1);
        }
    }

    @Test
    void dropsTheOldestWhenToldSo() throws InterruptedException {
        Pool pool =
                open(Pool.builder("orders").capacity(1).queueCapacity(2).whenSaturated(SaturationPolicy.dropOldest()));
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        try (Held _ = Held.fill(pool, 1)) {
            var first = pool.submit(() -> order.add(1));
            var second = pool.submit(() -> order.add(2));
            var third = pool.submit(() -> order.add(3));
            assertThat(first.isCancelled()).isTrue();
            assertThat(second.isDone() || third.isDone()).isFalse();
            assertThat(pool.stats().cancelled()).isEqualTo(1);
            assertThat(pool.stats().queued()).isEqualTo(2);
        }
        pool.close();
        assertThat(order).containsExactly(2, 3);
    }

    @Test
    void oneNewcomerDropsOneTaskThoughOthersWait() throws InterruptedException {
        Pool pool =
                open(Pool.builder("orders").capacity(1).queueCapacity(1).whenSaturated(SaturationPolicy.dropOldest()));
        AtomicInteger ran = new AtomicInteger();
        List<Thread> waiters = new ArrayList<>();
        try (Held _ = Held.fill(pool, 1)) {
            pool.execute(ran::incrementAndGet);
            for (int i = 0; i < 20; i++) {
                waiters.add(Thread.ofVirtual().start(() -> {
                    try {
                        pool.tryExecute(ran::incrementAndGet, Duration.ofHours(1));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            awaitWaiting(pool, 20);
            pool.execute(ran::incrementAndGet);
            assertThat(pool.stats().cancelled()).isEqualTo(1);
            assertThat(pool.stats().waiting()).isEqualTo(20);
        }
        for (Thread waiter : waiters) {
            waiter.join();
        }
        pool.close();
        assertThat(ran.get()).isEqualTo(21);
    }

    @Test
    void cancellingAQueuedTaskFreesItsPlaceAtOnce() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).queueCapacity(1));
        try (Held _ = Held.fill(pool, 1)) {
            var queued = pool.submit(() -> 1);
            Thread waiter = Thread.ofVirtual().start(() -> pool.execute(() -> {}));
            awaitWaiting(pool, 1);
            assertThat(queued.cancel(true)).isTrue();
            waiter.join();
            assertThat(pool.stats().queued()).isEqualTo(1);
            assertThat(pool.stats().waiting()).isZero();
            assertThat(pool.stats().cancelled()).isEqualTo(1);
        }
    }

    @Test
    void asksTheUsersFunctionWhenToldSo() throws InterruptedException {
        List<Runnable> spilled = new ArrayList<>();
        Pool pool = open(Pool.builder("orders").capacity(1).whenSaturated(SaturationPolicy.handle((task, saturated) -> {
            assertThat(saturated.stats().running()).isEqualTo(1);
            spilled.add(task);
        })));
        Runnable task = () -> {};
        try (Held _ = Held.fill(pool, 1)) {
            pool.execute(task);
            assertThat(spilled).containsExactly(task);
            assertThat(pool.stats().rejected()).isEqualTo(1);
        }
    }

    @Test
    void theUsersFunctionMayRunASubmittedTaskItself() throws Exception {
        Pool pool = open(
                Pool.builder("orders").capacity(1).whenSaturated(SaturationPolicy.handle((task, _) -> task.run())));
        try (Held _ = Held.fill(pool, 1)) {
            assertThat(pool.submit(() -> 7).get()).isEqualTo(7);
        }
    }

    @Test
    void whatTheUsersFunctionThrowsReachesTheSubmitter() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).whenSaturated(SaturationPolicy.handle((_, _) -> {
            throw new RejectedExecutionException("come back later");
        })));
        try (Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.execute(() -> {})).hasMessage("come back later");
        }
    }

    @Test
    void queuesWhatHasNoSlotUpToTheQueuesCapacity() throws InterruptedException {
        Pool pool = open(Pool.builder("orders").capacity(1).queueCapacity(3).nonblocking());
        try (Held _ = Held.fill(pool, 1)) {
            for (int i = 0; i < 3; i++) {
                pool.execute(() -> {});
            }
            assertThat(pool.stats().queued()).isEqualTo(3);
            assertThatThrownBy(() -> pool.execute(() -> {}))
                    .hasMessage("orders is saturated: running=1/1 queued=3/3 waiting=0/unbounded");
        }
        pool.close();
        assertThat(pool.stats().completed()).isEqualTo(4);
    }
}
