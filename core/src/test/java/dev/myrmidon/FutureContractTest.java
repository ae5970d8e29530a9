package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What [Future] says, in each state of a task.
@Timeout(60)
@SuppressWarnings("NullAway") // nulls are given on purpose
class FutureContractTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    private int holdOn() throws InterruptedException {
        started.countDown();
        try {
            letGo.await();
            return 1;
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }

    private static void assertRunning(Future<?> future) {
        assertThat(future.isDone()).isFalse();
        assertThat(future.isCancelled()).isFalse();
        assertThat(future.state()).isEqualTo(Future.State.RUNNING);
        assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(-1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(Long.MIN_VALUE, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> future.get(1, null)).isInstanceOf(NullPointerException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(future::get).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).as("cleared by the exception").isFalse();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> future.get(1, TimeUnit.HOURS)).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void assertCancelled(Future<?> future) {
        assertThat(future.isDone()).isTrue();
        assertThat(future.isCancelled()).isTrue();
        assertThat(future.state()).isEqualTo(Future.State.CANCELLED);
        assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> future.get(1, TimeUnit.HOURS)).isInstanceOf(CancellationException.class);
        assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
        assertThat(future.cancel(true)).isFalse();
        assertThat(future.cancel(false)).isFalse();
        assertThat(future.isCancelled()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aSuccess(PoolKind kind) throws Exception {
        try (Pool pool = kind.open()) {
            Future<Integer> future = pool.submit(this::holdOn);
            started.await();
            assertRunning(future);
            letGo.countDown();
            assertThat(future.get()).isEqualTo(1);
            assertThat(future.get(0, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(future.get(-1, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(future.isDone()).isTrue();
            assertThat(future.isCancelled()).isFalse();
            assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
            assertThat(future.resultNow()).isEqualTo(1);
            assertThatThrownBy(future::exceptionNow).isInstanceOf(IllegalStateException.class);
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.cancel(false)).isFalse();
            assertThat(future.isCancelled()).isFalse();
            Thread.currentThread().interrupt();
            assertThat(future.get()).as("nothing to wait for").isEqualTo(1);
            assertThat(future.resultNow()).isEqualTo(1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailure(PoolKind kind) {
        try (Pool pool = kind.open()) {
            IllegalStateException failure = new IllegalStateException("no");
            Future<Integer> future = pool.submit(() -> {
                throw failure;
            });
            assertThatThrownBy(future::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(failure);
            assertThatThrownBy(() -> future.get(0, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            assertThat(future.isDone()).isTrue();
            assertThat(future.isCancelled()).isFalse();
            assertThat(future.state()).isEqualTo(Future.State.FAILED);
            assertThatThrownBy(future::resultNow).isInstanceOf(IllegalStateException.class);
            assertThat(future.exceptionNow()).isSameAs(failure);
            assertThat(future.cancel(true)).isFalse();
            assertThat(future.isCancelled()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelledBeforeTheStart(PoolKind kind) throws InterruptedException {
        Pool pool = kind.builder().capacity(1).queueCapacity(1).build();
        AtomicBoolean ran = new AtomicBoolean();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            for (boolean mayInterrupt : new boolean[] {false, true}) {
                Future<?> future = pool.submit(() -> ran.set(true));
                assertRunning(future);
                assertThat(future.cancel(mayInterrupt)).isTrue();
                assertCancelled(future);
            }
            held.letGo();
        }
        assertThat(ran).isFalse();
        assertThat(pool.stats().cancelled()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void cancelledInTheMidstWithAnInterrupt(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            Future<Integer> future = pool.submit(this::holdOn);
            started.await();
            assertThat(future.cancel(true)).isTrue();
            assertCancelled(future);
            interrupted.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelledInTheMidstWithoutAnInterrupt(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            Future<Integer> future = pool.submit(this::holdOn);
            started.await();
            assertThat(future.cancel(false)).isTrue();
            assertCancelled(future);
            assertThat(pool.stats().running()).as("its code runs on").isEqualTo(1);
            letGo.countDown();
            pool.awaitIdle();
            assertThat(interrupted.getCount()).isEqualTo(1);
            assertCancelled(future);
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoThatCancelOneSucceeds(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            for (int round = 0; round < 100; round++) {
                CountDownLatch go = new CountDownLatch(1);
                Future<?> future = pool.submit(() -> {
                    go.countDown();
                    new CountDownLatch(1).await();
                    return 0;
                });
                AtomicInteger wins = new AtomicInteger();
                AtomicInteger notDone = new AtomicInteger();
                Runnable cancelling = () -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (future.cancel(true)) {
                        wins.incrementAndGet();
                    }
                    if (!future.isDone() || !future.isCancelled()) {
                        notDone.incrementAndGet();
                    }
                };
                List<Thread> cancellers = List.of(
                        Thread.ofVirtual().start(cancelling), Thread.ofVirtual().start(cancelling));
                for (Thread canceller : cancellers) {
                    canceller.join();
                }
                assertThat(wins).hasValue(1);
                assertThat(notDone).hasValue(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isDoneAfterACancelThatCameTooLate(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            for (int round = 0; round < 2_000; round++) {
                Future<Integer> future = pool.submit(() -> 1);
                boolean cancelled = future.cancel(true);
                assertThat(future.isDone()).isTrue();
                assertThat(future.isCancelled()).isEqualTo(cancelled);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWaiterSeesTheCancel(PoolKind kind) throws InterruptedException {
        try (Pool pool = kind.open()) {
            Future<Integer> future = pool.submit(this::holdOn);
            CountDownLatch seen = new CountDownLatch(2);
            for (int i = 0; i < 2; i++) {
                boolean timed = i == 0;
                Thread.ofVirtual().start(() -> {
                    try {
                        if (timed) {
                            future.get(1, TimeUnit.HOURS);
                        } else {
                            future.get();
                        }
                    } catch (CancellationException e) {
                        seen.countDown();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
            started.await();
            future.cancel(true);
            seen.await();
        }
    }
}
