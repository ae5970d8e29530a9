package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [java.util.concurrent.Executor] and [ExecutorService] say of one task, and of the end.
@Timeout(60)
@SuppressWarnings("NullAway") // nulls are given on purpose
class ExecutorServiceContractTest {
    private static void holdOn() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    @ParameterizedTest
    @EnumSource
    void executesACommandAtSomeTimeInTheFuture(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            CountDownLatch ran = new CountDownLatch(100);
            for (int i = 0; i < 100; i++) {
                pool.execute(ran::countDown);
            }
            ran.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesNulls(PoolKind kind) {
        try (Pool pool = kind.open()) {
            assertThatThrownBy(() -> pool.execute(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.execute(null, TaskOptions.NONE)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.execute(() -> {}, null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit((Runnable) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit((Callable<?>) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit(null, 1)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit((Runnable) null, TaskOptions.NONE))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit((Callable<?>) null, TaskOptions.NONE))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit(() -> 1, null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.tryExecute(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.tryExecute(null, Duration.ZERO)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.tryExecute(() -> {}, null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.awaitTermination(1, null)).isInstanceOf(NullPointerException.class);
            assertThat(pool.stats().submitted()).isZero();
            assertThat(pool.stats().running()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void submitDeliversTheResultOfEachForm(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            AtomicBoolean ran = new AtomicBoolean();
            Runnable task = () -> ran.set(true);
            assertThat(pool.submit(task).get()).isNull();
            assertThat(ran).isTrue();
            assertThat(pool.submit(task, "given").get()).isEqualTo("given");
            assertThat(pool.submit(() -> "made").get()).isEqualTo("made");
            assertThat(pool.submit(() -> (String) null).get()).isNull();
            assertThat(pool.submit(task, (String) null).get()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void submitDeliversWhatWasThrown(PoolKind kind) {
        try (Pool pool = kind.open()) {
            for (Throwable thrown : List.of(
                    new Exception("checked"), new IllegalStateException("unchecked"), new AssertionError("e"))) {
                Future<?> future = pool.submit(() -> {
                    switch (thrown) {
                        case Exception e -> throw e;
                        case Error e -> throw e;
                        default -> throw new AssertionError();
                    }
                });
                assertThatThrownBy(future::get)
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isSameAs(thrown);
            }
            Future<?> runnable = pool.submit((Runnable) () -> {
                throw new IllegalStateException("unchecked");
            });
            assertThatThrownBy(runnable::get).hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shutdownRunsWhatWasSubmittedAndTakesNothingNew(PoolKind kind) throws InterruptedException {
        Pool pool = kind.open();
        AtomicInteger ran = new AtomicInteger();
        try (Held held = Held.fill(pool, 1)) {
            int more = kind == PoolKind.ONE_SLOT ? 10 : 1; // those that have no queue would wait
            for (int i = 0; i < more; i++) {
                pool.execute(ran::incrementAndGet);
            }
            assertThat(pool.isShutdown()).isFalse();
            pool.shutdown();
            pool.shutdown();
            assertThat(pool.isShutdown()).isTrue();
            assertThat(pool.isTerminated()).isFalse();
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> pool.submit(() -> {})).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> pool.submit(() -> {}, 1)).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> pool.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> pool.invokeAll(List.of(() -> 1))).isInstanceOf(RejectedExecutionException.class);
            assertThatThrownBy(() -> pool.invokeAny(List.of(() -> 1))).isInstanceOf(RejectedExecutionException.class);
            held.letGo();
            assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).hasValue(more);
        }
        assertThat(pool.isTerminated()).isTrue();
        assertThat(pool.isShutdown()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void isTerminatedOnlyAfterAShutdown(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            assertThat(pool.isTerminated()).isFalse();
            assertThat(pool.awaitTermination(0, TimeUnit.SECONDS)).isFalse();
            pool.execute(() -> {});
            pool.awaitIdle();
            assertThat(pool.isTerminated()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void awaitTerminationTakesAnyTimeoutAndCanBeRepeated(PoolKind kind) throws InterruptedException {
        Pool pool = kind.open();
        try (Held held = Held.fill(pool, 1)) {
            pool.shutdown();
            assertThat(pool.awaitTermination(0, TimeUnit.NANOSECONDS)).isFalse();
            assertThat(pool.awaitTermination(-1, TimeUnit.DAYS)).isFalse();
            assertThat(pool.awaitTermination(Long.MIN_VALUE, TimeUnit.DAYS)).isFalse();
            assertThat(pool.awaitTermination(1, TimeUnit.MILLISECONDS)).isFalse();
            held.letGo();
        }
        assertThat(pool.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS)).isTrue();
        assertThat(pool.awaitTermination(0, TimeUnit.NANOSECONDS)).isTrue();
        assertThat(pool.awaitTermination(-1, TimeUnit.NANOSECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void awaitTerminationIsInterruptible(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.awaitTermination(1, TimeUnit.HOURS)).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();

            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread waiter = Thread.ofVirtual().start(() -> {
                try {
                    pool.awaitTermination(1, TimeUnit.HOURS);
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            await().until(() -> waiter.getState() == Thread.State.TIMED_WAITING);
            waiter.interrupt();
            waiter.join();
            assertThat(thrown.get()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shutdownNowInterruptsWhatRunsAndReturnsTheRest(PoolKind kind) throws InterruptedException {
        Pool pool = kind.builder().capacity(1).queueCapacity(10).build();
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        pool.execute(() -> {
            started.countDown();
            try {
                holdOn();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        started.await();
        Runnable second = () -> {};
        pool.execute(second);
        Future<?> third = pool.submit(() -> {});
        List<Runnable> neverStarted = pool.shutdownNow();
        assertThat(neverStarted).hasSize(2);
        assertThat(neverStarted.get(0)).isSameAs(second);
        assertThat(neverStarted.get(1)).isSameAs(third);
        assertThat(pool.isShutdown()).isTrue();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        assertThat(interrupted).isTrue();
        assertThat(third.isDone()).isTrue();
        assertThat(pool.shutdownNow()).isEmpty();
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(3);
        assertThat(end.cancelled()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void closeIsIdempotentAndWaits(PoolKind kind) throws InterruptedException {
        Pool pool = kind.open();
        try (Held held = Held.fill(pool, 1)) {
            List<Thread> closers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                closers.add(Thread.ofVirtual().start(pool::close));
            }
            await().until(() -> closers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
            assertThat(pool.isShutdown()).isTrue();
            held.letGo();
            for (Thread closer : closers) {
                closer.join();
            }
        }
        assertThat(pool.isTerminated()).isTrue();
        pool.close();
        assertThat(pool.close(Duration.ZERO).clean()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedCloseStopsTheTasks(PoolKind kind) throws InterruptedException {
        Pool pool = kind.open();
        AtomicBoolean interrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        pool.execute(() -> {
            started.countDown();
            try {
                holdOn();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        started.await();
        Thread.currentThread().interrupt();
        pool.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).isTrue();
        assertThat(pool.isTerminated()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void whatWasDoneBeforeIsSeenAfterwards(PoolKind kind) throws Exception {
        int[] plain = new int[1];
        try (Pool pool = kind.open()) {
            for (int i = 0; i < 500; i++) {
                plain[0]++;
                pool.submit(() -> plain[0]++).get();
            }
            assertThat(plain[0]).isEqualTo(1_000);
            pool.execute(() -> plain[0]++);
        }
        assertThat(plain[0]).as("after the end").isEqualTo(1_001);
    }

    @ParameterizedTest
    @EnumSource
    void noTaskInheritsAnInterrupt(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            List<Boolean> seen = new CopyOnWriteArrayList<>();
            for (int i = 0; i < 200; i++) {
                pool.submit(() -> {
                            seen.add(Thread.currentThread().isInterrupted());
                            Thread.currentThread().interrupt();
                        })
                        .get();
            }
            assertThat(seen).hasSize(200).containsOnly(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptedThreadCanSubmitAndStaysInterrupted(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            Thread.currentThread().interrupt();
            Future<Boolean> interrupted =
                    pool.submit(() -> Thread.currentThread().isInterrupted());
            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted.get()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatSubmitsWhileThePoolShutsDownIsRefusedAndHarmsNobody(PoolKind kind) throws Exception {
        Pool pool = kind.open();
        CountDownLatch shut = new CountDownLatch(1);
        List<Class<?>> refusals = new CopyOnWriteArrayList<>();
        Future<String> task = pool.submit(() -> {
            shut.await();
            List<Callable<?>> ways = List.of(
                    () -> pool.submit(() -> 1).get(),
                    () -> pool.tryExecute(() -> {}),
                    () -> pool.invokeAll(List.of(() -> 1)),
                    () -> pool.invokeAny(List.of(() -> 1)));
            for (Callable<?> way : ways) {
                try {
                    way.call();
                } catch (RejectedExecutionException e) {
                    refusals.add(e.getClass());
                }
            }
            return "done";
        });
        pool.shutdown();
        shut.countDown();
        assertThat(task.get()).isEqualTo("done");
        assertThat(refusals).hasSize(4).containsOnly(PoolClosedException.class);
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theBooksBalanceHoweverItWasUsed(PoolKind kind) throws Exception {
        Pool pool = kind.builder().onFailure((_, _) -> {}).build();
        try (pool) {
            ExecutorService service = pool;
            for (int i = 0; i < 50; i++) {
                service.submit(() -> 1).get();
                service.execute(() -> {
                    throw new IllegalStateException();
                });
                service.invokeAll(List.of(() -> 1, () -> 2));
                service.invokeAny(List.of(() -> 1, () -> 2));
            }
        }
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(end.rejected() + end.completed() + end.failed() + end.cancelled());
        assertThat(end.failed()).isEqualTo(50);
        assertThat(end.rejected()).isZero();
        assertThat(end.running()).isZero();
        assertThat(end.queued()).isZero();
    }
}
