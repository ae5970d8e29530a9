package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What [Task] says, with its outcome, its times and its options.
@Timeout(60)
class TaskTest {
    private static final Duration SHORT = Duration.ofMillis(10);

    private static int holdOn() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    private static String tell(Task<Integer> task) {
        return switch (task.outcome().orElseThrow()) {
            case TaskOutcome.Completed(var result) -> "completed " + result;
            case TaskOutcome.Failed(var cause) -> "failed " + cause.getMessage();
            case TaskOutcome.TimedOut(var cause) -> "timed out " + cause.timeout();
            case TaskOutcome.Cancelled() -> "cancelled";
            case TaskOutcome.Shed(var waited) -> "shed " + waited.isPositive();
        };
    }

    @Test
    void idsGrow() {
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            long last = 0;
            for (int i = 0; i < 100; i++) {
                Task<?> task = i % 2 == 0 ? pool.submit(() -> {}) : pool.submit(() -> 1, TaskOptions.NONE);
                assertThat(task.id()).isGreaterThan(last);
                last = task.id();
            }
        }
    }

    @Test
    void theNameIsGivenOrTheClassOfTheCodeInEveryState() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            CountDownLatch letGo = new CountDownLatch(1);
            Task<?> named = pool.submit(
                    () -> {
                        letGo.await();
                        return 1;
                    },
                    TaskOptions.named("charge"));
            Task<?> unnamed = pool.submit(() -> {});
            String className = "dev.myrmidon.TaskTest$$Lambda";
            assertThat(named.name()).isEqualTo("charge");
            assertThat(unnamed.name()).isEqualTo(className);
            assertThat(named.toString()).startsWith("orders/charge[id=" + named.id() + ", ");
            letGo.countDown();
            named.get();
            unnamed.get();
            assertThat(named.name()).isEqualTo("charge");
            assertThat(unnamed.name()).isEqualTo(className);
            assertThat(unnamed.toString()).endsWith(", COMPLETED]");
        }
    }

    @Test
    void statusOutcomeAndTimesOfTheSixEnds() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build()) {
            CountDownLatch letGo = new CountDownLatch(1);
            CountDownLatch started = new CountDownLatch(1);
            Task<Integer> completed = pool.submit(() -> {
                started.countDown();
                letGo.await();
                return 7;
            });
            Task<Integer> failed = pool.submit((Callable<Integer>) () -> {
                throw new IllegalStateException("no");
            });
            started.await();
            assertThat(completed.status()).isEqualTo(Task.Status.RUNNING);
            assertThat(completed.outcome()).isEmpty();
            assertThat(completed.times().started()).isPresent();
            assertThat(completed.times().ended()).isEmpty();
            assertThat(failed.status()).isEqualTo(Task.Status.QUEUED);
            assertThat(failed.outcome()).isEmpty();
            assertThat(failed.times().started()).isEmpty();
            assertThat(failed.times().ran()).isZero();
            assertThat(failed.times().waited()).isPositive();

            Task<Integer> shed = pool.submit(TaskTest::holdOn, TaskOptions.NONE.startWithin(SHORT));
            await().until(shed::isDone);
            Task<Integer> cancelledBefore = pool.submit(TaskTest::holdOn);
            assertThat(cancelledBefore.cancel(true)).isTrue();
            letGo.countDown();
            assertThat(completed.get()).isEqualTo(7);
            assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class);

            Task<Integer> timedOut = pool.submit(TaskTest::holdOn, TaskOptions.NONE.timeout(SHORT));
            assertThatThrownBy(timedOut::get).hasCauseInstanceOf(TaskTimeoutException.class);
            Task<Integer> cancelled = pool.submit(TaskTest::holdOn);
            await().until(() -> cancelled.times().started().isPresent());
            assertThat(cancelled.cancel(true)).isTrue();

            List<Task<Integer>> all = List.of(completed, failed, timedOut, cancelledBefore, cancelled, shed);
            assertThat(all.stream().map(TaskTest::tell))
                    .containsExactly(
                            "completed 7", "failed no", "timed out PT0.01S", "cancelled", "cancelled", "shed true");
            assertThat(all.stream().map(Task::status))
                    .containsExactly(
                            Task.Status.COMPLETED,
                            Task.Status.FAILED,
                            Task.Status.TIMED_OUT,
                            Task.Status.CANCELLED,
                            Task.Status.CANCELLED,
                            Task.Status.SHED);
            assertThat(all.stream().map(Future::state))
                    .containsExactly(
                            Future.State.SUCCESS,
                            Future.State.FAILED,
                            Future.State.FAILED,
                            Future.State.CANCELLED,
                            Future.State.CANCELLED,
                            Future.State.CANCELLED);
            assertThatThrownBy(shed::get)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("was shed");
            assertThatThrownBy(cancelled::get)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("was cancelled");
            for (Task<Integer> task : all) {
                TaskTimes times = task.times();
                assertThat(times.ended()).isPresent();
                assertThat(times.read()).isGreaterThanOrEqualTo(times.ended().getAsLong());
                assertThat(times.age()).isEqualTo(times.waited().plus(times.ran()));
                boolean ran = task != shed && task != cancelledBefore;
                assertThat(times.started().isPresent()).isEqualTo(ran);
                times.started()
                        .ifPresent(start -> assertThat(start)
                                .isBetween(times.submitted(), times.ended().getAsLong()));
                TaskTimes later = task.times();
                assertThat(later.age()).as("stands still").isEqualTo(times.age());
            }
        }
    }

    @Test
    void timesGrowUntilTheEnd() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch letGo = new CountDownLatch(1);
            Task<?> task = pool.submit(() -> {
                letGo.await();
                return 0;
            });
            await().until(() -> task.times().started().isPresent());
            Duration waited = task.times().waited();
            Duration ran = Duration.ZERO;
            for (int i = 0; i < 100; i++) {
                TaskTimes now = task.times();
                assertThat(now.ran()).isGreaterThanOrEqualTo(ran);
                assertThat(now.waited()).isEqualTo(waited);
                assertThat(now.age()).isEqualTo(now.waited().plus(now.ran()));
                ran = now.ran();
            }
            letGo.countDown();
            task.get();
            assertThat(task.times().ran()).isGreaterThanOrEqualTo(ran);
        }
    }

    /// One worker runs them all, and may take the end of one for the start of the next.
    @Test
    void tasksOfOneSlotDontOverlap() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(100).build()) {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                tasks.add(pool.submit(() -> {}));
            }
            long last = Long.MIN_VALUE;
            for (Task<?> task : tasks) {
                task.get();
                TaskTimes times = task.times();
                long started = times.started().orElseThrow();
                assertThat(started).isGreaterThanOrEqualTo(times.submitted()).isGreaterThanOrEqualTo(last);
                last = times.ended().orElseThrow();
                assertThat(last).isGreaterThanOrEqualTo(started);
            }
        }
    }

    @Test
    void aStatusNeverGoesBack() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).queueCapacity(10).build()) {
            for (int round = 0; round < 3_000; round++) {
                Task<?> task = pool.submit(() -> {});
                Thread canceller = round % 2 == 0 ? Thread.ofVirtual().start(() -> task.cancel(true)) : null;
                Task.Status last = Task.Status.QUEUED;
                while (!task.isDone()) {
                    Task.Status now = task.status();
                    assertThat(now.compareTo(last)).isNotNegative();
                    last = now;
                }
                if (canceller != null) {
                    canceller.join();
                }
            }
        }
    }

    @Test
    void cancellingAQueuedTaskFreesItsPlaceAtOnce() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            Held held = Held.fill(pool, 1);
            for (int i = 0; i < 100; i++) {
                Task<?> task = pool.submit(ran::incrementAndGet);
                assertThat(pool.tryExecute(() -> {})).isFalse();
                assertThat(task.cancel(i % 2 == 0)).isTrue();
                assertThat(pool.stats().queued()).isZero();
            }
            AtomicBoolean accepted = new AtomicBoolean();
            Task<?> first = pool.submit(ran::incrementAndGet);
            Thread submitter = Thread.ofVirtual().start(() -> {
                pool.execute(() -> {});
                accepted.set(true);
            });
            await().until(() -> pool.stats().waiting() == 1);
            first.cancel(false);
            submitter.join();
            assertThat(accepted).as("the place is the next one's").isTrue();
            held.letGo();
        }
        assertThat(ran).hasValue(0);
    }

    @Test
    void aTaskMayCancelItself() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            for (boolean mayInterrupt : new boolean[] {false, true}) {
                AtomicReference<Task<?>> self = new AtomicReference<>();
                CountDownLatch known = new CountDownLatch(1);
                List<Boolean> seen = new CopyOnWriteArrayList<>();
                self.set(pool.submit(() -> {
                    known.await();
                    seen.add(self.get().cancel(mayInterrupt));
                    seen.add(self.get().isDone());
                    seen.add(Thread.currentThread().isInterrupted());
                    return 1;
                }));
                known.countDown();
                pool.awaitIdle();
                assertThat(self.get().isCancelled()).isTrue();
                assertThat(seen).containsExactly(true, true, mayInterrupt);
                assertThat(pool.submit(() -> Thread.currentThread().isInterrupted())
                                .get())
                        .isFalse();
            }
        }
    }

    @Test
    void theInterruptOfACancelReachesThatTaskOrNobody() throws Exception {
        AtomicInteger strays = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build()) {
            for (int round = 0; round < 3_000; round++) {
                Task<?> task = pool.submit(() -> {});
                Future<?> next = pool.submit(() -> {
                    if (Thread.currentThread().isInterrupted()) {
                        strays.incrementAndGet();
                    }
                });
                task.cancel(true);
                next.get();
            }
        }
        assertThat(strays).hasValue(0);
    }

    @Test
    void theInterruptOfACancelReachesNotTheTaskInside() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch letGo = new CountDownLatch(1);
            List<String> seen = new CopyOnWriteArrayList<>();
            Task<?> outer = pool.submit(() -> {
                pool.execute(() -> {
                    inside.countDown();
                    try {
                        letGo.await();
                        seen.add("inner undisturbed");
                    } catch (InterruptedException e) {
                        seen.add("inner interrupted");
                    }
                });
                seen.add("outer " + Thread.currentThread().isInterrupted());
            });
            inside.await();
            outer.cancel(true);
            letGo.countDown();
            pool.awaitIdle();
            assertThat(seen).containsExactly("inner undisturbed", "outer true");
        }
    }

    @Test
    void theInterruptOfACancelDoesNotStayOnACallerThatRunsTheTask() throws Exception {
        AtomicReference<Task<?>> caught = new AtomicReference<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .listener(event -> {
                    if (event instanceof PoolEvent.Submitted submitted
                            && submitted.task().name().equals("caught")) {
                        caught.set(submitted.task());
                    }
                })
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            Task<?> task = pool.submit(
                    () -> {
                        Thread canceller =
                                Thread.ofVirtual().start(() -> caught.get().cancel(true));
                        boolean interrupted = false;
                        while (canceller.isAlive()) {
                            try {
                                canceller.join();
                            } catch (InterruptedException e) {
                                interrupted = true;
                            }
                        }
                        if (interrupted) {
                            Thread.currentThread().interrupt(); // as good code does
                        }
                        return 0;
                    },
                    TaskOptions.named("caught"));
            assertThat(task.isCancelled()).isTrue();
            assertThat(Thread.interrupted()).as("the submitter's own").isFalse();
        }
    }

    @Test
    void anInterruptInADependentReachesNoOtherTask() throws Exception {
        AtomicInteger strays = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(100).build()) {
            for (int round = 0; round < 50; round++) {
                CountDownLatch go = new CountDownLatch(1);
                Task<Integer> task = pool.submit(() -> {
                    go.await();
                    return 1;
                });
                CompletableFuture<Void> dependent = task.toCompletableFuture()
                        .thenRun(() -> Thread.currentThread().interrupt());
                Future<?> next = pool.submit(() -> {
                    if (Thread.currentThread().isInterrupted()) {
                        strays.incrementAndGet();
                    }
                });
                go.countDown();
                next.get();
                dependent.join();
            }
        }
        assertThat(strays).hasValue(0);
    }

    @Test
    void aDependentThatWaitsForTheNextTaskKeepsItNotFromItsStart() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build()) {
            CountDownLatch go = new CountDownLatch(1);
            Task<Integer> first = pool.submit(() -> {
                go.await();
                return 1;
            });
            Task<Integer> second = pool.submit(() -> 2);
            CompletableFuture<Integer> sum = first.toCompletableFuture().thenApply(one -> one + second.join());
            go.countDown();
            assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void toCompletableFutureEndsAsTheTaskDoes() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build()) {
            for (boolean before : new boolean[] {true, false}) {
                Held held = Held.fill(pool, 1);
                Task<Integer> completed = pool.submit(() -> 7);
                Task<Integer> failed = pool.submit((Callable<Integer>) () -> {
                    throw new IllegalStateException("no");
                });
                Task<Integer> timedOut = pool.submit(TaskTest::holdOn, TaskOptions.NONE.timeout(SHORT));
                Task<Integer> cancelled = pool.submit(TaskTest::holdOn);
                Task<Integer> shed = pool.submit(TaskTest::holdOn, TaskOptions.NONE.startWithin(SHORT));
                List<Task<Integer>> tasks = List.of(completed, failed, timedOut, cancelled, shed);
                List<CompletableFuture<Integer>> futures = new ArrayList<>();
                if (before) {
                    tasks.forEach(task -> futures.add(task.toCompletableFuture()));
                }
                cancelled.cancel(true);
                await().until(shed::isDone);
                held.letGo();
                await().until(() -> tasks.stream().allMatch(Future::isDone));
                if (!before) {
                    tasks.forEach(task -> futures.add(task.toCompletableFuture()));
                }
                assertThat(futures.get(0).join()).isEqualTo(7);
                assertThatThrownBy(futures.get(1)::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(IllegalStateException.class);
                assertThatThrownBy(futures.get(2)::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(TaskTimeoutException.class);
                assertThatThrownBy(futures.get(3)::join).isInstanceOf(CancellationException.class);
                assertThatThrownBy(futures.get(4)::join).isInstanceOf(CancellationException.class);
            }
        }
    }

    @Test
    void toCancelItsCompletableFutureCancelsTheTask() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build()) {
            CountDownLatch interrupted = new CountDownLatch(1);
            CountDownLatch started = new CountDownLatch(1);
            Task<Integer> running = pool.submit(() -> {
                started.countDown();
                try {
                    return holdOn();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            });
            Task<Integer> queued = pool.submit(() -> 1);
            CompletableFuture<Integer> other = running.toCompletableFuture();
            started.await();
            assertThat(queued.toCompletableFuture().cancel(false)).isTrue();
            assertThat(queued.isCancelled()).isTrue();
            assertThat(pool.stats().queued()).isZero();
            assertThat(running.toCompletableFuture().cancel(true)).isTrue();
            assertThat(running.isCancelled()).isTrue();
            assertThat(other).isCancelled();
            interrupted.await();
        }
    }

    @Test
    void aDependentThatThrowsHarmsNobody() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(100).build();
        try (pool) {
            for (int i = 0; i < 50; i++) {
                CountDownLatch go = new CountDownLatch(1);
                Task<Integer> task = pool.submit(() -> {
                    go.await();
                    return 1;
                });
                CompletableFuture<Integer> dependent = task.toCompletableFuture()
                        .thenApply(_ -> {
                            throw new AssertionError("a dependent fails on purpose");
                        });
                Task<Integer> next = pool.submit(() -> 2);
                go.countDown();
                assertThat(task.get()).isEqualTo(1);
                assertThat(next.get()).isEqualTo(2);
                assertThatThrownBy(dependent::join).hasCauseInstanceOf(AssertionError.class);
            }
        }
        assertThat(pool.stats().completed()).isEqualTo(100);
    }

    @Test
    void joinInEachState() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(5).build()) {
            assertThat(pool.submit(() -> 7).join()).isEqualTo(7);
            Task<?> failed = pool.submit((Callable<Integer>) () -> {
                throw new IllegalStateException("no");
            });
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(failed::join)
                        .isInstanceOf(CompletionException.class)
                        .hasCauseInstanceOf(IllegalStateException.class);
            }
            Task<?> timedOut = pool.submit(TaskTest::holdOn, TaskOptions.NONE.timeout(SHORT));
            assertThatThrownBy(timedOut::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(TaskTimeoutException.class);
            pool.awaitIdle();
            Held held = Held.fill(pool, 1);
            Task<?> cancelled = pool.submit(() -> 1);
            Task<?> shed = pool.submit(() -> 1, TaskOptions.NONE.startWithin(SHORT));
            cancelled.cancel(true);
            assertThatThrownBy(cancelled::join).isInstanceOf(CancellationException.class);
            assertThatThrownBy(shed::join).isInstanceOf(CancellationException.class);
            held.letGo();
        }
    }

    @Test
    void joinKeepsInterruptsForLater() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch letGo = new CountDownLatch(1);
            Task<Integer> task = pool.submit(() -> {
                letGo.await();
                return 7;
            });
            AtomicBoolean interrupted = new AtomicBoolean();
            AtomicInteger result = new AtomicInteger();
            Thread joiner = Thread.ofVirtual().start(() -> {
                result.set(task.join());
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            for (int i = 0; i < 3; i++) {
                await().until(() -> joiner.getState() == Thread.State.WAITING);
                joiner.interrupt();
            }
            assertThat(joiner.join(Duration.ofMillis(20))).isFalse();
            letGo.countDown();
            joiner.join();
            assertThat(result).hasValue(7);
            assertThat(interrupted).isTrue();
        }
    }

    @Test
    void joinInsideATaskOfTheSamePoolRunsWhatIsQueued() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build()) {
            Task<Integer> outer = pool.submit(() -> {
                Task<Integer> first = pool.submit(() -> 1);
                Task<Integer> second = pool.submit(() -> pool.submit(() -> 2).join());
                Thread.currentThread().interrupt();
                int sum = first.join() + second.join();
                return Thread.currentThread().isInterrupted() ? sum : -1;
            });
            assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void aThousandThreadsMayWaitForOneTask() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch letGo = new CountDownLatch(1);
            Task<Integer> task = pool.submit(() -> {
                letGo.await();
                return 7;
            });
            AtomicInteger got = new AtomicInteger();
            AtomicInteger late = new AtomicInteger();
            List<Thread> waiters = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                boolean patient = i % 2 == 0;
                waiters.add(Thread.ofVirtual().start(() -> {
                    try {
                        if (patient) {
                            got.addAndGet(task.get(1, TimeUnit.HOURS));
                        } else {
                            task.get(20, TimeUnit.MILLISECONDS);
                        }
                    } catch (TimeoutException e) {
                        late.incrementAndGet();
                    } catch (InterruptedException | ExecutionException e) {
                        throw new IllegalStateException(e);
                    }
                }));
            }
            await().until(() -> late.get() == 500);
            letGo.countDown();
            for (Thread waiter : waiters) {
                waiter.join();
            }
            assertThat(got).hasValue(3_500);
        }
    }

    @Test
    void optionsAreCheckedAndCopied() {
        assertThatThrownBy(() -> TaskOptions.named(" "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name of a task must not be blank, was \" \"");
        assertThatThrownBy(() -> TaskOptions.NONE.timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout must be positive or Pool.NEVER, was PT0S");
        assertThatThrownBy(() -> TaskOptions.NONE.startWithin(Duration.ofNanos(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("startWithin must be positive");
        TaskOptions all = TaskOptions.keyed("k")
                .name("n")
                .priority(-3)
                .timeout(Pool.NEVER)
                .startWithin(SHORT);
        assertThat(all).isEqualTo(new TaskOptions("n", -3, Pool.NEVER, SHORT, "k"));
        assertThat(TaskOptions.NONE).isEqualTo(new TaskOptions(null, 0, null, null, null));
    }

    @Test
    void timesOfATaskThatHasNotEnded() {
        TaskTimes queued = new TaskTimes(10, java.util.OptionalLong.empty(), java.util.OptionalLong.empty(), 25);
        assertThat(queued.waited()).isEqualTo(Duration.ofNanos(15));
        assertThat(queued.ran()).isZero();
        assertThat(queued.age()).isEqualTo(Duration.ofNanos(15));
        TaskTimes running = new TaskTimes(10, java.util.OptionalLong.of(12), java.util.OptionalLong.empty(), 25);
        assertThat(running.waited()).isEqualTo(Duration.ofNanos(2));
        assertThat(running.ran()).isEqualTo(Duration.ofNanos(13));
        assertThat(running.age()).isEqualTo(Duration.ofNanos(15));
    }
}
