package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.internal.DefaultPool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CloseTest {
    /// Closes a pool with all the time that is needed for what is interrupted to end.
    private static CloseReport closeWithTimeToEnd(Pool pool, Duration patience) {
        return ((DefaultPool) pool).close(patience, Duration.ofHours(1));
    }

    @Test
    void closeWaitsForEverythingThatWasAccepted() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(100).build();
        Held held = Held.fill(pool, 2);
        for (int i = 0; i < 100; i++) {
            pool.execute(ran::incrementAndGet);
        }
        Thread closer = Thread.ofVirtual().start(pool::close);
        await().until(pool::isShutdown);
        assertThat(pool.stats().state()).isEqualTo(PoolStats.State.DRAINING);
        assertThat(pool.isTerminated()).isFalse();
        assertThatThrownBy(() -> pool.execute(() -> {}))
                .isInstanceOf(PoolClosedException.class)
                .hasMessage("orders is closed (DRAINING): running=2/2 queued=100/100 waiting=0/unbounded");

        held.letGo();
        closer.join();

        assertThat(ran.get()).isEqualTo(100);
        assertThat(pool.isTerminated()).isTrue();
        assertThat(pool.stats().state()).isEqualTo(PoolStats.State.TERMINATED);
        assertThat(pool.stats().workers()).isZero();
        assertThatThrownBy(() -> pool.tryExecute(() -> {})).isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofSeconds(9)))
                .isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(PoolClosedException.class);
    }

    @Test
    void submittersThatWaitAreRefusedAndNotReturnedAsTasks() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (Held held = Held.fill(pool, 1)) {
            Runnable queued = () -> {};
            pool.execute(queued);
            List<Throwable> thrown = new CopyOnWriteArrayList<>();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                submitters.add(Thread.ofVirtual().start(() -> {
                    try {
                        pool.execute(held::hold);
                    } catch (PoolClosedException e) {
                        thrown.add(e);
                    }
                }));
            }
            await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(5));

            assertThat(pool.shutdownNow()).containsExactly(queued);

            for (Thread submitter : submitters) {
                submitter.join();
            }
            assertThat(thrown).hasSize(5);
        }
        pool.close();
        PoolStats end = pool.stats();
        assertThat(end.rejected()).isEqualTo(5);
        assertThat(end.cancelled()).isEqualTo(1);
        assertThat(end.completed()).isEqualTo(1);
    }

    @Test
    void shutdownNowInterruptsWhatRunsAndReturnsWhatNeverStarted() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        pool.execute(() -> {
            started.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        started.await();
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(pool.submit(() -> {}));
        }

        List<Runnable> neverStarted = pool.shutdownNow();

        assertThat(neverStarted).hasSize(3).isEqualTo(futures);
        assertThat(futures).allMatch(Future::isCancelled);
        interrupted.await();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.shutdownNow()).isEmpty();
        assertThat(pool.stats().cancelled()).isEqualTo(3);
        assertThat(pool.stats().completed()).isEqualTo(1);
    }

    @Test
    void closeWithADeadlineDrainsWhatEndsInTime() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(4).queueCapacity(100).build();
        for (int i = 0; i < 50; i++) {
            pool.execute(() -> {});
        }
        long before = pool.stats().completed();

        CloseReport report = pool.close(Duration.ofSeconds(30));

        assertThat(report.name()).isEqualTo("orders");
        assertThat(report.clean()).isTrue();
        assertThat(report.completed()).isLessThanOrEqualTo(50 - before);
        assertThat(report.neverStarted()).isEmpty();
        assertThat(report.stillRunning()).isEmpty();
        assertThat(report.elapsed()).isPositive();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(pool.stats().completed()).isEqualTo(50);
    }

    @Test
    void closeWithADeadlineTellsWhatWasDroppedAndWhatRunsOn() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(10).build();
        try (Held stubborn = new Held();
                Held pliant = new Held()) {
            Future<?> runsOn = pool.submit(stubborn::holdStubbornly);
            pool.execute(pliant::hold);
            stubborn.awaitStarted(1);
            pliant.awaitStarted(1);
            Future<?> neverStarts = pool.submit(() -> {});

            AtomicReference<CloseReport> told = new AtomicReference<>();
            Thread closer = Thread.ofVirtual().start(() -> told.set(closeWithTimeToEnd(pool, Duration.ofMillis(10))));
            await().until(() -> pool.stats().running() == 1);
            closer.interrupt(); // no need to wait for the other one
            closer.join();
            CloseReport report = told.get();

            assertThat(report.clean()).isFalse();
            assertThat(report.completed()).as("the one that took the interrupt").isEqualTo(1);
            assertThat(report.cancelled()).isEqualTo(1);
            assertThat(report.neverStarted())
                    .extracting(TaskReport::name)
                    .containsExactly("orders/dev.myrmidon.CloseTest$$Lambda");
            assertThat(report.interrupted()).hasSize(2);
            assertThat(report.stillRunning()).singleElement().satisfies(task -> {
                assertThat(task.name()).isEqualTo("orders/dev.myrmidon.CloseTest$$Lambda");
                assertThat(task.age()).isGreaterThanOrEqualTo(Duration.ofMillis(10));
                assertThat(task.stack())
                        .extracting(StackTraceElement::getMethodName)
                        .contains("holdStubbornly");
                assertThat(task).asString().contains("ms at dev.myrmidon").contains("Held.holdStubbornly");
            });
            assertThat(runsOn).as("completed though the task runs on").isCancelled();
            assertThat(neverStarts).isCancelled();
            assertThat(pool.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
            assertThat(pool.stats().state()).isEqualTo(PoolStats.State.STOPPING);
            assertThat(pool.stats().running()).isEqualTo(1);

            stubborn.letGo();
            CloseReport second = pool.close(Duration.ofSeconds(30));
            assertThat(second.stillRunning()).isEmpty();
        }
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(3);
        assertThat(end.completed()).isEqualTo(1);
        assertThat(end.cancelled()).isEqualTo(2);
    }

    @Test
    void aSubmittedTaskThatTheDeadlineInterruptsIsCancelledHoweverItTakesIt() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Pool pool = Pool.builder("orders").capacity(1).build();
            CountDownLatch started = new CountDownLatch(1);
            Future<?> task = pool.submit(() -> {
                started.countDown();
                new CountDownLatch(1).await();
                return null;
            });
            started.await();
            CloseReport report = closeWithTimeToEnd(pool, Duration.ZERO);
            assertThat(task).isCancelled();
            assertThat(report.clean()).isFalse();
            assertThat(report.interrupted()).hasSize(1);
            assertThat(report.stillRunning()).isEmpty();
            assertThat(report.cancelled()).isEqualTo(1);
        }
    }

    @Test
    void aTaskThatTakesTheInterruptAndReturnsMakesTheCloseNoCleanOne() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        Held.fill(pool, 1);
        CloseReport report = closeWithTimeToEnd(pool, Duration.ZERO);
        assertThat(report.completed()).isEqualTo(1);
        assertThat(report.clean()).isFalse();
    }

    @Test
    void namesTasksThatRunInsideOthers() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (Held stubborn = new Held()) {
            CountDownLatch started = new CountDownLatch(1);
            Future<?> outer = pool.submit(() -> pool.execute(() -> {
                started.countDown();
                stubborn.holdStubbornly();
            }));
            started.await();
            CloseReport report = pool.close(Duration.ZERO);
            assertThat(report.stillRunning()).hasSize(2);
            assertThat(outer).isCancelled();
        }
        pool.close();
    }

    @Test
    void closingFromOneOfItsOwnTasksThrowsInsteadOfWaitingForItself() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            for (Runnable closing : List.<Runnable>of(pool::close, () -> pool.close(Duration.ofSeconds(30)))) {
                assertThatThrownBy(() -> pool.submit(closing).get())
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("orders can't be closed from one of its own tasks, which would wait for itself");
            }
            assertThat(pool.isShutdown()).isFalse();
        }
    }

    @Test
    void shutdownFromOneOfItsOwnTasksWorks() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build();
        AtomicInteger ran = new AtomicInteger();
        try (Held _ = Held.fill(pool, 1)) {
            pool.execute(pool::shutdown);
            pool.execute(ran::incrementAndGet);
        }
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(ran.get()).isEqualTo(1);
    }

    @Test
    void closeIsIdempotentFromManyThreads() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Pool pool = Pool.builder("orders").capacity(10).build();
            AtomicInteger ran = new AtomicInteger();
            for (int i = 0; i < 20; i++) {
                pool.execute(ran::incrementAndGet);
            }
            List<Thread> closers = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                closers.add(
                        Thread.ofVirtual().start(i % 2 == 0 ? pool::close : () -> pool.close(Duration.ofSeconds(30))));
            }
            for (Thread closer : closers) {
                closer.join();
            }
            assertThat(ran.get()).isEqualTo(20);
            assertThat(pool.awaitTermination(0, TimeUnit.NANOSECONDS)).isTrue();
            assertThat(pool.awaitTermination(0, TimeUnit.NANOSECONDS)).isTrue();
            pool.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptedCloseInterruptsTheTasksAndKeepsTheInterrupt(boolean withDeadline) throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        Held.fill(pool, 1);
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicBoolean terminated = new AtomicBoolean();
        Thread closer = Thread.ofVirtual().start(() -> {
            if (withDeadline) {
                closeWithTimeToEnd(pool, Duration.ofHours(1));
            } else {
                pool.close();
            }
            terminated.set(pool.isTerminated());
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(pool::isShutdown);
        closer.interrupt();
        assertThat(closer.join(Duration.ofSeconds(30))).isTrue();
        assertThat(terminated.get()).isTrue();
        assertThat(interrupted.get()).isTrue();
    }

    @Test
    void aFutureOfTheUsersThatFailsToBeCancelledHarmsNobodyElse() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build();
        Held.fill(pool, 1);
        pool.execute(new FutureTask<>(() -> 1) {
            @Override
            protected void done() {
                throw new IllegalStateException("done failed");
            }
        });
        Future<Integer> last = pool.submit(() -> 2);
        CloseReport report = closeWithTimeToEnd(pool, Duration.ZERO);
        assertThat(last).isCancelled();
        assertThat(report.neverStarted()).hasSize(2);
        assertThat(report.interrupted()).hasSize(1);
        assertThat(pool.isTerminated()).isTrue();
    }

    /// What has its slot and no worker yet is taken back too, and so is what is in line behind it.
    @Test
    void theBooksAreExactAsSoonAsThePoolHasEnded() throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            Pool pool = Pool.builder("orders").capacity(5).queueCapacity(100).build();
            AtomicInteger started = new AtomicInteger();
            for (int i = 0; i < 60; i++) {
                pool.execute(started::incrementAndGet);
            }
            Thread stopper = Thread.ofPlatform().start(pool::shutdownNow);
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            PoolStats end = pool.stats();
            assertThat(end.completed()).isEqualTo(started.get());
            assertThat(end.completed() + end.cancelled()).isEqualTo(60);
            stopper.join();
        }
    }

    @Test
    void anUnusedPoolEndsAtOnce() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        pool.shutdown();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(pool.awaitTermination(0, TimeUnit.SECONDS)).isTrue();
    }
}
