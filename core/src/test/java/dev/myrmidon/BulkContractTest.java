package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [java.util.concurrent.ExecutorService] says of `invokeAll` and `invokeAny`.
@Timeout(60)
@SuppressWarnings("NullAway") // nulls are given on purpose
class BulkContractTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    /// Runs until it is interrupted.
    private int holdOn() throws InterruptedException {
        started.countDown();
        try {
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private static Callable<Integer> failing(String message) {
        return () -> {
            throw new IllegalStateException(message);
        };
    }

    private interface Bulk<T> {
        T call() throws Exception;
    }

    /// What a thread throws that is interrupted in the midst of a call.
    private Throwable thrownWhenInterrupted(Bulk<?> call) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                call.call();
            } catch (Throwable e) {
                thrown.set(e);
            }
        });
        started.await();
        caller.interrupt();
        caller.join();
        return thrown.get();
    }

    @ParameterizedTest
    @EnumSource
    void invokeAllReturnsDoneFuturesInTheOrderOfTheTasks(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                tasks.add(i % 7 == 0 ? failing("" + i) : () -> number);
            }
            for (List<Future<Integer>> futures :
                    List.of(pool.invokeAll(tasks), pool.invokeAll(tasks, 1, TimeUnit.HOURS))) {
                assertThat(futures).hasSize(50).allMatch(Future::isDone).noneMatch(Future::isCancelled);
                for (int i = 0; i < 50; i++) {
                    if (i % 7 == 0) {
                        assertThat(futures.get(i).exceptionNow()).hasMessage("" + i);
                    } else {
                        assertThat(futures.get(i).resultNow()).isEqualTo(i);
                    }
                }
            }
            assertThat(pool.invokeAll(List.<Callable<Integer>>of())).isEmpty();
            assertThat(pool.invokeAll(List.<Callable<Integer>>of(), 0, TimeUnit.SECONDS))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedInvokeAllCancelsWhatHasNotCompleted(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            List<Callable<Integer>> tasks = List.of(() -> 1, this::holdOn, () -> 3);
            List<Future<Integer>> futures;
            do { // until the first has made it in time, and one that holds on has started
                futures = pool.invokeAll(tasks, 200, TimeUnit.MILLISECONDS);
            } while (futures.getFirst().isCancelled() || started.getCount() > 0);
            assertThat(futures).hasSize(3).allMatch(Future::isDone);
            assertThat(futures.get(0).resultNow()).isEqualTo(1);
            assertThat(futures.get(1).isCancelled()).isTrue();
            interrupted.await();
            for (long none : new long[] {0, -1, Long.MIN_VALUE}) {
                List<Future<Integer>> noTime = pool.invokeAll(tasks, none, TimeUnit.SECONDS);
                assertThat(noTime).hasSize(3).allMatch(Future::isCancelled);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "WITH_LISTENER", "ISOLATED", "WITH_START_WITHIN"})
    void timedInvokeAllEndsInTimeWhenThereIsNoRoom(PoolKind kind) throws Exception {
        Pool pool = kind.builder().capacity(1).queueCapacity(0).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            List<Future<Integer>> futures = pool.invokeAll(List.of(() -> 1, () -> 2), 20, TimeUnit.MILLISECONDS);
            assertThat(futures).hasSize(2).allMatch(Future::isCancelled);
            assertThat(pool.stats().waiting()).isZero();
        }
        PoolStats end = pool.stats();
        assertThat(end.submitted()).isEqualTo(end.rejected() + end.completed() + end.failed() + end.cancelled());
    }

    @ParameterizedTest
    @EnumSource(names = {"PLAIN", "WITH_LISTENER", "ISOLATED", "WITH_START_WITHIN"})
    void timedInvokeAnyEndsInTimeWhenThereIsNoRoom(PoolKind kind) throws Exception {
        Pool pool = kind.builder().capacity(1).queueCapacity(0).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.invokeAny(List.of(() -> 1, () -> 2), 20, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(pool.stats().waiting()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptOfInvokeAllCancelsTheTasks(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            assertThat(thrownWhenInterrupted(() -> pool.invokeAll(List.of(this::holdOn, () -> 2))))
                    .isInstanceOf(InterruptedException.class);
            interrupted.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptOfTimedInvokeAllCancelsTheTasks(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            assertThat(thrownWhenInterrupted(() -> pool.invokeAll(List.of(this::holdOn, () -> 2), 1, TimeUnit.HOURS)))
                    .isInstanceOf(InterruptedException.class);
            interrupted.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invokeAllRefusesNullsAndLeavesNothingRunning(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            List<Callable<Integer>> withNull = Arrays.asList(this::holdOn, null);
            Collection<Callable<Integer>> none = null;
            assertThatThrownBy(() -> pool.invokeAll(withNull)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAll(withNull, 1, TimeUnit.HOURS))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAll(List.of(() -> 1), 1, null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAll(none)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAll(none, 1, TimeUnit.HOURS)).isInstanceOf(NullPointerException.class);
            pool.awaitIdle();
        }
    }

    @Test
    void invokeAllThatIsRefusedCancelsWhatItHadSubmitted() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).nonblocking().build()) {
            assertThatThrownBy(() -> pool.invokeAll(List.of(this::holdOn, () -> 2)))
                    .isInstanceOf(PoolSaturatedException.class);
            pool.awaitIdle();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invokeAnyReturnsAResultAndCancelsTheRest(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            assertThat(pool.invokeAny(List.of(failing("no"), () -> 2, this::holdOn)))
                    .isEqualTo(2);
            assertThat(pool.invokeAny(List.of(failing("no"), () -> 2, this::holdOn), 1, TimeUnit.HOURS))
                    .isEqualTo(2);
            assertThat(pool.<String>invokeAny(List.of(() -> null))).isNull();
            pool.awaitIdle();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invokeAnyThrowsIfAllFail(PoolKind kind) {
        try (Pool pool = kind.open()) {
            List<Callable<Integer>> tasks = List.of(failing("no"), failing("no"));
            assertThatThrownBy(() -> pool.invokeAny(tasks))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no");
            assertThatThrownBy(() -> pool.invokeAny(tasks, 1, TimeUnit.HOURS)).isInstanceOf(ExecutionException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timedInvokeAnyThrowsWhenTheTimeIsOver(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            assertThatThrownBy(() -> pool.invokeAny(List.of(this::holdOn), 20, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> pool.invokeAny(List.of(this::holdOn), 0, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> pool.invokeAny(List.of(this::holdOn), -1, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            pool.awaitIdle();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptOfInvokeAnyCancelsTheTasks(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            assertThat(thrownWhenInterrupted(() -> pool.invokeAny(List.of(this::holdOn))))
                    .isInstanceOf(InterruptedException.class);
            interrupted.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void invokeAnyRefusesNullsAndNothing(PoolKind kind) {
        try (Pool pool = kind.open()) {
            Collection<Callable<Integer>> none = null;
            List<Callable<Integer>> withNull = Arrays.asList(() -> 1, null);
            List<Callable<Integer>> empty = List.of();
            assertThatThrownBy(() -> pool.invokeAny(none)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAny(none, 1, TimeUnit.HOURS)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAny(withNull)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAny(List.of(() -> 1), 1, null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAny(empty)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pool.invokeAny(empty, 1, TimeUnit.HOURS))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ISOLATED"},
            mode = EnumSource.Mode.EXCLUDE)
    void bothWorkInsideATaskOnOneSlot(PoolKind kind) throws Exception {
        Pool pool = kind.builder().capacity(1).build();
        try (pool) {
            Future<Integer> sum = pool.submit(() -> {
                List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2);
                int total = pool.invokeAny(List.of(failing("no"), () -> 4));
                for (Future<Integer> each : pool.invokeAll(tasks)) {
                    total += each.get();
                }
                return total;
            });
            assertThat(sum.get()).isEqualTo(7);
        }
    }
}
