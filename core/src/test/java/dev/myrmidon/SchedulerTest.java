package dev.myrmidon;

import static java.util.concurrent.TimeUnit.DAYS;
import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tasks that run later, once or again and again.
@Timeout(60)
class SchedulerTest {
    private static final Callable<Integer> ONE = () -> 1;

    private static Pool pool(int capacity) {
        return Pool.builder("orders").capacity(capacity).build();
    }

    private static void acquire(Semaphore semaphore, int permits) throws InterruptedException {
        assertThat(semaphore.tryAcquire(permits, 30, SECONDS)).isTrue();
    }

    @Test
    void aTaskRunsOnceAndNotBeforeItIsDue() throws Exception {
        Pool pool = pool(1);
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (pool) {
            long start = System.nanoTime();
            ScheduledFuture<Long> future = pool.scheduler()
                    .schedule(
                            () -> {
                                long began = System.nanoTime();
                                runs.incrementAndGet();
                                mayEnd.await();
                                return began;
                            },
                            30,
                            MILLISECONDS);
            assertThat(future.isDone()).isFalse();
            mayEnd.countDown();
            assertThat(future.get(30, SECONDS) - start).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(30));
            assertThat(future.state()).isEqualTo(Future.State.SUCCESS);
            ScheduledFuture<?> command = pool.scheduler().schedule(() -> {}, 1, MILLISECONDS);
            assertThat(command.get(30, SECONDS)).isNull();
        }
        assertThat(runs).hasValue(1);
        assertThat(pool.stats().completed()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aDelayThatHasPassedIsNow(long delay) throws Exception {
        try (Pool pool = pool(1)) {
            assertThat(pool.scheduler().schedule(ONE, delay, DAYS).get(30, SECONDS))
                    .isEqualTo(1);
            Semaphore runs = new Semaphore(0);
            Runnable run = runs::release;
            var _ = pool.scheduler().scheduleAtFixedRate(run, delay, 1, DAYS);
            var _ = pool.scheduler().scheduleWithFixedDelay(run, delay, 1, DAYS);
            acquire(runs, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 2, 1_000_000})
    void aDelayThatIsTooLongForNanosecondsIsLong(long delay) throws Exception {
        Pool pool = pool(1);
        try (pool) {
            ScheduledFuture<Integer> far = pool.scheduler().schedule(ONE, delay, DAYS);
            ScheduledFuture<?> periodic = pool.scheduler().scheduleAtFixedRate(() -> {}, 0, delay, DAYS);
            ScheduledFuture<Integer> past = pool.scheduler().schedule(ONE, Long.MIN_VALUE, DAYS);
            ScheduledFuture<Integer> near = pool.scheduler().schedule(ONE, 1, MILLISECONDS);
            assertThat(near.get(30, SECONDS)).isEqualTo(1);
            assertThat(past.get(30, SECONDS)).isEqualTo(1);
            assertThat(far.isDone()).isFalse();
            assertThat(far.getDelay(DAYS)).isBetween(365L * 145, 365L * 147);
            assertThat(far.compareTo(near)).isPositive();
            assertThat(near.compareTo(far)).isNegative();
            assertThat(far.compareTo(past)).isPositive();
            await().untilAsserted(() -> assertThat(periodic.getDelay(DAYS)).isGreaterThan(365L * 145));
            assertThat(periodic.compareTo(near)).isPositive();
        }
        assertThat(pool.stats().completed()).isEqualTo(3);
    }

    @Test
    void badArgumentsAreRefused() {
        try (Pool pool = pool(1)) {
            ScheduledExecutorService s = pool.scheduler();
            Runnable run = () -> {};
            assertThatNullPointerException().isThrownBy(() -> s.schedule((Runnable) null, 1, SECONDS));
            assertThatNullPointerException().isThrownBy(() -> s.schedule((Callable<?>) null, 1, SECONDS));
            assertThatNullPointerException().isThrownBy(() -> s.schedule(run, 1, null));
            assertThatNullPointerException().isThrownBy(() -> s.schedule(ONE, 1, null));
            assertThatNullPointerException().isThrownBy(() -> s.scheduleAtFixedRate(null, 1, 1, SECONDS));
            assertThatNullPointerException().isThrownBy(() -> s.scheduleAtFixedRate(run, 1, 1, null));
            assertThatNullPointerException().isThrownBy(() -> s.scheduleWithFixedDelay(null, 1, 1, SECONDS));
            assertThatNullPointerException().isThrownBy(() -> s.scheduleWithFixedDelay(run, 1, 1, null));
            assertThatThrownBy(() -> s.scheduleAtFixedRate(run, 1, 0, SECONDS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("period must be positive, was 0");
            assertThatThrownBy(() -> s.scheduleWithFixedDelay(run, 1, -1, SECONDS))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("delay must be positive, was -1");
            assertThat(pool.shutdownNow()).isEmpty();
        }
    }

    @Test
    void aFixedRateStartsAtItsTimesOneExecutionAfterTheOther() throws Exception {
        try (Pool pool = pool(4)) {
            List<Long> starts = new CopyOnWriteArrayList<>();
            AtomicInteger atOnce = new AtomicInteger();
            AtomicBoolean overlapped = new AtomicBoolean();
            Semaphore runs = new Semaphore(0);
            CountDownLatch firstMayEnd = new CountDownLatch(1);
            long begin = System.nanoTime();
            ScheduledFuture<?> future = pool.scheduler()
                    .scheduleAtFixedRate(
                            () -> {
                                overlapped.compareAndSet(false, atOnce.incrementAndGet() > 1);
                                starts.add(System.nanoTime() - begin);
                                runs.release();
                                awaitQuietly(firstMayEnd);
                                atOnce.decrementAndGet();
                            },
                            5,
                            5,
                            MILLISECONDS);
            acquire(runs, 1);
            await().pollDelay(Duration.ofMillis(30)).until(() -> true); // others fall due meanwhile
            assertThat(starts).hasSize(1);
            firstMayEnd.countDown();
            acquire(runs, 9);
            assertThat(future.cancel(false)).isTrue();
            assertThat(overlapped).isFalse();
            for (int i = 0; i < 10; i++) {
                assertThat(starts.get(i)).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(5L * (i + 1)));
            }
        }
    }

    @Test
    void aFixedDelayIsCountedFromTheEndOfAnExecution() throws Exception {
        try (Pool pool = pool(4)) {
            List<Long> starts = new CopyOnWriteArrayList<>();
            List<Long> ends = new CopyOnWriteArrayList<>();
            Semaphore runs = new Semaphore(0);
            ScheduledFuture<?> future = pool.scheduler()
                    .scheduleWithFixedDelay(
                            () -> {
                                starts.add(System.nanoTime());
                                long until = System.nanoTime() + 3_000_000;
                                while (System.nanoTime() - until < 0) {
                                    Thread.onSpinWait();
                                }
                                ends.add(System.nanoTime());
                                runs.release();
                            },
                            0,
                            5,
                            MILLISECONDS);
            acquire(runs, 5);
            future.cancel(false);
            for (int i = 1; i < 5; i++) {
                assertThat(starts.get(i) - ends.get(i - 1)).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(5));
            }
        }
    }

    @Test
    void anExecutionThatThrowsIsTheLastAndTheHandlerIsTold() throws Exception {
        List<Throwable> told = new CopyOnWriteArrayList<>();
        AtomicInteger runs = new AtomicInteger();
        Pool pool = Pool.builder("orders")
                .capacity(2)
                .onFailure((_, failure) -> told.add(failure))
                .build();
        AssertionError error = new AssertionError("third");
        try (pool) {
            ScheduledFuture<?> future = pool.scheduler()
                    .scheduleAtFixedRate(
                            () -> {
                                if (runs.incrementAndGet() == 3) {
                                    throw error;
                                }
                            },
                            0,
                            1,
                            MILLISECONDS);
            assertThatThrownBy(() -> future.get(30, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(error);
            assertThat(future.isDone()).isTrue();
            assertThat(future.isCancelled()).isFalse();
            ScheduledFuture<?> once = pool.scheduler()
                    .schedule(
                            () -> {
                                throw new IllegalStateException("once");
                            },
                            5,
                            MILLISECONDS);
            assertThatThrownBy(() -> once.get(30, SECONDS)).hasRootCauseMessage("once");
        }
        assertThat(runs).hasValue(3);
        assertThat(told).as("the future of a task that runs once is enough").containsExactly(error);
        assertThat(pool.stats().failed()).isEqualTo(2);
    }

    @Test
    void anExecutionThatTimesOutIsTheLast() {
        Pool pool = Pool.builder("orders")
                .capacity(2)
                .taskTimeout(Duration.ofMillis(5))
                .onFailure((_, _) -> {})
                .build();
        try (pool) {
            ScheduledFuture<?> future =
                    pool.scheduler().scheduleAtFixedRate(() -> awaitQuietly(new CountDownLatch(1)), 0, 1, MILLISECONDS);
            assertThatThrownBy(() -> future.get(30, SECONDS)).hasCauseInstanceOf(TaskTimeoutException.class);
        }
        assertThat(pool.stats().timedOut()).isEqualTo(1);
        assertThat(pool.stats().submitted()).isEqualTo(1);
    }

    @Test
    void aCancelledTaskNeverRuns() throws Exception {
        Pool pool = pool(1);
        try (pool) {
            AtomicInteger runs = new AtomicInteger();
            ScheduledFuture<?> soon = pool.scheduler().schedule(runs::incrementAndGet, 1, HOURS);
            assertThat(soon.cancel(false)).isTrue();
            assertThat(soon.cancel(false)).isFalse();
            assertThat(soon.isCancelled()).isTrue();
            assertThatThrownBy(soon::get).isInstanceOf(CancellationException.class);
            ((Runnable) soon).run(); // as the timer does that was on its way already
            pool.scheduler().schedule(() -> {}, 1, MILLISECONDS).get();
            assertThat(runs).hasValue(0);
        }
        assertThat(pool.stats().submitted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cancellingAPeriodicTaskEndsItAndInterruptsItIfWanted(boolean interrupt) throws Exception {
        Pool pool = pool(2);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        AtomicInteger runs = new AtomicInteger();
        try (pool) {
            ScheduledFuture<?> future = pool.scheduler()
                    .scheduleWithFixedDelay(
                            () -> {
                                runs.incrementAndGet();
                                started.countDown();
                                interrupted.complete(awaitQuietly(letGo));
                            },
                            0,
                            1,
                            NANOSECONDS);
            started.await();
            assertThat(future.cancel(interrupt)).isTrue();
            if (!interrupt) {
                letGo.countDown();
            }
            assertThat(interrupted.get(30, SECONDS)).isEqualTo(interrupt);
            pool.awaitIdle();
            pool.scheduler().schedule(() -> {}, 5, MILLISECONDS).get();
        }
        assertThat(runs).hasValue(1);
        assertThat(pool.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void cancellingAQueuedExecutionFreesItsPlace() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            ScheduledFuture<Integer> queued = pool.scheduler().schedule(ONE, 0, SECONDS);
            await().until(() -> pool.stats().queued() == 1);
            assertThat(queued.cancel(false)).isTrue();
            assertThat(pool.stats().queued()).isZero();
        }
        assertThat(pool.stats().cancelled()).isEqualTo(1);
    }

    @Test
    void futuresKnowTheirDelayAndTheirOrder() {
        try (Pool pool = pool(1)) {
            ScheduledExecutorService s = pool.scheduler();
            ScheduledFuture<?> first = s.schedule(ONE, 1, HOURS);
            ScheduledFuture<?> second = s.schedule(ONE, 2, HOURS);
            assertThat(first.getDelay(MILLISECONDS)).isBetween(HOURS.toMillis(1) - 60_000, HOURS.toMillis(1));
            assertThat(first.compareTo(second)).isNegative();
            assertThat(second.compareTo(first)).isPositive();
            ScheduledFuture<?> same = first;
            assertThat(first.compareTo(same)).isZero();
            assertThat(first.toString())
                    .startsWith("orders/dev.myrmidon.SchedulerTest")
                    .contains("due in 3");
        }
    }

    @Test
    void dueTasksWaitForRoomInOrderAndHoldNobodyUp() throws Exception {
        try (Pool pool = pool(1);
                Pool other = pool(1);
                Held held = Held.fill(pool, 1)) {
            List<Integer> order = new CopyOnWriteArrayList<>();
            List<ScheduledFuture<?>> futures = new ArrayList<>();
            futures.add(pool.scheduler().schedule(() -> order.add(0), 1, MILLISECONDS));
            await().until(() -> pool.stats().waiting() == 1);
            for (int i : new int[] {3, 1, 2}) {
                ScheduledFuture<?> future = pool.scheduler().schedule(() -> order.add(i), i, HOURS);
                ((Runnable) future).run(); // as the timer does, which may take its time
                futures.add(future);
            }
            other.scheduler().schedule(() -> {}, 1, MILLISECONDS).get(30, SECONDS);
            assertThat(pool.stats().waiting()).isEqualTo(1);
            assertThat(order).isEmpty();
            held.letGo();
            for (ScheduledFuture<?> future : futures) {
                future.get(30, SECONDS);
            }
            assertThat(order).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void whatIsNotDueCountsNowhereAndHasNoThread() throws Exception {
        try (Pool pool = pool(1)) {
            ScheduledFuture<?> far = pool.scheduler().schedule(ONE, 1, HOURS);
            assertThat(pool.awaitIdle(Duration.ZERO)).isTrue();
            PoolStats stats = pool.stats();
            assertThat(stats.submitted()).isZero();
            assertThat(stats.waiting()).isZero();
            assertThat(stats.workers()).isZero();
            assertThat(far.isDone()).isFalse();
        }
    }

    @Test
    void listenersLearnOfATaskWhenItIsDueAndOfEachExecution() throws Exception {
        List<PoolEvent> events = new CopyOnWriteArrayList<>();
        try (Pool pool =
                Pool.builder("orders").capacity(1).listener(events::add).build()) {
            ScheduledFuture<Integer> soon = pool.scheduler().schedule(ONE, 1, HOURS);
            assertThat(events).isEmpty();
            soon.cancel(false);
            assertThat(events).isEmpty();
            pool.scheduler().schedule(ONE, 1, MILLISECONDS).get(30, SECONDS);
            await().until(() -> events.size() == 3);
            assertThat(events)
                    .hasExactlyElementsOfTypes(
                            PoolEvent.Submitted.class, PoolEvent.Started.class, PoolEvent.Ended.class);
            events.clear();
            CountDownLatch twice = new CountDownLatch(2);
            ScheduledFuture<?> periodic = pool.scheduler().scheduleAtFixedRate(twice::countDown, 0, 1, MILLISECONDS);
            twice.await();
            periodic.cancel(false);
            assertThat(events).filteredOn(PoolEvent.Started.class::isInstance).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aPausedPoolKeepsDueTasksUntilItGoesOn() throws Exception {
        try (Pool pool = pool(1)) {
            pool.pause();
            ScheduledFuture<Integer> due = pool.scheduler().schedule(ONE, 0, MILLISECONDS);
            await().until(() -> pool.stats().waiting() == 1);
            assertThat(due.isDone()).isFalse();
            pool.resume();
            assertThat(due.get(30, SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void theTimeToTheStartCountsFromWhenATaskIsDue() throws Exception {
        AtomicReference<Task<?>> submitted = new AtomicReference<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Submitted it) {
                        submitted.set(it.task());
                    }
                })
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            pool.reconfigure(
                    pool.config().toBuilder().startWithin(Duration.ofMillis(20)).config());
            long scheduled = System.nanoTime();
            ScheduledFuture<Integer> late = pool.scheduler().schedule(ONE, 50, MILLISECONDS);
            assertThatThrownBy(() -> late.get(30, SECONDS)).isInstanceOf(CancellationException.class);
            TaskTimes times = submitted.get().times();
            assertThat(times.submitted() - scheduled).isGreaterThanOrEqualTo(MILLISECONDS.toNanos(50));
            assertThat(times.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
        }
        assertThat(pool.stats().shed()).isEqualTo(1);
    }

    @Test
    void aFloodOfDueTasksIsRun() throws Exception {
        int tasks = 20_000;
        CountDownLatch ran = new CountDownLatch(tasks);
        Pool pool = pool(3);
        try (pool) {
            for (int i = 0; i < tasks; i++) {
                var _ = pool.scheduler().schedule(ran::countDown, i % 50, MILLISECONDS);
            }
            assertThat(ran.await(30, SECONDS)).isTrue();
        }
        assertThat(pool.stats().completed()).isEqualTo(tasks);
    }

    @Test
    void aRefusalEndsATaskThatRunsOnce() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            ScheduledFuture<Integer> future = pool.scheduler().schedule(ONE, 1, MILLISECONDS);
            assertThatThrownBy(() -> future.get(30, SECONDS)).hasCauseInstanceOf(PoolSaturatedException.class);
        }
        assertThat(pool.stats().rejected()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedExecutionOfAPeriodicTaskIsSkipped(boolean fixedRate) throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
        Semaphore runs = new Semaphore(0);
        try (pool) {
            ScheduledFuture<?> future;
            try (Held _ = Held.fill(pool, 1)) {
                future = fixedRate
                        ? pool.scheduler().scheduleAtFixedRate(runs::release, 0, 1, MILLISECONDS)
                        : pool.scheduler().scheduleWithFixedDelay(runs::release, 0, 1, MILLISECONDS);
                await().until(() -> pool.stats().rejected() >= 3);
                assertThat(runs.availablePermits()).isZero();
                assertThat(future.isDone()).isFalse();
            }
            acquire(runs, 3);
            future.cancel(false);
        }
    }

    @Test
    void aShedExecutionOfAPeriodicTaskIsSkipped() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        Semaphore runs = new Semaphore(0);
        try (pool) {
            ScheduledFuture<?> future;
            try (Held _ = Held.fill(pool, 1)) {
                future = pool.scheduler().scheduleAtFixedRate(runs::release, 0, 1, MILLISECONDS);
                await().until(() -> pool.stats().queued() == 1);
                pool.execute(() -> {});
                assertThat(pool.stats().shed()).isGreaterThanOrEqualTo(1);
                assertThat(future.isDone()).isFalse();
            }
            acquire(runs, 3);
            future.cancel(false);
        }
    }

    @Test
    void aHandlerGetsWhatFindsNoRoomAndThePeriodicTaskGoesOn() throws Exception {
        List<Runnable> handled = new CopyOnWriteArrayList<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.handle((task, _) -> {
                    handled.add(task);
                    Thread.currentThread().interrupt(); // is not to reach the next one
                }))
                .build();
        Semaphore runs = new Semaphore(0);
        Runnable run = runs::release;
        try (pool) {
            ScheduledFuture<?> periodic;
            ScheduledFuture<Integer> once;
            try (Held _ = Held.fill(pool, 1)) {
                periodic = pool.scheduler().scheduleAtFixedRate(run, 0, 1, MILLISECONDS);
                await().until(() -> handled.size() >= 3);
                assertThat(handled).containsOnly(run);
                once = pool.scheduler().schedule(ONE, 0, MILLISECONDS);
                await().until(() -> handled.stream().anyMatch(task -> !task.equals(run)));
            }
            acquire(runs, 1);
            periodic.cancel(false);
            assertThat(once.isDone()).as("kept by the handler").isFalse();
            handled.stream().filter(task -> !task.equals(run)).forEach(Runnable::run);
            assertThat(once.get(30, SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void whereCallersRunTasksADueTaskWaitsForRoom() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            AtomicReference<Thread> runner = new AtomicReference<>();
            ScheduledFuture<?> future =
                    pool.scheduler().schedule(() -> runner.set(Thread.currentThread()), 0, MILLISECONDS);
            await().until(() -> pool.stats().waiting() == 1);
            assertThat(future.isDone()).isFalse();
            held.letGo();
            future.get(30, SECONDS);
            assertThat(runner.get().getName()).startsWith("orders-").isNotEqualTo("orders-delayed");
        }
    }

    @Test
    void shutdownCancelsWhatIsNotDueAndCloseDoesNotWaitForIt() {
        Pool pool = pool(1);
        ScheduledFuture<Integer> once = pool.scheduler().schedule(ONE, 1, HOURS);
        ScheduledFuture<?> periodic = pool.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, HOURS);
        pool.close();
        assertThat(once.isCancelled()).isTrue();
        assertThat(periodic.isCancelled()).isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThatThrownBy(() -> pool.scheduler().schedule(ONE, 0, HOURS))
                .isInstanceOf(PoolClosedException.class)
                .hasMessageContaining("orders is closed");
        assertThatThrownBy(() -> pool.scheduler().scheduleAtFixedRate(() -> {}, 0, 1, HOURS))
                .isInstanceOf(PoolClosedException.class);
        assertThat(pool.stats().submitted()).isZero();
    }

    @Test
    void shutdownLetsWhatWasAcceptedRunAndCancelsWhatWaitsForRoom() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            ScheduledFuture<Integer> queued = pool.scheduler().schedule(ONE, 0, SECONDS);
            await().until(() -> pool.stats().queued() == 1);
            ScheduledFuture<Integer> waiting = pool.scheduler().schedule(ONE, 0, SECONDS);
            await().until(() -> pool.stats().waiting() == 1);
            ScheduledFuture<Integer> behind = pool.scheduler().schedule(ONE, 0, SECONDS);
            pool.shutdown();
            for (ScheduledFuture<?> future : List.of(waiting, behind)) {
                assertThatThrownBy(() -> future.get(30, SECONDS)).isInstanceOf(CancellationException.class);
            }
            assertThat(queued.isDone()).isFalse();
            held.letGo();
            assertThat(queued.get(30, SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void aPeriodicTaskThatRunsAtShutdownEndsWithThisExecution() throws Exception {
        Pool pool = pool(1);
        Held held = new Held();
        AtomicInteger runs = new AtomicInteger();
        ScheduledFuture<?> future = pool.scheduler()
                .scheduleAtFixedRate(
                        () -> {
                            runs.incrementAndGet();
                            held.hold();
                        },
                        0,
                        1,
                        MILLISECONDS);
        held.awaitStarted(1);
        pool.shutdown();
        assertThat(future.isDone()).isFalse();
        held.letGo();
        assertThatThrownBy(() -> future.get(30, SECONDS)).isInstanceOf(CancellationException.class);
        pool.close();
        assertThat(runs).hasValue(1);
        assertThat(pool.stats().completed()).isEqualTo(1);
    }

    @Test
    void shutdownNowReturnsWhatItCancelledAfterWhatThePoolHad() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            Runnable queued = () -> {};
            pool.execute(queued);
            ScheduledFuture<?> late = pool.scheduler().schedule(ONE, 2, HOURS);
            ScheduledFuture<?> early = pool.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, HOURS);
            List<Runnable> returned = pool.scheduler().shutdownNow();
            assertThat(returned).containsExactly(queued, (Runnable) early, (Runnable) late);
            assertThat(late.isCancelled()).isTrue();
            assertThat(early.isCancelled()).isTrue();
            ((Runnable) late).run(); // has no effect
            assertThat(pool.shutdownNow()).isEmpty();
        }
    }

    @Test
    void closeReportsTheDelayedTasksThatItDroppedButForThePeriodicOnes() {
        class Remind implements Callable<Integer> {
            @Override
            public Integer call() {
                return 1;
            }
        }
        Pool pool = pool(1);
        ScheduledFuture<?> reminder = pool.scheduler().schedule(new Remind(), 1, HOURS);
        ScheduledFuture<?> periodic = pool.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, HOURS);
        CloseReport report = pool.close(Duration.ofSeconds(30));
        assertThat(report.neverStarted())
                .extracting(TaskReport::name)
                .containsExactly("orders/" + Remind.class.getName());
        assertThat(report.clean()).isFalse();
        assertThat(report.cancelled()).isZero();
        assertThat(reminder.isCancelled()).isTrue();
        assertThat(periodic.isCancelled()).isTrue();
    }

    @Test
    void closePastItsDeadlineEndsTheFuturesOfWhatRunsAndOfWhatIsQueued() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        CountDownLatch started = new CountDownLatch(1);
        ScheduledFuture<?> running = pool.scheduler()
                .schedule(
                        () -> {
                            started.countDown();
                            awaitQuietly(new CountDownLatch(1));
                        },
                        0,
                        SECONDS);
        started.await();
        ScheduledFuture<Integer> queued = pool.scheduler().schedule(ONE, 0, SECONDS);
        await().until(() -> pool.stats().queued() == 1);
        CloseReport report = pool.close(Duration.ofMillis(1));
        assertThat(report.neverStarted()).hasSize(1);
        assertThat(report.interrupted()).hasSize(1);
        assertThat(running.isCancelled()).isTrue();
        assertThat(queued.isCancelled()).isTrue();
    }

    @Test
    void everythingElseIsDoneOnThePool() throws Exception {
        Pool pool = pool(2);
        ScheduledExecutorService s = pool.scheduler();
        assertThat(pool.scheduler()).isSameAs(s);
        assertThat(s.submit(ONE).get()).isEqualTo(1);
        assertThat(s.submit(() -> {}).get()).isNull();
        assertThat(s.submit(() -> {}, "r").get()).isEqualTo("r");
        assertThat(s.invokeAll(List.of(ONE, ONE))).hasSize(2);
        assertThat(s.invokeAll(List.of(ONE, ONE), 30, SECONDS)).hasSize(2);
        assertThat(s.invokeAny(List.of(ONE))).isEqualTo(1);
        assertThat(s.invokeAny(List.of(ONE), 30, SECONDS)).isEqualTo(1);
        CountDownLatch ran = new CountDownLatch(1);
        s.execute(ran::countDown);
        ran.await();
        assertThat(s.toString()).isEqualTo(pool.toString());
        assertThat(s.isShutdown()).isFalse();
        assertThat(s.isTerminated()).isFalse();
        assertThat(s.awaitTermination(0, SECONDS)).isFalse();
        s.shutdown();
        assertThat(pool.isShutdown()).isTrue();
        assertThat(s.isShutdown()).isTrue();
        assertThat(s.awaitTermination(30, SECONDS)).isTrue();
        s.close();
        assertThat(s.isTerminated()).isTrue();
        assertThat(pool.stats().completed()).isEqualTo(10);

        Pool inside = pool(1);
        assertThatThrownBy(() -> inside.submit(() -> inside.scheduler().close()).get())
                .hasCauseInstanceOf(IllegalStateException.class);
        inside.close();
    }

    @Test
    void whateverHappensEveryFutureEndsAndTheBooksBalance() throws Exception {
        for (int round = 0; round < 20; round++) {
            Pool pool = Pool.builder("orders").capacity(2).queueCapacity(3).build();
            AtomicInteger ran = new AtomicInteger();
            List<ScheduledFuture<?>> futures = new CopyOnWriteArrayList<>();
            Runnable submitter = () -> {
                try {
                    for (int i = 0; i < 200; i++) {
                        long micros = ThreadLocalRandom.current().nextLong(4_000);
                        futures.add(
                                i % 10 == 0
                                        ? pool.scheduler()
                                                .scheduleAtFixedRate(
                                                        ran::incrementAndGet, micros, 500, TimeUnit.MICROSECONDS)
                                        : pool.scheduler()
                                                .schedule(ran::incrementAndGet, micros, TimeUnit.MICROSECONDS));
                        if (i % 7 == 0) {
                            futures.get(ThreadLocalRandom.current().nextInt(futures.size()))
                                    .cancel(i % 2 == 0);
                        }
                    }
                } catch (PoolClosedException e) {
                    // so it had to come
                }
            };
            Thread one = Thread.ofVirtual().start(submitter);
            Thread two = Thread.ofVirtual().start(submitter);
            var _ = pool.scheduler().schedule(pool::shutdown, 3, MILLISECONDS);
            one.join();
            two.join();
            assertThat(pool.awaitTermination(30, SECONDS)).isTrue();
            await().untilAsserted(() -> assertThat(futures).allMatch(Future::isDone));
            PoolStats end = pool.stats();
            assertThat(end.submitted()).isEqualTo(end.rejected() + end.completed() + end.failed() + end.cancelled());
            assertThat(end.failed()).isZero();
            assertThat((long) ran.get()).isBetween(end.completed() - 1, end.completed() + end.cancelled());
        }
    }

    /// True if it was interrupted.
    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
