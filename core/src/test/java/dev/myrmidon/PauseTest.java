package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `pause`, `resume` and `awaitIdle`.
@Timeout(60)
class PauseTest {
    @Test
    void nothingStartsAndResumeStartsInOrder() throws InterruptedException {
        List<Integer> order = new CopyOnWriteArrayList<>();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(100).build()) {
            assertThat(pool.isPaused()).isFalse();
            pool.pause();
            pool.pause();
            assertThat(pool.isPaused()).isTrue();
            for (int i = 0; i < 100; i++) {
                int number = i;
                pool.execute(() -> order.add(number));
            }
            PoolStats paused = pool.stats();
            assertThat(paused.queued()).isEqualTo(100);
            assertThat(paused.running()).isZero();
            assertThat(paused.workers()).isZero();
            assertThat(order).isEmpty();
            pool.resume();
            assertThat(pool.isPaused()).isFalse();
            pool.resume();
            pool.awaitIdle();
            assertThat(order).isEqualTo(IntStream.range(0, 100).boxed().toList());
        }
    }

    @Test
    void whatRunsGoesOnAndWhatItLeavesIsNotTaken() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(10).build();
        AtomicInteger ran = new AtomicInteger();
        try (pool) {
            Held held = Held.fill(pool, 2);
            for (int i = 0; i < 5; i++) {
                pool.execute(ran::incrementAndGet);
            }
            pool.pause();
            held.letGo();
            await().until(() -> pool.stats().running() == 0);
            assertThat(pool.stats().queued()).isEqualTo(5);
            assertThat(ran).hasValue(0);
            pool.resume();
            await().until(() -> ran.get() == 5);
        }
    }

    @Test
    void aTaskThatRunsMaySubmitOnItsOwnSlot() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch paused = new CountDownLatch(1);
            Future<Integer> outer = pool.submit(() -> {
                started.countDown();
                paused.await();
                return pool.submit(() -> 7).get();
            });
            started.await(); // one that has its slot and hasn't started would go back to the queue
            pool.pause();
            paused.countDown();
            assertThat(outer.get()).isEqualTo(7);
            pool.resume();
        }
    }

    @Test
    void submittersWaitAndAreRefusedAsInASaturatedPool() throws Exception {
        try (Pool blocking = Pool.builder("orders").capacity(5).build();
                Pool nonblocking = Pool.builder("n").capacity(5).nonblocking().build()) {
            blocking.pause();
            nonblocking.pause();
            AtomicBoolean ran = new AtomicBoolean();
            Thread submitter = Thread.ofVirtual().start(() -> blocking.execute(() -> ran.set(true)));
            await().until(() -> blocking.stats().waiting() == 1);
            assertThat(blocking.tryExecute(() -> {})).isFalse();
            assertThat(blocking.tryExecute(() -> {}, Duration.ofMillis(1))).isFalse();
            assertThatThrownBy(() -> nonblocking.execute(() -> {}))
                    .isInstanceOf(PoolSaturatedException.class)
                    .hasMessageStartingWith("n is paused: running=0/5 ");
            assertThat(ran).isFalse();
            blocking.resume();
            submitter.join();
            blocking.awaitIdle();
            assertThat(ran).isTrue();
            nonblocking.resume();
            nonblocking.execute(() -> {});
        }
    }

    @Test
    void aResizeInAPauseHoldsAfterwards() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build()) {
            Held held = new Held();
            pool.pause();
            for (int i = 0; i < 5; i++) {
                pool.execute(held::hold);
            }
            pool.resize(3);
            assertThat(pool.stats().running()).isZero();
            assertThat(pool.isPaused()).isTrue();
            pool.resume();
            held.awaitStarted(3);
            assertThat(pool.stats().running()).isEqualTo(3);
            assertThat(pool.stats().queued()).isEqualTo(2);
            held.letGo();
        }
    }

    @Test
    void shuttingDownEndsAPauseAndDrains() {
        AtomicInteger ran = new AtomicInteger();
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        pool.pause();
        for (int i = 0; i < 10; i++) {
            pool.execute(ran::incrementAndGet);
        }
        pool.close();
        assertThat(ran).hasValue(10);
        assertThat(pool.isPaused()).isFalse();
        pool.pause();
        assertThat(pool.isPaused()).as("no effect any more").isFalse();
        pool.resume();
    }

    @Test
    void shutdownNowTakesBackWhatIsQueuedInAPause() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        pool.pause();
        for (int i = 0; i < 10; i++) {
            pool.execute(() -> {});
        }
        int back = pool.shutdownNow().size();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        // the end of the pause may let some start first
        assertThat(back + pool.stats().completed()).isEqualTo(10);
    }

    @Test
    void aCancelInAPauseFreesThePlace() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            pool.pause();
            Task<?> first = pool.submit(ran::incrementAndGet);
            assertThat(pool.tryExecute(() -> {})).isFalse();
            assertThat(first.cancel(false)).isTrue();
            assertThat(pool.stats().queued()).isZero();
            assertThat(pool.awaitIdle(Duration.ZERO)).isTrue();
            assertThat(pool.tryExecute(() -> ran.addAndGet(10))).isTrue();
            pool.resume();
            pool.awaitIdle();
            assertThat(ran).hasValue(10);
        }
    }

    @Test
    void aTaskThatHadItsSlotIsShedInTimeInAPause() throws Exception {
        for (int round = 0; round < 20; round++) {
            Pool pool = Pool.builder("orders").capacity(50).build();
            try (pool) {
                List<Task<?>> tasks = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    tasks.add(pool.submit(() -> {}, TaskOptions.NONE.startWithin(Duration.ofMillis(20))));
                }
                pool.pause();
                await().until(() -> tasks.stream().allMatch(Task::isDone));
                pool.awaitIdle();
            }
        }
    }

    @Test
    void nothingIsLostWhenPausesAndSubmittersRace() throws Exception {
        AtomicInteger ran = new AtomicInteger();
        Pool pool = Pool.builder("orders").capacity(3).queueCapacity(2).build();
        List<Thread> submitters = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            submitters.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 2_000; i++) {
                    pool.execute(ran::incrementAndGet);
                }
            }));
        }
        while (submitters.stream().anyMatch(Thread::isAlive)) {
            pool.pause();
            Thread.sleep(Duration.ofNanos(10_000));
            pool.resume();
            Thread.sleep(Duration.ofNanos(50_000));
        }
        pool.awaitIdle();
        assertThat(ran).hasValue(8_000);
        pool.close();
    }

    @Test
    void awaitIdleReturnsAtOnceIfThePoolIsIdle() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            pool.awaitIdle();
            assertThat(pool.awaitIdle(Duration.ZERO)).isTrue();
            assertThat(pool.awaitIdle(Duration.ofSeconds(-1))).isTrue();
            assertThat(pool.awaitIdle(Pool.NEVER)).isTrue();
            pool.pause();
            pool.awaitIdle();
        }
    }

    @Test
    void awaitIdleWaitsForWhatRunsIsQueuedAndWaits() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool) {
            AtomicInteger ran = new AtomicInteger();
            Held held = Held.fill(pool, 1);
            pool.execute(ran::incrementAndGet);
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                submitters.add(Thread.ofVirtual().start(() -> pool.execute(ran::incrementAndGet)));
            }
            await().until(() -> pool.stats().waiting() == 3);
            assertThat(pool.awaitIdle(Duration.ZERO)).isFalse();
            assertThat(pool.awaitIdle(Duration.ofMillis(1))).isFalse();
            assertThat(pool.awaitIdle(Duration.ofSeconds(-1))).isFalse();
            List<Integer> seen = new CopyOnWriteArrayList<>();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                waiters.add(Thread.ofVirtual().start(() -> {
                    try {
                        pool.awaitIdle();
                        seen.add(ran.get());
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            await().until(() -> waiters.stream()
                    .allMatch(t -> t.getState() == Thread.State.TIMED_WAITING || t.getState() == Thread.State.WAITING));
            held.letGo();
            for (Thread waiter : waiters) {
                waiter.join();
            }
            assertThat(seen).hasSize(5).containsOnly(4);
            for (Thread submitter : submitters) {
                submitter.join();
            }
        }
    }

    @Test
    void awaitIdleIsInterruptible() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Held _ = Held.fill(pool, 1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(pool::awaitIdle).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.awaitIdle(Duration.ofHours(1))).isInstanceOf(InterruptedException.class);
            AtomicBoolean interrupted = new AtomicBoolean();
            Thread waiter = Thread.ofVirtual().start(() -> {
                try {
                    pool.awaitIdle();
                } catch (InterruptedException e) {
                    interrupted.set(true);
                }
            });
            await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
            waiter.interrupt();
            waiter.join();
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void awaitIdleInATaskOfThePoolThrows() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThatThrownBy(() -> pool.submit(() -> {
                                pool.awaitIdle();
                                return 0;
                            })
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() ->
                            pool.submit(() -> pool.awaitIdle(Duration.ZERO)).get())
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void whoeverAwaitsIdleTakesNoRoomFromANonblockingPool() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(2).nonblocking().build()) {
            Held held = Held.fill(pool, 1);
            Thread waiter = Thread.ofVirtual().start(() -> {
                try {
                    pool.awaitIdle();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
            for (int i = 0; i < 10; i++) {
                CountDownLatch ran = new CountDownLatch(1);
                pool.execute(ran::countDown);
                ran.await();
                await().until(() -> pool.stats().running() == 1);
            }
            assertThat(waiter.isAlive()).isTrue();
            held.letGo();
            waiter.join();
            pool.execute(() -> {});
        }
    }

    @Test
    void anIdleMomentIsSeenThoughOthersGoOnSubmitting() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            for (int round = 0; round < 200; round++) {
                CountDownLatch go = new CountDownLatch(1);
                pool.execute(() -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                AtomicBoolean stop = new AtomicBoolean();
                Thread waiter = Thread.ofVirtual().start(() -> {
                    try {
                        pool.awaitIdle();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                Thread busy = Thread.ofVirtual().start(() -> {
                    while (!stop.get()) {
                        try {
                            pool.submit(() -> {}).get();
                        } catch (InterruptedException | ExecutionException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                });
                go.countDown();
                waiter.join();
                stop.set(true);
                busy.join();
            }
        }
    }

    @Test
    void aWaiterThatGivesUpInAPauseLeavesAnIdlePool() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            pool.pause();
            Thread submitter = Thread.ofVirtual().start(() -> {
                try {
                    pool.tryExecute(() -> {}, Duration.ofHours(1));
                } catch (InterruptedException e) {
                    // it gives up
                }
            });
            await().until(() -> pool.stats().waiting() == 1);
            AtomicBoolean idle = new AtomicBoolean();
            Thread waiter = Thread.ofVirtual().start(() -> {
                try {
                    idle.set(pool.awaitIdle(Duration.ofHours(1)));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
            submitter.interrupt();
            assertThat(waiter.join(Duration.ofSeconds(30))).isTrue();
            assertThat(idle).isTrue();
        }
    }
}
