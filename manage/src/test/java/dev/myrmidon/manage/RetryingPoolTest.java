package dev.myrmidon.manage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.TaskDecorator;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskTimeoutException;
import dev.myrmidon.manage.AttemptsFailedException.Reason;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.event.RetryEvent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Tasks that are tried again.
@Timeout(60)
class RetryingPoolTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);
    private static final Duration NOT_IN_THIS_TEST = Duration.ofHours(1);

    /// Where an attempt has a time limit: on a busy machine any of them may run into it.
    private static final int AS_MANY_AS_IT_TAKES = 1_000_000;

    private static Pool pool(int capacity) {
        return Pool.builder("orders").capacity(capacity).build();
    }

    private static RetryConfig.Builder<Object> config(int maxAttempts, Duration interval) {
        return RetryConfig.custom().maxAttempts(maxAttempts).intervalFunction(IntervalFunction.of(interval));
    }

    private static RetryingPool retrying(Pool pool, int maxAttempts, Duration interval) {
        return RetryingPool.of(
                pool, Retry.of("charge", config(maxAttempts, interval).build()));
    }

    private static RetryingPool retrying(Pool pool, RetryConfig.Builder<Object> config) {
        return RetryingPool.of(pool, Retry.of("charge", config.build()));
    }

    /// Fails so many times before it returns the number of its call.
    private static Callable<Integer> failing(int times) {
        AtomicInteger calls = new AtomicInteger();
        return () -> {
            int call = calls.incrementAndGet();
            if (call <= times) {
                throw new IOException("call " + call);
            }
            return call;
        };
    }

    private static AttemptsFailedException failureOf(Future<?> task) throws Exception {
        try {
            task.get(30, SECONDS);
        } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(AttemptsFailedException.class);
            return (AttemptsFailedException) e.getCause();
        }
        throw new AssertionError(task + " did not fail");
    }

    private static void awaitWaiting(RetryingTask<?> task) {
        await().until(() -> task.status() == RetryingTask.Status.WAITING);
    }

    private static void assertBooksBalance(Pool pool) {
        PoolStats stats = pool.stats();
        assertThat(stats.submitted())
                .as("%s", stats)
                .isEqualTo(stats.rejected()
                        + stats.completed()
                        + stats.failed()
                        + stats.cancelled()
                        + stats.running()
                        + stats.queued());
    }

    @Test
    void aTaskIsTriedAgainUntilItSucceeds() throws Exception {
        Pool pool = pool(1);
        try (pool) {
            RetryingPool retrying = retrying(pool, 5, AT_ONCE);
            RetryingTask<Integer> task = retrying.submit(failing(2), TaskOptions.named("charge"));

            assertThat(task.get(30, SECONDS)).isEqualTo(3);
            assertThat(task.join()).isEqualTo(3);
            assertThat(task.attempts()).isEqualTo(3);
            assertThat(task.lastFailure())
                    .get()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("call 2");
            assertThat(task.status()).isEqualTo(RetryingTask.Status.COMPLETED);
            assertThat(task.state()).isEqualTo(Future.State.SUCCESS);
            assertThat(task.name()).isEqualTo("charge");
            assertThat(task).hasToString("orders/charge[COMPLETED, attempts=3]");
            assertThat(task.cancel(true)).isFalse();
            assertThat(retrying.retries()).isEqualTo(2);
            assertThat(retrying.waiting()).isZero();
            assertThat(retrying.retry().getMetrics().getNumberOfSuccessfulCallsWithRetryAttempt())
                    .isEqualTo(1);
            assertThat(retrying.toString()).startsWith("orders ").endsWith(" retries=2 waitingToRetry=0");
            assertThat(retrying.pool()).isSameAs(pool);
        }
        assertThat(pool.stats().failed()).as("each attempt is a task").isEqualTo(2);
        assertThat(pool.stats().completed()).isEqualTo(1);
        assertBooksBalance(pool);
    }

    @Test
    void aTaskThatSucceedsIsNotTriedAgain() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingPool retrying = retrying(pool, 5, AT_ONCE);
            AtomicInteger runs = new AtomicInteger();
            RetryingTask<?> task = retrying.submit(runs::incrementAndGet, TaskOptions.NONE);
            Runnable run = runs::incrementAndGet;
            RetryingTask<?> command = retrying.submit(run);

            task.get(30, SECONDS);
            assertThat(command.get(30, SECONDS)).isNull();
            assertThat(runs).hasValue(2);
            assertThat(task.attempts()).isEqualTo(1);
            assertThat(task.lastFailure()).isEmpty();
            assertThat(task.name()).startsWith(RetryingPoolTest.class.getName()).doesNotContain("/");
            assertThat(command.name())
                    .startsWith(RetryingPoolTest.class.getName())
                    .doesNotContain("/");
            assertThat(retrying.retries()).isZero();
            assertThat(retrying.submit(() -> null).get(30, SECONDS)).isNull();
        }
    }

    @Test
    void theFailureCarriesTheLastTenOfAllAttempts() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingTask<Integer> task = retrying(pool, 12, AT_ONCE).submit(failing(100), TaskOptions.named("charge"));

            AttemptsFailedException failure = failureOf(task);

            assertThat(failure.reason()).isEqualTo(Reason.ATTEMPTS_USED_UP);
            assertThat(failure.attempts()).isEqualTo(12);
            assertThat(failure)
                    .hasMessageMatching("orders/charge failed after 12 attempts in \\d+ ms: no attempt is left;"
                            + " the last one failed with java.io.IOException: call 12");
            assertThat(failure).hasCause(new IOException("call 12"));
            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                            "call 3", "call 4", "call 5", "call 6", "call 7", "call 8", "call 9", "call 10", "call 11");
            assertThat(task.status()).isEqualTo(RetryingTask.Status.FAILED);
            assertThat(task.exceptionNow()).isSameAs(failure);
            assertThatThrownBy(task::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCause(failure);
            assertThatThrownBy(() -> task.toCompletableFuture().get(30, SECONDS))
                    .hasCause(failure);
        }
    }

    @Test
    void oneExceptionThrownAgainAndAgainIsNotTouched() throws Exception {
        try (Pool pool = pool(1)) {
            IOException same = new IOException("same");
            AttemptsFailedException failure =
                    failureOf(retrying(pool, 3, AT_ONCE).submit(() -> {
                        throw same;
                    }));

            assertThat(failure).hasCause(same);
            assertThat(failure.getSuppressed()).containsExactly(same, same);
            assertThat(same.getSuppressed()).isEmpty();
        }
    }

    @Test
    void whatThePolicyIgnoresIsNotTriedAgainNorAreErrors() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingPool retrying = retrying(pool, config(3, AT_ONCE).ignoreExceptions(IllegalStateException.class));

            AttemptsFailedException ignored = failureOf(retrying.submit(() -> {
                throw new IllegalStateException("boom");
            }));
            AttemptsFailedException error = failureOf(retrying.submit(() -> {
                throw new StackOverflowError("deep");
            }));

            assertThat(ignored.reason()).isEqualTo(Reason.NOT_RETRIED);
            assertThat(ignored).hasMessageContaining("failed after 1 attempt in ");
            assertThat(ignored.getCause()).hasMessage("boom");
            assertThat(error.reason()).isEqualTo(Reason.NOT_RETRIED);
            assertThat(error.getCause()).isInstanceOf(StackOverflowError.class);
            assertThat(retrying.retries()).isZero();
        }
    }

    @Test
    void resultsCanBeTriedAgainToo() throws Exception {
        try (Pool pool = pool(1)) {
            AtomicInteger calls = new AtomicInteger();
            RetryingPool retrying = retrying(pool, config(3, AT_ONCE).retryOnResult(result -> !result.equals(3)));
            assertThat(retrying.submit(calls::incrementAndGet).get(30, SECONDS)).isEqualTo(3);

            RetryingTask<String> unwanted = retrying.submit(() -> "no");
            assertThat(unwanted.get(30, SECONDS))
                    .as("the last one, as the library has it")
                    .isEqualTo("no");
            assertThat(unwanted.attempts()).isEqualTo(3);

            RetryingPool strict =
                    retrying(pool, config(2, AT_ONCE).retryOnResult(_ -> true).failAfterMaxAttempts(true));
            AttemptsFailedException failure = failureOf(strict.submit(() -> "no"));
            assertThat(failure.reason()).isEqualTo(Reason.ATTEMPTS_USED_UP);
            assertThat(failure).hasNoCause();
        }
    }

    @Test
    void theLibraryTellsOfRetries() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingPool retrying = retrying(pool, 3, AT_ONCE);
            List<RetryEvent.Type> events = new CopyOnWriteArrayList<>();
            retrying.retry().getEventPublisher().onEvent(event -> events.add(event.getEventType()));

            retrying.submit(failing(1)).get(30, SECONDS);
            failureOf(retrying.submit(failing(3)));

            assertThat(events)
                    .containsExactly(
                            RetryEvent.Type.RETRY,
                            RetryEvent.Type.SUCCESS,
                            RetryEvent.Type.RETRY,
                            RetryEvent.Type.RETRY,
                            RetryEvent.Type.ERROR);
        }
    }

    @Test
    void itWaitsAsLongAsTheIntervalFunctionSays() throws Exception {
        try (Pool pool = pool(1)) {
            List<Long> starts = new CopyOnWriteArrayList<>();
            RetryingPool retrying = retrying(
                    pool,
                    RetryConfig.custom()
                            .maxAttempts(3)
                            .intervalFunction(IntervalFunction.ofExponentialBackoff(Duration.ofMillis(20), 2)));
            failureOf(retrying.submit(() -> {
                starts.add(System.nanoTime());
                throw new IOException();
            }));

            assertThat(starts.get(1) - starts.get(0))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
            assertThat(starts.get(2) - starts.get(1))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(40).toNanos());
        }
    }

    @Test
    void aPolicyThatThrowsFailsTheTask() throws Exception {
        try (Pool pool = pool(1)) {
            RuntimeException bug = new RuntimeException("bug");
            List<RetryConfig.Builder<Object>> policies = List.of(
                    config(3, AT_ONCE).retryOnException(_ -> {
                        throw bug;
                    }),
                    RetryConfig.custom().maxAttempts(3).intervalFunction(_ -> {
                        throw bug;
                    }));
            for (RetryConfig.Builder<Object> policy : policies) {
                AttemptsFailedException failure =
                        failureOf(retrying(pool, policy).submit(failing(5)));
                assertThat(failure.reason()).isEqualTo(Reason.NOT_RETRIED);
                assertThat(failure.getCause()).hasMessage("call 1");
                assertThat(failure).hasSuppressedException(bug);
            }
            AttemptsFailedException ofResult =
                    failureOf(retrying(pool, config(3, AT_ONCE).retryOnResult(_ -> {
                                throw bug;
                            }))
                            .submit(() -> 1));
            assertThat(ofResult).hasNoCause().hasSuppressedException(bug);
        }
    }

    @Test
    void anIntervalThatIsNullOrHugeIsNoTrouble() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingTask<?> huge = retrying(
                            pool, RetryConfig.custom().maxAttempts(3).intervalFunction(_ -> Long.MAX_VALUE))
                    .submit(failing(5));
            awaitWaiting(huge);
            assertThat(huge.cancel(false)).isTrue();
            assertThat(retrying(pool, RetryConfig.custom().maxAttempts(3).intervalFunction(_ -> 0L))
                            .submit(failing(2))
                            .get(30, SECONDS))
                    .isEqualTo(3);
        }
    }

    @Test
    void aTaskThatWaitsHoldsNothing() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).nonblocking().build()) {
            RetryingPool retrying = retrying(pool, 3, NOT_IN_THIS_TEST);
            RetryingTask<?> task = retrying.submit(failing(5));
            awaitWaiting(task);
            pool.awaitIdle();

            assertThat(pool.submit(() -> "room").get(30, SECONDS)).isEqualTo("room");
            assertThat(pool.stats().running()).isZero();
            assertThat(retrying.waiting()).isEqualTo(1);
            assertThat(task).hasToString("orders/" + task.name() + "[WAITING, attempts=1]");
            assertThat(task.isDone()).isFalse();
            assertThat(task.cancel(true)).isTrue();
            assertThat(retrying.waiting()).isZero();
        }
    }

    @Test
    void aHundredThousandThatWaitCostNoThreadEach() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(100)
                .expiry(Duration.ofMillis(1))
                .build();
        int tasks = 100_000;
        try (pool) {
            RetryingPool retrying = retrying(pool, 2, NOT_IN_THIS_TEST);
            failureOf(retrying(pool, 2, AT_ONCE).submit(failing(2))); // so that all that there is has been used
            IOException failure = new IOException("down");
            int threads = Thread.getAllStackTraces().size();
            List<RetryingTask<?>> all = new ArrayList<>();
            for (int i = 0; i < tasks; i++) {
                all.add(retrying.submit(() -> {
                    throw failure;
                }));
            }
            await().until(() -> retrying.waiting() == tasks);
            await().until(() -> pool.stats().workers() == 0);

            assertThat(pool.stats().running()).isZero();
            assertThat(Thread.getAllStackTraces().size()).isLessThan(threads + 100); // the JDK's own come and go
            pool.shutdown();
            for (RetryingTask<?> task : all) {
                assertThat(failureOf(task).reason()).isEqualTo(Reason.POOL_CLOSED);
            }
            assertThat(retrying.waiting()).isZero();
        }
        assertBooksBalance(pool);
    }

    @Test
    void cancellingReachesATaskThatIsQueuedRunsOrWaits() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        try (pool) {
            RetryingPool retrying = retrying(pool, 3, NOT_IN_THIS_TEST);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            RetryingTask<?> running = retrying.submit(() -> {
                begun.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                    throw e;
                }
                return null;
            });
            begun.await();
            assertThat(running.status()).isEqualTo(RetryingTask.Status.RUNNING);
            RetryingTask<?> queued = retrying.submit(() -> "never");
            assertThat(queued.status()).isEqualTo(RetryingTask.Status.QUEUED);

            assertThat(queued.cancel(false)).isTrue();
            assertThat(pool.stats().queued()).isZero();
            assertThat(running.cancel(true)).isTrue();
            assertThat(interrupted.get(30, SECONDS)).isTrue();
            RetryingTask<?> waiting = retrying.submit(failing(1));
            awaitWaiting(waiting);
            assertThat(waiting.cancel(false)).isTrue();

            for (RetryingTask<?> task : List.of(queued, running, waiting)) {
                assertThat(task.isCancelled()).isTrue();
                assertThat(task.state()).isEqualTo(Future.State.CANCELLED);
                assertThat(task.status()).isEqualTo(RetryingTask.Status.CANCELLED);
                assertThat(task.cancel(true)).isFalse();
                assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
            }
            assertThat(retrying.retries()).isZero();
            assertThat(retrying.waiting()).isZero();
        }
        assertBooksBalance(pool);
    }

    @Test
    void cancellingTheCompletableFutureCancelsTheTask() throws Exception {
        try (Pool pool = pool(1)) {
            RetryingTask<Integer> task = retrying(pool, 3, NOT_IN_THIS_TEST).submit(failing(1));
            awaitWaiting(task);
            CompletableFuture<Integer> one = task.toCompletableFuture();
            CompletableFuture<Integer> other = task.toCompletableFuture();
            one.cancel(false);

            assertThat(task.isCancelled()).isTrue();
            assertThat(other.isCancelled()).isTrue();
        }
    }

    @Test
    void cancellingAnAttemptCancelsTheTask() throws Exception {
        AtomicReference<Task<?>> attempt = new AtomicReference<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof dev.myrmidon.PoolEvent.Started started) {
                        attempt.set(started.task());
                    }
                })
                .build();
        try (pool) {
            RetryingTask<?> task = retrying(pool, 3, AT_ONCE).submit(() -> {
                new CountDownLatch(1).await();
                return null;
            });
            await().until(() -> attempt.get() != null);
            attempt.get().cancel(true);

            await().until(task::isCancelled);
            assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void shutdownEndsTasksThatWaitAndThoseThatFailAfterIt() throws Exception {
        Pool pool = pool(2);
        RetryingPool retrying = retrying(pool, 3, NOT_IN_THIS_TEST);
        RetryingTask<?> waiting = retrying.submit(failing(5));
        awaitWaiting(waiting);
        CountDownLatch letGo = new CountDownLatch(1);
        RetryingTask<?> running = retrying.submit(() -> {
            letGo.await();
            throw new IOException("late");
        });
        RetryingTask<String> good = retrying.submit(() -> {
            letGo.await();
            return "good";
        });
        pool.shutdown();

        AttemptsFailedException failure = failureOf(waiting);
        assertThat(failure.reason()).isEqualTo(Reason.POOL_CLOSED);
        assertThat(failure).hasMessageContaining("the pool is shut down").hasCause(new IOException("call 1"));
        assertThat(running.isDone()).isFalse();
        letGo.countDown();
        assertThat(failureOf(running).reason()).isEqualTo(Reason.POOL_CLOSED);
        assertThat(good.get(30, SECONDS)).isEqualTo("good");
        pool.close();
        assertThatThrownBy(() -> retrying.submit(() -> 1)).isInstanceOf(PoolClosedException.class);
        assertThat(retrying.waiting()).isZero();
        assertBooksBalance(pool);
    }

    @Test
    void shutdownNowInterruptsAnAttemptAndCancelsAQueuedOne() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        RetryingPool retrying = retrying(pool, 3, AT_ONCE);
        CountDownLatch begun = new CountDownLatch(1);
        RetryingTask<?> running = retrying.submit(() -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return null;
        });
        RetryingTask<?> queued = retrying.submit(() -> "never");
        begun.await();
        assertThat(pool.shutdownNow()).hasSize(1);

        assertThat(failureOf(running).reason()).isEqualTo(Reason.POOL_CLOSED);
        assertThat(failureOf(running)).hasCauseInstanceOf(InterruptedException.class);
        await().until(queued::isCancelled);
        pool.close();
        assertBooksBalance(pool);
    }

    @Test
    void closingWithADeadlineEndsEveryFuture() throws Exception {
        Pool pool = Pool.builder("orders").capacity(3).queueCapacity(100).build();
        RetryingPool retrying = retrying(pool, 1_000, AT_ONCE);
        List<RetryingTask<?>> tasks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            tasks.add(retrying.submit(failing(Integer.MAX_VALUE)));
            tasks.add(retrying.submit(() -> {
                new CountDownLatch(1).await();
                return null;
            }));
        }
        pool.close(Duration.ofMillis(20));

        await().until(() -> tasks.stream().allMatch(Future::isDone));
        for (RetryingTask<?> task : tasks) {
            assertThat(task.state()).isIn(Future.State.FAILED, Future.State.CANCELLED);
        }
        await().until(() -> retrying.waiting() == 0 && pool.isTerminated());
        assertBooksBalance(pool);
    }

    @Test
    void aTimeoutIsOfEachAttemptAndAFailure() throws Exception {
        try (Pool pool = pool(2)) {
            AtomicInteger calls = new AtomicInteger();
            RetryingTask<String> task = retrying(pool, AS_MANY_AS_IT_TAKES, AT_ONCE)
                    .submit(
                            () -> {
                                if (calls.incrementAndGet() < 3) {
                                    new CountDownLatch(1).await();
                                }
                                return "good";
                            },
                            TaskOptions.NONE.timeout(Duration.ofMillis(10)));

            assertThat(task.get(30, SECONDS)).isEqualTo("good");
            assertThat(task.attempts()).isGreaterThanOrEqualTo(3);
            assertThat(task.lastFailure()).get().isInstanceOf(TaskTimeoutException.class);
            await().until(() -> pool.stats().timedOut() == task.attempts() - 1L);

            RetryingPool ignoring = retrying(pool, config(3, AT_ONCE).ignoreExceptions(TimeoutException.class));
            AttemptsFailedException ignored = failureOf(ignoring.submit(
                    () -> {
                        new CountDownLatch(1).await();
                        return null;
                    },
                    TaskOptions.NONE.timeout(Duration.ofMillis(10))));
            assertThat(ignored.reason()).isEqualTo(Reason.NOT_RETRIED);
            assertThat(ignored).hasCauseInstanceOf(TaskTimeoutException.class);
        }
    }

    @Test
    void attemptsDoNotOverlapAfterATimeout() throws Exception {
        try (Pool pool = pool(2)) {
            CountDownLatch letGo = new CountDownLatch(1);
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            AtomicInteger calls = new AtomicInteger();
            RetryingTask<?> task = retrying(pool, AS_MANY_AS_IT_TAKES, AT_ONCE)
                    .submit(
                            () -> {
                                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                                if (calls.incrementAndGet() == 1) {
                                    awaitStubbornly(letGo);
                                }
                                inside.decrementAndGet();
                                return "good";
                            },
                            TaskOptions.NONE.timeout(Duration.ofMillis(10)));
            await().until(() -> calls.get() == 1 && task.status() == RetryingTask.Status.WAITING);
            await().until(() -> pool.stats().overdue() == 1);
            assertThat(calls).hasValue(1);
            letGo.countDown();

            assertThat(task.get(30, SECONDS)).isEqualTo("good");
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void aTaskWhoseCodeOverstaysItsTimeoutEndsAtTheDeadlineByCancellingOrByShutdown() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        AtomicBoolean lateBegun = new AtomicBoolean();
        Pool pool = pool(3);
        Callable<?> stubborn = () -> {
            begun.countDown();
            awaitStubbornly(letGo);
            return null;
        };
        int attempts;
        TaskOptions options = TaskOptions.NONE.timeout(Duration.ofMillis(5));
        Retry retry =
                Retry.of("charge", config(AS_MANY_AS_IT_TAKES, AT_ONCE).build()); // some may time out before they begin
        try (pool) {
            RetryingTask<?> late = RetryingPool.of(pool, retry, Duration.ofMillis(200))
                    .submit(
                            () -> {
                                lateBegun.set(true);
                                awaitStubbornly(letGo);
                                return null;
                            },
                            options);
            RetryingTask<?> cancelled = RetryingPool.of(pool, retry).submit(stubborn, options);
            RetryingTask<?> closed = RetryingPool.of(pool, retry).submit(stubborn, options);
            begun.await();
            awaitWaiting(cancelled);
            awaitWaiting(closed);
            assertThat(cancelled.cancel(true)).isTrue();
            assertThat(failureOf(late).reason()).isEqualTo(Reason.DEADLINE);
            if (lateBegun.get()) { // or it was shed, where a start takes that long
                assertThat(failureOf(late)).hasCauseInstanceOf(TaskTimeoutException.class);
            }
            pool.shutdown();
            assertThat(failureOf(closed).reason()).isEqualTo(Reason.POOL_CLOSED);
            letGo.countDown();
            attempts = late.attempts() + cancelled.attempts() + closed.attempts();
        }
        assertBooksBalance(pool);
        assertThat(pool.stats().timedOut() + pool.stats().shed()).isEqualTo(attempts);
    }

    /// A decorator may hold a task up past its timeout, and then throw instead of calling its code.
    @Test
    void anAttemptWhoseCodeIsNeverCalledIsTriedAgain() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        TaskDecorator slowOnce = code -> () -> {
            if (calls.incrementAndGet() == 1) {
                Endless.awaitInterrupt(); // which the timeout sends
                throw new IllegalStateException("no context");
            }
            code.run();
        };
        try (Pool pool = Pool.builder("orders").capacity(2).decorator(slowOnce).build()) {
            AtomicInteger runs = new AtomicInteger();
            RetryingTask<Integer> task = retrying(pool, AS_MANY_AS_IT_TAKES, AT_ONCE)
                    .submit(runs::incrementAndGet, TaskOptions.NONE.timeout(Duration.ofMillis(10)));

            assertThat(task.get(30, SECONDS)).isPositive().isEqualTo(runs.get());
            assertThat(task.lastFailure()).get().isInstanceOf(TaskTimeoutException.class);
        }
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        long end = System.nanoTime() + Duration.ofSeconds(50).toNanos();
        boolean done = false;
        while (!done) {
            try {
                done = latch.await(end - System.nanoTime(), java.util.concurrent.TimeUnit.NANOSECONDS)
                        || System.nanoTime() >= end;
            } catch (InterruptedException e) {
                // the very point
            }
        }
    }

    @Test
    void theFirstAttemptIsRefusedAsExecuteRefuses() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
        CountDownLatch letGo = new CountDownLatch(1);
        try (pool) {
            RetryingPool retrying = retrying(pool, 3, AT_ONCE);
            RetryingTask<?> first = retrying.submit(() -> {
                letGo.await();
                return null;
            });
            assertThatThrownBy(() -> retrying.submit(() -> 1)).isInstanceOf(PoolSaturatedException.class);
            letGo.countDown();
            first.get(30, SECONDS);
            assertThat(retrying.waiting()).isZero();
        }
        assertThat(pool.stats().rejected()).isEqualTo(1);
        assertBooksBalance(pool);
    }

    @Test
    void aLaterAttemptThatIsRefusedIsAFailedOne() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
        CountDownLatch letGo = new CountDownLatch(1);
        AtomicInteger refusals = new AtomicInteger();
        try (pool) {
            RetryingPool retrying = retrying(pool, 1_000_000, Duration.ofMillis(5));
            retrying.retry().getEventPublisher().onRetry(event -> {
                if (event.getLastThrowable() instanceof PoolSaturatedException) {
                    refusals.incrementAndGet();
                }
            });
            AtomicReference<Future<?>> holder = new AtomicReference<>();
            Semaphore failed = new Semaphore(0);
            RetryingTask<String> task = retrying.submit(() -> {
                if (failed.availablePermits() == 0) {
                    failed.release();
                    throw new IOException("down");
                }
                return "good";
            });
            await().ignoreExceptionsInstanceOf(PoolSaturatedException.class).until(() -> {
                if (task.isDone()) {
                    return true; // the slot was never free for long enough: the next lines hold all the same
                }
                holder.set(pool.submit(() -> {
                    letGo.await();
                    return null;
                }));
                return true;
            });
            if (holder.get() != null) {
                await().until(() -> refusals.get() > 1);
                assertThat(task.lastFailure()).get().isInstanceOf(PoolSaturatedException.class);
            }
            letGo.countDown();
            assertThat(task.get(30, SECONDS)).isEqualTo("good");
            assertThat(retrying.retries()).isEqualTo(task.attempts() - 1L);
        }
        assertBooksBalance(pool);
    }

    @Test
    void aLaterAttemptWaitsForRoomWithoutAThreadEach() throws Exception {
        Pool pool = Pool.builder("orders").capacity(10).build();
        CountDownLatch fail = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(10);
        CountDownLatch letGo = new CountDownLatch(1);
        try (pool) {
            RetryingPool retrying = retrying(pool, 2, AT_ONCE);
            List<RetryingTask<Integer>> tasks = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                tasks.add(retrying.submit(failingOnce(fail)));
            }
            for (int i = 0; i < 10; i++) {
                Thread.startVirtualThread(() -> pool.execute(() -> {
                    held.countDown();
                    awaitStubbornly(letGo);
                }));
            }
            await().until(() -> pool.stats().waiting() == 10); // so that the slots are theirs before any attempt's
            fail.countDown();
            held.await();
            await().until(() -> pool.stats().waiting() == 1);
            await().until(() -> retrying.waiting() == 9);
            assertThat(pool.stats().waiting()).isEqualTo(1);
            letGo.countDown();
            for (RetryingTask<Integer> task : tasks) {
                assertThat(task.get(30, SECONDS)).isEqualTo(2);
            }
        }
        assertBooksBalance(pool);
    }

    /// Fails once, when it is told to.
    private static Callable<Integer> failingOnce(CountDownLatch when) {
        Callable<Integer> failing = failing(1);
        return () -> {
            when.await();
            return failing.call();
        };
    }

    @Test
    void aShedAttemptIsAFailedOne() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        CountDownLatch letGo = new CountDownLatch(1);
        try (pool) {
            Future<?> holder = pool.submit(() -> {
                letGo.await();
                return null;
            });
            RetryingTask<String> task = retrying(pool, 1_000_000, AT_ONCE)
                    .submit(() -> "good", TaskOptions.NONE.startWithin(Duration.ofMillis(5)));
            await().until(() -> task.attempts() > 3);
            assertThat(task.lastFailure())
                    .get()
                    .asInstanceOf(type(CancellationException.class))
                    .extracting(Throwable::getMessage)
                    .asString()
                    .contains("was shed");
            letGo.countDown();
            holder.get(30, SECONDS);
            assertThat(task.get(30, SECONDS)).isEqualTo("good");
        }
        assertThat(pool.stats().shed()).isPositive();
        assertBooksBalance(pool);
    }

    @Test
    void noAttemptWaitsForATimeAfterTheDeadline() throws Exception {
        try (Pool pool = pool(1)) {
            Retry retry = Retry.of("charge", config(3, NOT_IN_THIS_TEST).build());
            RetryingPool retrying = RetryingPool.of(pool, retry, Duration.ofMinutes(1));
            AttemptsFailedException failure = failureOf(retrying.submit(failing(5)));

            assertThat(failure.reason()).isEqualTo(Reason.DEADLINE);
            assertThat(failure.attempts()).isEqualTo(1);
            assertThat(failure)
                    .hasMessageContaining("the deadline leaves no time for the next one")
                    .hasCause(new IOException("call 1"));
        }
    }

    @Test
    void aTaskThatIsQueuedOrWaitsForRoomFailsAtTheDeadline() throws Exception {
        for (int queueCapacity : List.of(0, 10)) {
            Pool pool = Pool.builder("orders")
                    .capacity(1)
                    .queueCapacity(queueCapacity)
                    .build();
            CountDownLatch letGo = new CountDownLatch(1);
            try (pool) {
                Retry retry = Retry.of("charge", config(3, AT_ONCE).build());
                CountDownLatch fail = new CountDownLatch(1);
                RetryingTask<?> task =
                        RetryingPool.of(pool, retry, Duration.ofMillis(500)).submit(failingOnce(fail));
                Thread.startVirtualThread(() -> pool.execute(() -> awaitStubbornly(letGo)));
                await().until(() -> pool.stats().queued() + pool.stats().waiting() == 1
                        || task.isDone()); // was too late to start, and the other has its slot
                fail.countDown();

                assertThat(failureOf(task).reason()).isEqualTo(Reason.DEADLINE);
                letGo.countDown();
            }
            assertBooksBalance(pool);
        }
    }

    /// The policy doesn't know what a pool sheds at the deadline; that doesn't make it the reason.
    @Test
    void anAttemptThatIsQueuedAtTheDeadlineFailsForThat() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        CountDownLatch letGo = new CountDownLatch(1);
        try (pool) {
            Future<?> holder = pool.submit(() -> awaitStubbornly(letGo));
            Retry retry = Retry.of(
                    "charge",
                    config(3, AT_ONCE).retryExceptions(IOException.class).build());
            RetryingTask<?> queued =
                    RetryingPool.of(pool, retry, Duration.ofMillis(20)).submit(() -> "never");

            assertThat(failureOf(queued).reason()).isEqualTo(Reason.DEADLINE);
            assertThat(failureOf(queued)).hasCauseInstanceOf(CancellationException.class);
            letGo.countDown();
            holder.get(30, SECONDS);
        }
        assertBooksBalance(pool);
    }

    @Test
    void aHandlerThatPassesAttemptsToAClosedPoolIsNoShutdown() throws Exception {
        Pool closed = pool(1);
        closed.close();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.handle((task, _) -> closed.execute(task)))
                .build();
        CountDownLatch letGo = new CountDownLatch(1);
        try (pool) {
            AtomicReference<Future<?>> holder = new AtomicReference<>();
            RetryingTask<?> task = retrying(pool, 2, Duration.ofMillis(300)).submit(failing(2));
            await().ignoreException(PoolClosedException.class).until(() -> {
                holder.set(pool.submit(() -> awaitStubbornly(letGo)));
                return true;
            });

            assertThat(failureOf(task).reason()).isEqualTo(Reason.ATTEMPTS_USED_UP);
            assertThat(task.attempts()).isEqualTo(2);
            letGo.countDown();
            holder.get().get(30, SECONDS);
        }
    }

    @Test
    void anAttemptThatRunsAtTheDeadlineMayStillSucceed() throws Exception {
        try (Pool pool = pool(1)) {
            Retry retry = Retry.of("charge", config(3, AT_ONCE).build());
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch letGo = new CountDownLatch(1);
            long start = System.nanoTime();
            RetryingTask<String> task = RetryingPool.of(pool, retry, Duration.ofMillis(100))
                    .submit(() -> {
                        if (calls.incrementAndGet() == 1) {
                            throw new IOException("down");
                        }
                        letGo.await();
                        return "good";
                    });
            await().until(() ->
                    System.nanoTime() - start > Duration.ofMillis(110).toNanos());
            if (calls.get() == 2) {
                assertThat(task.isDone()).isFalse();
                letGo.countDown();
                assertThat(task.get(30, SECONDS)).isEqualTo("good");
            }
            letGo.countDown();
        }
    }

    @Test
    void theFirstSubmissionWaitsNoLongerThanTheDeadline() throws Exception {
        try (Pool pool = pool(1)) {
            CountDownLatch letGo = new CountDownLatch(1);
            pool.execute(() -> awaitStubbornly(letGo));
            Retry retry = Retry.of("charge", config(3, AT_ONCE).build());
            RetryingPool retrying = RetryingPool.of(pool, retry, Duration.ofMillis(20));

            assertThatThrownBy(() -> retrying.submit(() -> 1)).isInstanceOf(PoolSaturatedException.class);
            letGo.countDown();
        }
    }

    @Test
    void optionsHoldForEachAttempt() throws Exception {
        List<String> names = new CopyOnWriteArrayList<>();
        PoolBuilder builder = Pool.builder("orders")
                .capacity(1)
                .queueOrder(QueueOrder.priority())
                .queueCapacity(10)
                .listener(event -> {
                    if (event instanceof dev.myrmidon.PoolEvent.Ended ended) {
                        names.add(ended.task().name() + " " + ended.task().status());
                    }
                });
        try (Pool pool = builder.build()) {
            RetryingTask<Integer> task = retrying(pool, 3, AT_ONCE)
                    .submit(failing(2), TaskOptions.named("charge").priority(9).key("k"));
            task.get(30, SECONDS);
        }
        assertThat(names)
                .as("in any order: a later attempt doesn't wait until the listener is told of the one before")
                .containsExactlyInAnyOrder("charge FAILED", "charge FAILED", "charge COMPLETED");
    }

    @Test
    void othersOfAKeyRunWhileATaskWaits() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).queueCapacity(10).build()) {
            RetryingPool retrying = retrying(pool, 2, NOT_IN_THIS_TEST);
            RetryingTask<?> waiting = retrying.submit(failing(1), TaskOptions.keyed("k"));
            awaitWaiting(waiting);

            assertThat(retrying.submit(() -> "next", TaskOptions.keyed("k")).get(30, SECONDS))
                    .isEqualTo("next");
            assertThat(waiting.isDone()).isFalse();
        }
    }

    @Test
    void itGoesWithEveryPolicyForSaturatedPools() throws Exception {
        List<SaturationPolicy> policies = List.of(
                SaturationPolicy.await(),
                SaturationPolicy.awaitAtMost(Duration.ofSeconds(30)),
                SaturationPolicy.callerRuns(),
                SaturationPolicy.handle((task, _) -> task.run()));
        for (SaturationPolicy policy : policies) {
            Pool pool = Pool.builder("orders").capacity(2).whenSaturated(policy).build();
            try (pool) {
                RetryingPool retrying = retrying(pool, 4, AT_ONCE);
                List<RetryingTask<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    tasks.add(retrying.submit(failing(i % 4)));
                }
                for (int i = 0; i < 200; i++) {
                    assertThat(tasks.get(i).get(30, SECONDS)).as("%s", policy).isEqualTo(i % 4 + 1);
                }
            }
            assertBooksBalance(pool);
        }
    }

    @Test
    void aDeadlineThatIsNotPositiveIsRefused() {
        try (Pool pool = pool(1)) {
            Retry retry = Retry.ofDefaults("charge");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> RetryingPool.of(pool, retry, Duration.ZERO))
                    .withMessage("deadline must be positive or Pool.NEVER, was PT0S");
        }
    }

    /// Submits, cancels and lets time out at random while the pool is resized and at last closed: every
    /// future ends, and the books balance.
    @Test
    void everyFutureEndsAndTheBooksBalance() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            Pool pool = Pool.builder("orders")
                    .capacity(1 + random.nextInt(4))
                    .queueCapacity(random.nextInt(3))
                    .whenSaturated(random.nextBoolean() ? SaturationPolicy.await() : SaturationPolicy.refuse())
                    .build();
            Retry retry =
                    Retry.of("charge", config(1 + random.nextInt(4), AT_ONCE).build());
            RetryingPool retrying = RetryingPool.of(
                    pool, retry, random.nextBoolean() ? Pool.NEVER : Duration.ofMillis(1 + random.nextInt(20)));
            List<RetryingTask<?>> tasks = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < 200; i++) {
                int failures = random.nextInt(5);
                boolean hangs = random.nextInt(10) == 0;
                Callable<Integer> inner = failing(failures);
                TaskOptions options =
                        hangs ? TaskOptions.NONE.timeout(Duration.ofMillis(1 + random.nextInt(3))) : TaskOptions.NONE;
                try {
                    tasks.add(retrying.submit(
                            () -> {
                                if (hangs) { // and ends by itself, if it is cancelled without an interrupt
                                    var _ = new CountDownLatch(1).await(20, MILLISECONDS);
                                }
                                return inner.call();
                            },
                            random.nextInt(5) == 0 ? options.key(i % 3) : options));
                } catch (PoolSaturatedException e) {
                    refused++;
                }
                if (!tasks.isEmpty() && random.nextInt(10) == 0) {
                    tasks.get(random.nextInt(tasks.size())).cancel(random.nextBoolean());
                }
                if (random.nextInt(50) == 0) {
                    pool.resize(1 + random.nextInt(4));
                }
            }
            boolean orderly = random.nextBoolean();
            if (orderly) {
                pool.close();
            } else {
                pool.close(Duration.ofMillis(random.nextInt(5)));
            }
            await().alias("seed " + seed).until(() -> tasks.stream().allMatch(Future::isDone));
            await().alias("seed " + seed).until(() -> retrying.waiting() == 0 && pool.isTerminated());
            assertThat(refused).isLessThanOrEqualTo(200);
            assertBooksBalance(pool);
        }
    }
}
