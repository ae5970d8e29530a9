package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TaskGroupTest {
    private static final Callable<String> FAILS = () -> {
        throw new IOException("no");
    };
    private static final Callable<String> NEVER_ENDS = () -> {
        new CountDownLatch(1).await();
        return "never";
    };

    @Test
    void awaitsAllOfItsTasksAndNoOthers() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(4).build();
                Held _ = Held.fill(pool, 1);
                TaskGroup group = pool.group()) {
            AtomicInteger ran = new AtomicInteger();
            Task<Integer> one = group.submit(() -> 1);
            Task<?> counting = group.submit(() -> {
                ran.incrementAndGet();
            });
            Task<Integer> named = group.submit(() -> 2, TaskOptions.named("two"));
            Task<?> nameless = group.submit(ran::incrementAndGet, TaskOptions.NONE);
            group.awaitAll();
            assertThat(one.resultNow()).isEqualTo(1);
            assertThat(counting.resultNow()).isNull();
            assertThat(named.name()).isEqualTo("two");
            assertThat(nameless.isDone()).isTrue();
            assertThat(ran).hasValue(2);
        }
    }

    @Test
    void awaitsNothingIfThereIsNothing() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                TaskGroup group = pool.group()) {
            group.awaitAll();
            assertThat(group.awaitAll(Duration.ZERO)).isTrue();
            group.cancelAll();
        }
    }

    @Test
    void awaitsNoLongerThanItIsTold() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build();
                TaskGroup group = pool.group()) {
            CountDownLatch end = new CountDownLatch(1);
            var _ = group.submit(FAILS);
            Task<?> task = group.submit(() -> end.await(30, TimeUnit.SECONDS));
            assertThat(group.awaitAll(Duration.ZERO)).isFalse();
            assertThat(group.awaitAll(Duration.ofSeconds(-1))).isFalse();
            assertThat(group.awaitAll(Duration.ofMillis(1))).isFalse();
            assertThat(task.isDone()).isFalse();
            end.countDown();
            assertThatThrownBy(() -> group.awaitAll(Pool.NEVER)).isInstanceOf(TasksFailedException.class);
            assertThat(group.awaitAll(Pool.NEVER)).isTrue();
        }
    }

    @Test
    void collectsFailuresAndReportsEachOnce() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build();
                TaskGroup group = pool.group()) {
            var _ = group.submit(FAILS);
            var _ = group.submit(() -> "yes");
            var _ = group.submit(NEVER_ENDS, TaskOptions.NONE.timeout(Duration.ofMillis(1)));
            group.submit(NEVER_ENDS).cancel(true);
            TasksFailedException failures = catchThrowableOfType(TasksFailedException.class, group::awaitAll);
            assertThat(failures.completed()).isEqualTo(1);
            assertThat(failures.failed()).isEqualTo(1);
            assertThat(failures.timedOut()).isEqualTo(1);
            assertThat(failures.cancelled()).isEqualTo(1);
            assertThat(failures.shed()).isZero();
            assertThat(failures.causes())
                    .hasSize(3)
                    .anyMatch(IOException.class::isInstance)
                    .anyMatch(TaskTimeoutException.class::isInstance)
                    .anyMatch(CancellationException.class::isInstance);
            group.awaitAll(); // nothing new
            var _ = group.submit(() -> "yes");
            group.awaitAll();
            var _ = group.submit(FAILS);
            assertThatThrownBy(group::awaitAll)
                    .isInstanceOfSatisfying(
                            TasksFailedException.class,
                            e -> assertThat(e.completed()).isZero());
        }
    }

    @Test
    void theFirstFailureOfAFailFastGroupCancelsTheOthersAndEndsTheGroup() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        Pool pool = Pool.builder("orders").capacity(3).queueCapacity(10).build();
        try (pool;
                TaskGroup group = pool.group().failFast()) {
            CountDownLatch started = new CountDownLatch(2);
            CountDownLatch fail = new CountDownLatch(1);
            List<Task<?>> others = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                others.add(group.submit(() -> {
                    started.countDown();
                    awaitInterrupt(interrupted);
                }));
            }
            started.await();
            var _ = group.submit(() -> {
                fail.await();
                return FAILS.call();
            });
            others.add(group.submit(NEVER_ENDS)); // queued
            fail.countDown();
            TasksFailedException failures = catchThrowableOfType(TasksFailedException.class, group::awaitAll);
            assertThat(failures).hasCauseInstanceOf(IOException.class);
            assertThat(failures.causes()).hasSize(1);
            assertThat(failures.failed()).isEqualTo(1);
            assertThat(failures.cancelled()).isEqualTo(3);
            assertThat(others).allMatch(task -> task.status() == Task.Status.CANCELLED);
            assertThatThrownBy(() -> group.submit(() -> 1))
                    .isInstanceOf(TasksFailedException.class)
                    .hasRootCauseMessage("no");
            assertThatThrownBy(group::awaitAll).isInstanceOf(TasksFailedException.class);
        }
        assertThat(interrupted).hasValue(2);
        assertThat(pool.stats().submitted()).isEqualTo(4);
    }

    @Test
    void failFastComesBeforeTheFirstTask() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                TaskGroup group = pool.group()) {
            var _ = group.submit(() -> 1);
            group.awaitAll();
            assertThatThrownBy(group::failFast)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("before the first task");
        }
    }

    @Test
    void cancelAllCancelsWhatIsUnderWayAndTheGroupGoesOn() throws Exception {
        AtomicInteger interrupted = new AtomicInteger();
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build();
        try (pool;
                TaskGroup group = pool.group()) {
            CountDownLatch started = new CountDownLatch(1);
            Task<?> running = group.submit(() -> {
                started.countDown();
                awaitInterrupt(interrupted);
            });
            Task<?> queued = group.submit(NEVER_ENDS);
            started.await();
            group.cancelAll();
            assertThat(running.isCancelled() && queued.isCancelled()).isTrue();
            group.awaitAll(); // what the group cancelled hasn't failed
            Task<Integer> next = group.submit(() -> 3);
            group.awaitAll();
            assertThat(next.resultNow()).isEqualTo(3);
        }
        assertThat(interrupted).hasValue(1);
    }

    @Test
    void closeCancelsAndWaitsForTheCodeToReturn() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(5).build();
        try (pool;
                Held held = new Held()) {
            AtomicBoolean returned = new AtomicBoolean();
            AtomicBoolean closed = new AtomicBoolean();
            TaskGroup group = pool.group();
            Task<?> stubborn = group.submit(() -> {
                held.holdStubbornly();
                returned.set(true);
            });
            held.awaitStarted(1);
            Task<?> timesOut = group.submit(held::holdStubbornly, TaskOptions.NONE.timeout(Duration.ofMillis(1)));
            Task<?> queued = group.submit(NEVER_ENDS);
            held.awaitStarted(1);
            await().until(timesOut::isDone);
            Thread closer = Thread.ofVirtual().start(() -> {
                group.close();
                closed.set(returned.get() && Thread.currentThread().isInterrupted());
            });
            await().until(() -> stubborn.isCancelled() && queued.isCancelled());
            closer.interrupt(); // is kept, and ends nothing
            await().until(() -> closer.getState() == Thread.State.WAITING);
            assertThat(closer.isAlive()).isTrue();
            held.letGo();
            closer.join();
            assertThat(closed).isTrue();
            assertThatCode(group::close).doesNotThrowAnyException();
            assertThatThrownBy(() -> group.submit(() -> 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the group is closed");
        }
    }

    @Test
    void anInterruptEndsTheWaitAndNotTheTasks() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Held held = new Held();
                TaskGroup group = pool.group()) {
            Task<?> task = group.submit(held::hold);
            held.awaitStarted(1);
            Thread.currentThread().interrupt();
            assertThatThrownBy(group::awaitAll).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
            assertThat(task.isDone()).isFalse();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> group.awaitAll(Duration.ZERO)).isInstanceOf(InterruptedException.class);
            held.letGo();
            group.awaitAll();
        }
    }

    @Test
    void aTaskOfTheGroupCantWaitForIt() {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                TaskGroup group = pool.group()) {
            for (Callable<Object> wait : List.<Callable<Object>>of(
                    () -> {
                        group.awaitAll();
                        return "";
                    },
                    () -> group.awaitAll(Duration.ZERO),
                    Executors.callable(closing(group), ""))) {
                assertThatThrownBy(() -> group.submit(wait).get())
                        .isInstanceOf(ExecutionException.class)
                        .cause()
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("would wait for itself");
            }
        }
    }

    private static Runnable closing(TaskGroup group) {
        return group::close;
    }

    @Test
    void aTaskOfTheGroupMaySubmitToIt() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build();
                TaskGroup group = pool.group()) {
            AtomicInteger leaves = new AtomicInteger();
            split(group, 8, leaves);
            group.awaitAll();
            assertThat(leaves).hasValue(256);
        }
    }

    private static void split(TaskGroup group, int depth, AtomicInteger leaves) {
        if (depth == 0) {
            leaves.incrementAndGet();
            return;
        }
        var _ = group.submit(() -> split(group, depth - 1, leaves));
        var _ = group.submit(() -> split(group, depth - 1, leaves));
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 100", "2, 3"})
    void aGroupInsideATaskOfTheSamePoolEnds(int capacity, int queueCapacity) throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(capacity)
                .queueCapacity(queueCapacity)
                .build();
        try (pool) {
            assertThat(pool.submit(() -> leaves(pool, 5)).get()).isEqualTo(243);
        }
    }

    private static int leaves(Pool pool, int depth) throws InterruptedException {
        if (depth == 0) {
            return 1;
        }
        try (TaskGroup group = pool.group()) {
            List<Task<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                parts.add(group.submit(() -> leaves(pool, depth - 1)));
            }
            group.awaitAll();
            return parts.stream().mapToInt(Task::resultNow).sum();
        }
    }

    @Test
    void aTimedWaitInsideATaskRunsNothingThere() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            assertThat(pool.submit(() -> {
                                try (TaskGroup group = pool.group()) {
                                    var _ = group.submit(() -> 1);
                                    return group.awaitAll(Duration.ofMillis(1));
                                }
                            })
                            .get())
                    .isFalse();
        }
    }

    @Test
    void whoWaitsInsideRunsWhatAShrinkPutsBackIntoTheQueue() throws Exception {
        for (int round = 0; round < 500; round++) {
            Pool pool = Pool.builder("orders").capacity(2).build();
            try (pool) {
                Task<Integer> outer = pool.submit(() -> {
                    try (TaskGroup group = pool.group()) {
                        Task<Integer> inner = group.submit(() -> 1);
                        Thread.ofVirtual().start(() -> pool.resize(1));
                        group.awaitAll();
                        return inner.resultNow();
                    }
                });
                assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo(1);
            }
        }
    }

    @Test
    void aRefusedTaskIsNoneOfTheGroup() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
        try (pool;
                TaskGroup group = pool.group()) {
            try (Held _ = Held.fill(pool, 1)) {
                assertThatThrownBy(() -> group.submit(() -> 1)).isInstanceOf(PoolSaturatedException.class);
                group.awaitAll();
            }
            pool.shutdown();
            assertThatThrownBy(() -> group.submit(() -> 1)).isInstanceOf(PoolClosedException.class);
            group.awaitAll();
        }
    }

    @Test
    void endsWhenItsTasksAreTakenBack() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (TaskGroup group = pool.group();
                Held _ = Held.fill(pool, 1)) {
            var _ = group.submit(() -> 1);
            pool.shutdownNow();
            assertThatThrownBy(group::awaitAll)
                    .isInstanceOf(TasksFailedException.class)
                    .hasCauseInstanceOf(CancellationException.class);
        }
        pool.close();
    }

    @Test
    void severalMayWait() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(4).build();
                Held held = new Held();
                TaskGroup group = pool.group()) {
            var _ = group.submit(held::hold);
            AtomicInteger awaited = new AtomicInteger();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                waiters.add(Thread.ofVirtual().start(() -> {
                    try {
                        group.awaitAll();
                        awaited.incrementAndGet();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                }));
            }
            for (Thread waiter : waiters) {
                await().until(() -> waiter.getState() == Thread.State.WAITING);
            }
            held.letGo();
            for (Thread waiter : waiters) {
                waiter.join();
            }
            assertThat(awaited).hasValue(10);
        }
    }

    @Test
    void keepsNothingOfTasksThatEnded() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build();
                TaskGroup group = pool.group()) {
            AtomicReference<@Nullable WeakReference<Object>> result = new AtomicReference<>();
            submitBig(group, result);
            group.awaitAll();
            await().until(() -> {
                System.gc();
                return result.get().get() == null;
            });
        }
    }

    private static void submitBig(TaskGroup group, AtomicReference<@Nullable WeakReference<Object>> result) {
        var _ = group.submit(() -> {
            Object big = new byte[1_000];
            result.set(new WeakReference<>(big));
            return big;
        });
    }

    /// Random tasks in a random pool, against what a sum of them says.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void countsHowTasksEnd(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 30; round++) {
            Pool pool = Pool.builder("orders")
                    .capacity(1 + random.nextInt(6))
                    .queueCapacity(random.nextInt(20))
                    .build();
            try (pool;
                    TaskGroup group = pool.group()) {
                int completed = 0;
                int failed = 0;
                int size = random.nextInt(300);
                for (int i = 0; i < size; i++) {
                    if (random.nextInt(10) == 0) {
                        var _ = group.submit(FAILS);
                        failed++;
                    } else {
                        var _ = group.submit(() -> "yes");
                        completed++;
                    }
                }
                TasksFailedException thrown = null;
                try {
                    group.awaitAll();
                } catch (TasksFailedException e) {
                    thrown = e;
                }
                if (failed == 0) {
                    assertThat(thrown).as("seed " + seed + " round " + round).isNull();
                } else {
                    assertThat(thrown).as("seed " + seed + " round " + round).isNotNull();
                    assertThat(thrown.completed()).isEqualTo(completed);
                    assertThat(thrown.failed()).isEqualTo(failed);
                    assertThat(thrown.causes()).hasSize(failed);
                }
            }
        }
    }

    /// Submitters race against the failure and against each other: nothing is left running, however it goes.
    @Test
    void nothingOutlivesAFailFastGroup() throws Exception {
        for (int round = 0; round < 200; round++) {
            Pool pool = Pool.builder("orders").capacity(4).build();
            try (pool) {
                TaskGroup group = pool.group().failFast();
                List<Thread> submitters = new ArrayList<>();
                for (int s = 0; s < 3; s++) {
                    boolean fails = s == 0;
                    submitters.add(Thread.ofVirtual().start(() -> {
                        try {
                            for (int i = 0; i < 20; i++) {
                                var _ = group.submit(fails && i == 2 ? FAILS : NEVER_ENDS);
                            }
                        } catch (TasksFailedException | IllegalStateException e) {
                            // the group has failed, or was closed: what all of them wait for
                        }
                    }));
                }
                // where NEVER_ENDS fills the pool before the failure has a place, the end comes from here
                submitters.getFirst().join(Duration.ofMillis(5));
                group.close();
                assertThat(pool.awaitIdle(Duration.ofSeconds(30))).isTrue();
                for (Thread submitter : submitters) {
                    submitter.join();
                }
            }
        }
    }

    private static void awaitInterrupt(AtomicInteger interrupted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
        }
    }
}
