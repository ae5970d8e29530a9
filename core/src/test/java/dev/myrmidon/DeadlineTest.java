package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `timeout` and `startWithin`.
@Timeout(60)
class DeadlineTest {
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final TaskOptions TIMEOUT = TaskOptions.named("charge").timeout(SHORT);
    private static final TaskOptions START_WITHIN = TaskOptions.named("charge").startWithin(SHORT);

    private static int holdOn() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    private static void assertBalanced(PoolStats end) {
        assertThat(end.submitted()).isEqualTo(end.rejected() + end.completed() + end.failed() + end.cancelled());
        assertThat(end.running()).isZero();
        assertThat(end.queued()).isZero();
        assertThat(end.overdue()).isZero();
    }

    @Test
    void aTimeoutInterruptsTheTaskAndFailsItsFuture() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        CountDownLatch interrupted = new CountDownLatch(1);
        try (pool) {
            Task<Integer> task = pool.submit(
                    () -> {
                        try {
                            return holdOn();
                        } catch (InterruptedException e) {
                            interrupted.countDown();
                            return 7;
                        }
                    },
                    TIMEOUT);
            assertThatThrownBy(task::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(TaskTimeoutException.class, e -> {
                        assertThat(e.timeout()).isEqualTo(SHORT);
                        assertThat(e.ran()).isBetween(SHORT, Duration.ofSeconds(30));
                        assertThat(e)
                                .hasMessageStartingWith("orders/charge timed out: it ran for ")
                                .hasMessageEndingWith(" ms, its timeout is 20 ms");
                    });
            interrupted.await();
            assertThat(task.status()).isEqualTo(Task.Status.TIMED_OUT);
            assertThat(task.isCancelled()).isFalse();
            assertThat(task.cancel(true)).isFalse();
            assertThat(pool.submit(() -> Thread.currentThread().isInterrupted()).join())
                    .isFalse();
        }
        PoolStats end = pool.stats();
        assertBalanced(end);
        assertThat(end.failed()).isEqualTo(1);
        assertThat(end.timedOut()).isEqualTo(1);
    }

    @Test
    void aTaskThatIgnoresItsTimeoutKeepsItsSlotAndIsOverdue() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (pool) {
            Held held = new Held();
            Task<?> task = pool.submit(held::holdStubbornly, TIMEOUT);
            await().until(task::isDone);
            PoolStats now = pool.stats();
            assertThat(now.running()).isEqualTo(1);
            assertThat(now.overdue()).isEqualTo(1);
            assertThat(now.timedOut()).isZero();
            assertThat(now.failed()).isZero();
            assertThat(pool.tryExecute(() -> {})).isFalse();
            held.letGo();
            pool.awaitIdle();
        }
        PoolStats end = pool.stats();
        assertBalanced(end);
        assertThat(end.timedOut()).isEqualTo(1);
        assertThat(end.failed()).isEqualTo(1);
    }

    @Test
    void theHandlerIsToldOfTheTimeoutOfAnExecutedTask() {
        List<String> told = new CopyOnWriteArrayList<>();
        Pool pool = Pool.builder("orders")
                .capacity(2)
                .onFailure((name, failure) ->
                        told.add(name + " " + failure.getClass().getSimpleName()))
                .build();
        try (pool;
                Held held = new Held()) {
            pool.execute(held::hold, TIMEOUT);
            await().until(() -> told.size() == 1);
            Task<?> submitted = pool.submit(held::hold, TIMEOUT);
            await().until(() -> pool.stats().timedOut() == 2);
            assertThat(submitted.status()).isEqualTo(Task.Status.TIMED_OUT);
        }
        assertThat(told)
                .as("a submitted one tells its future alone")
                .containsExactly("orders/charge TaskTimeoutException");
    }

    @Test
    void theTimeoutOfThePoolHoldsForWhoeverSaysNothingElse() throws InterruptedException {
        Pool pool = Pool.builder("orders")
                .capacity(3)
                .taskTimeout(SHORT)
                .onFailure((_, _) -> {})
                .build();
        try (pool) {
            Held held = new Held();
            Task<?> never = pool.submit(held::hold, TaskOptions.NONE.timeout(Pool.NEVER));
            Task<?> longer = pool.submit(held::hold, TaskOptions.NONE.timeout(Duration.ofHours(1)));
            held.awaitStarted(2);
            Task<Integer> task = pool.submit(DeadlineTest::holdOn);
            assertThatThrownBy(task::get).hasCauseInstanceOf(TaskTimeoutException.class);
            pool.execute(held::hold);
            await().until(() -> pool.stats().timedOut() == 2);
            assertThat(never.status()).isEqualTo(Task.Status.RUNNING);
            assertThat(longer.status()).isEqualTo(Task.Status.RUNNING);
            held.letGo();
        }
        assertBalanced(pool.stats());
    }

    @Test
    void aTimeoutRunsFromTheStart() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            Held held = Held.fill(pool, 1);
            Task<Integer> queued = pool.submit(() -> 7, TaskOptions.NONE.timeout(Duration.ofSeconds(10)));
            Task<?> other = pool.config().queueCapacity() == 1 ? queued : null;
            assertThat(other).isNotNull();
            await().until(() -> queued.times().waited().compareTo(SHORT) > 0);
            assertThat(queued.status()).isEqualTo(Task.Status.QUEUED);
            held.letGo();
            assertThat(queued.join()).isEqualTo(7);
        }
    }

    @Test
    void aTaskThatDoesNotStartInTimeIsShedAndItsPlaceIsFree() throws InterruptedException {
        AtomicBoolean ran = new AtomicBoolean();
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (pool) {
            Held held = Held.fill(pool, 1);
            Task<?> inTime = pool.submit(() -> ran.set(true), START_WITHIN.startWithin(Duration.ofHours(1)));
            assertThat(pool.tryExecute(() -> {})).isFalse();
            assertThat(inTime.cancel(true)).isTrue();
            Task<?> task = pool.submit(() -> ran.set(true), START_WITHIN);
            await().until(task::isDone);
            assertThat(task.status()).isEqualTo(Task.Status.SHED);
            assertThat(task.isCancelled()).isTrue();
            assertThat(task.outcome().orElseThrow())
                    .isInstanceOfSatisfying(
                            TaskOutcome.Shed.class,
                            shed -> assertThat(shed.waited()).isBetween(SHORT, Duration.ofSeconds(30)));
            assertThat(pool.stats().queued()).isZero();
            assertThat(pool.stats().shed()).isEqualTo(1);
            assertThat(pool.stats().cancelled()).isEqualTo(2);
            assertThat(pool.tryExecute(() -> {})).isTrue();
            held.letGo();
        }
        assertThat(ran).isFalse();
        assertBalanced(pool.stats());
    }

    /// Guards the look at the time after a task has come into the queue: its timer may have come before.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTaskWhoseTimeIsOverWhenItIsQueuedIsShed(boolean displaces) throws InterruptedException {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(displaces ? 1 : Pool.UNBOUNDED)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            for (int i = 0; i < 200; i++) {
                if (displaces) {
                    pool.execute(() -> {});
                }
                Task<?> late = pool.submit(() -> {}, TaskOptions.NONE.startWithin(Duration.ofNanos(1)));
                assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
                assertThat(late.status()).isEqualTo(Task.Status.SHED);
            }
            held.letGo();
        }
        assertBalanced(pool.stats());
    }

    @Test
    void aSubmitterWaitsNoLongerThanItsTaskMay() throws InterruptedException {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.submit(() -> 1, START_WITHIN)).isInstanceOf(PoolSaturatedException.class);
            assertThatThrownBy(() -> pool.execute(() -> {}, START_WITHIN)).isInstanceOf(PoolSaturatedException.class);
            assertThat(pool.stats().rejected()).isEqualTo(2);
            assertThat(pool.stats().waiting()).isZero();
        }
        assertBalanced(pool.stats());
    }

    @Test
    void bothDeadlinesOfOneTask() {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .startWithin(SHORT)
                .taskTimeout(SHORT)
                .build();
        try (pool) {
            Task<Integer> first = pool.submit(
                    DeadlineTest::holdOn, TaskOptions.NONE.timeout(Pool.NEVER).startWithin(Pool.NEVER));
            Task<Integer> second = pool.submit(DeadlineTest::holdOn);
            await().until(second::isDone);
            assertThat(second.status()).isEqualTo(Task.Status.SHED);
            Task<Integer> third = pool.submit(DeadlineTest::holdOn, TaskOptions.NONE.startWithin(Pool.NEVER));
            first.cancel(true);
            assertThatThrownBy(third::get).hasCauseInstanceOf(TaskTimeoutException.class);
        }
        assertBalanced(pool.stats());
        assertThat(pool.stats().shed()).isEqualTo(1);
        assertThat(pool.stats().timedOut()).isEqualTo(1);
    }

    @Test
    void whatEndsInTimeLeavesNothingBehind() throws Exception {
        List<WeakReference<Callable<Integer>>> code = new ArrayList<>();
        List<WeakReference<Task<Integer>>> tasks = new ArrayList<>();
        TaskOptions options = TaskOptions.NONE.timeout(Duration.ofHours(1)).startWithin(Duration.ofHours(1));
        try (Pool pool = Pool.builder("orders").capacity(10).queueCapacity(100).build()) {
            for (int i = 0; i < 100_000; i++) {
                byte[] weight = new byte[16];
                Callable<Integer> callable = () -> weight.length;
                Task<Integer> task = pool.submit(callable, options);
                if (i % 1_000 == 0) {
                    code.add(new WeakReference<>(callable));
                    tasks.add(new WeakReference<>(task));
                }
            }
            pool.awaitIdle();
            assertCollected(code);
            assertCollected(tasks);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aQueuedTaskThatIsCancelledLeavesNothingBehind(boolean throughShutdown) throws Exception {
        List<WeakReference<Task<?>>> tasks = new ArrayList<>();
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1_000).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            for (int i = 0; i < 1_000; i++) {
                Task<?> task = pool.submit(() -> {}, TaskOptions.NONE.startWithin(Duration.ofHours(1)));
                tasks.add(new WeakReference<>(task));
                if (!throughShutdown) {
                    task.cancel(false);
                }
            }
            if (throughShutdown) {
                pool.shutdownNow();
            }
            assertCollected(tasks);
            held.letGo();
        }
    }

    private static <T> void assertCollected(List<WeakReference<T>> references) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            assertThat(references.stream().filter(each -> each.get() != null).count())
                    .as("still held")
                    .isLessThanOrEqualTo(2); // a frame or a worker may still have one
        });
    }

    @Test
    void aCallerThatRunsATaskIsBoundByItsTimeoutToo() throws InterruptedException {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            Task<Integer> task = pool.submit(DeadlineTest::holdOn, TIMEOUT);
            assertThatThrownBy(task::get).hasCauseInstanceOf(TaskTimeoutException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(pool.stats().timedOut()).isEqualTo(1);
        }
        assertBalanced(pool.stats());
    }

    @Test
    void whatAHandlerOfRefusalsRunsIsNeverOverdueInThePool() throws InterruptedException {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.handle((task, _) -> task.run()))
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            Task<Integer> task = pool.submit(DeadlineTest::holdOn, TIMEOUT);
            assertThatThrownBy(task::get).hasCauseInstanceOf(TaskTimeoutException.class);
            assertThat(pool.stats().overdue()).isZero();
            assertThat(pool.stats().timedOut()).isZero();
        }
        assertBalanced(pool.stats());
    }

    @Test
    void aHandlerOfFailuresThatHangsKeepsNobodyWhoCancelsOrCloses() throws InterruptedException {
        Held handling = new Held();
        AtomicReference<Task<?>> caught = new AtomicReference<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Submitted submitted) {
                        caught.set(submitted.task());
                    }
                })
                .onFailure((_, _) -> handling.holdStubbornly())
                .build();
        pool.execute(() -> {
            throw new IllegalStateException();
        });
        handling.awaitStarted(1);
        AtomicReference<CloseReport> report = new AtomicReference<>();
        Thread canceller = Thread.ofVirtual().start(() -> {
            caught.get().cancel(true);
            report.set(pool.close(Duration.ZERO));
        });
        boolean ended = canceller.join(Duration.ofSeconds(30));
        handling.letGo();
        assertThat(ended).isTrue();
        assertThat(report.get().stillRunning()).hasSize(1);
        pool.close();
        assertThat(caught.get().status()).isEqualTo(Task.Status.FAILED);
    }

    /// The timeout of a nanosecond comes between the start and the call as often as not.
    @Test
    void codeThatHasStartedIsCalledHoweverEarlyItsTimeoutComes() throws Exception {
        AtomicInteger called = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            for (int i = 0; i < 20_000; i++) {
                Task<?> _ = pool.submit(called::incrementAndGet, TIMEOUT.timeout(Duration.ofNanos(1)));
            }
            pool.awaitIdle();

            assertThat(called).hasValue(20_000);
            assertThat(pool.stats().completed() + pool.stats().timedOut()).isEqualTo(20_000);
        }
    }
}
