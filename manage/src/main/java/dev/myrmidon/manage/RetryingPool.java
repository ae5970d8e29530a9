package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.TaskOptions;
import io.github.resilience4j.retry.Retry;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A pool whose tasks are tried again when they fail.
///
/// ```java
/// Retry policy = Retry.of("charge", RetryConfig.custom()
///         .maxAttempts(5)
///         .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(100), 2.0, 0.5))
///         .retryExceptions(IOException.class, TaskTimeoutException.class)
///         .build());
/// RetryingPool retrying = RetryingPool.of(pool, policy, Duration.ofSeconds(30));
/// RetryingTask<Receipt> receipt = retrying.submit(() -> charge(order));
/// ```
///
/// The policy is resilience4j's: [io.github.resilience4j.retry.RetryConfig] says how many attempts there
/// are, which failures and results are tried again, and how long to wait before that; the [Retry] counts,
/// tells of events, and may come from a registry. Its `waitDuration` is here no sleep: a task that waits
/// for its next attempt holds no slot, no place in the queue and no thread, and is about half a kilobyte of
/// memory, besides its failures. What its predicates, interval function and event consumers do runs in the
/// thread that ends an attempt, so they should be short. If one of them throws, the task fails. An [Error]
/// is never tried again.
///
/// **An attempt** is a task of the pool like any other, and counts there: an attempt that fails is a failed
/// task in [dev.myrmidon.PoolStats], though the next one may succeed. All options of a task hold for
/// each attempt: its timeout, its priority, the time in which it must start. An attempt fails if it throws,
/// if it [times out][dev.myrmidon.TaskTimeoutException], or if it is shed, as a
/// [java.util.concurrent.CancellationException] says then. Attempts of one task never overlap: after a
/// timeout the next one waits until the code of the one before has returned.
///
/// **Keys** order attempts, not tasks: while a task waits for its next attempt, others of its key run.
///
/// **Room**: `submit` waits for room or is refused as [Pool#execute(Runnable)] is; a task refused there
/// is not tried again. Later attempts that are due stand in a line, whose head one virtual thread
/// submits like any other submitter, in turn with the others. One that the pool refuses then, with
/// [PoolSaturatedException], counts as a failed attempt, and the policy decides. In a pool whose
/// [submitters run tasks][dev.myrmidon.SaturationPolicy#callerRuns()] that thread runs it.
///
/// **Shutdown**: a pool that is shut down takes no further attempts, and isn't kept from terminating by
/// tasks that wait for one. These fail with an [AttemptsFailedException] that says so, which begins within
/// a tenth of a second; attempts under way end as any task does.
///
/// **The deadline** is for a task with all its attempts, from its submission. No attempt starts after it.
/// A task whose next attempt would be due only then fails at once, and one that waits for room or in the queue
/// fails at the deadline. An attempt that runs is not disturbed: `timeout` limits it.
///
/// A task that waits for one of these tasks of the same pool holds its slot meanwhile: with no other
/// slot that is a deadlock.
///
/// There may be any number of these for one pool. They need no closing. Thread-safe.
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public final class RetryingPool {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    /// How long it may take until tasks that wait learn that the pool is shut down.
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Pool pool;
    private final String poolName;
    private final Retry retry;
    private final long deadlineNanos;
    private final Duration startWithin;

    private final LongAdder retries = new LongAdder();

    /// Those that wait for their next attempt.
    private final Set<RetryingTask<?>> waiting = ConcurrentHashMap.newKeySet();

    /// Those among them whose attempt is due, the earliest first.
    private final Queue<RetryingTask<?>> due = new ConcurrentLinkedQueue<>();

    /// True while the thread that submits them is at work.
    private final AtomicBoolean submitting = new AtomicBoolean();

    /// True while somebody is going to look whether the pool is shut down.
    private final AtomicBoolean looking = new AtomicBoolean();

    private RetryingPool(Pool pool, Retry retry, Duration deadline) {
        this.pool = Objects.requireNonNull(pool, "pool");
        this.poolName = pool.config().name();
        this.retry = Objects.requireNonNull(retry, "retry");
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException("deadline must be positive or Pool.NEVER, was " + deadline);
        }
        this.deadlineNanos = TimeUnit.NANOSECONDS.convert(deadline);
        this.startWithin = pool.config().startWithin();
    }

    /// Tasks of this pool that are tried again, without a deadline.
    ///
    /// @param pool runs the attempts; stays the caller's, to be closed by it
    /// @param retry the policy; may be shared
    /// @return it
    public static RetryingPool of(Pool pool, Retry retry) {
        return new RetryingPool(pool, retry, Pool.NEVER);
    }

    /// Tasks of this pool that are tried again until a deadline.
    ///
    /// @param pool runs the attempts; stays the caller's, to be closed by it
    /// @param retry the policy; may be shared
    /// @param deadline how long after its submission the last attempt of a task may start: positive, or
    ///     [Pool#NEVER]
    /// @return it
    /// @throws IllegalArgumentException if the deadline isn't positive
    public static RetryingPool of(Pool pool, Retry retry, Duration deadline) {
        return new RetryingPool(pool, retry, deadline);
    }

    /// Submits a task, as [Pool#submit(Callable)] does; it throws what that throws.
    ///
    /// @param <T> the type of the result
    /// @param task what to run, and to run again if it fails
    /// @return the task
    /// @throws PoolSaturatedException if there is no room for the first attempt
    /// @throws PoolClosedException if the pool is shut down
    public <T extends @Nullable Object> RetryingTask<T> submit(Callable<T> task) {
        return submit(task, TaskOptions.NONE);
    }

    /// [#submit(Callable)] with options.
    ///
    /// @param <T> the type of the result
    /// @param task what to run, and to run again if it fails
    /// @param options hold for each attempt
    /// @return the task
    /// @throws PoolSaturatedException if there is no room for the first attempt
    /// @throws PoolClosedException if the pool is shut down
    public <T extends @Nullable Object> RetryingTask<T> submit(Callable<T> task, TaskOptions options) {
        Objects.requireNonNull(task, "task");
        return submitted(new RetryingTask<>(this, task, nameOf(task, options), options));
    }

    /// [#submit(Callable)] of a task without a result.
    ///
    /// @param task what to run, and to run again if it fails
    /// @return the task, whose result will be null
    /// @throws PoolSaturatedException if there is no room for the first attempt
    /// @throws PoolClosedException if the pool is shut down
    public RetryingTask<?> submit(Runnable task) {
        return submit(task, TaskOptions.NONE);
    }

    /// [#submit(Runnable)] with options.
    ///
    /// @param task what to run, and to run again if it fails
    /// @param options hold for each attempt
    /// @return the task, whose result will be null
    /// @throws PoolSaturatedException if there is no room for the first attempt
    /// @throws PoolClosedException if the pool is shut down
    public RetryingTask<?> submit(Runnable task, TaskOptions options) {
        Objects.requireNonNull(task, "task");
        Callable<@Nullable Void> code = () -> {
            task.run();
            return null;
        };
        return RetryingPool.<@Nullable Void>submitted(
                new RetryingTask<@Nullable Void>(this, code, nameOf(task, options), options));
    }

    private static <T extends @Nullable Object> RetryingTask<T> submitted(RetryingTask<T> task) {
        task.submitFirst();
        return task;
    }

    /// The name of the task, or the class of its code, as the pool would call it.
    private static String nameOf(Object code, TaskOptions options) {
        if (options.name() != null) {
            return options.name();
        }
        String className = code.getClass().getName();
        int number = className.indexOf('/'); // which the JVM adds to a lambda
        return number < 0 ? className : className.substring(0, number);
    }

    /// {@return the pool that runs the attempts}
    public Pool pool() {
        return pool;
    }

    /// {@return the policy, with its counts}
    public Retry retry() {
        return retry;
    }

    /// {@return how many attempts were made that were not the first one of their task, refused ones too}
    public long retries() {
        return retries.sum();
    }

    /// {@return how many tasks wait for their next attempt: for their time, or to be submitted}
    public int waiting() {
        return waiting.size();
    }

    @Override
    public String toString() {
        return pool + " retries=" + retries() + " waitingToRetry=" + waiting();
    }

    String poolName() {
        return poolName;
    }

    /// How long after its submission an attempt of a task may start, in nanoseconds; `Long.MAX_VALUE` is forever.
    long deadlineNanos() {
        return deadlineNanos;
    }

    /// What holds for tasks that don't say.
    Duration startWithin() {
        return startWithin;
    }

    void countRetry() {
        retries.increment();
    }

    /// The task waits for its next attempt from now on; it looks itself whether the pool is shut down already.
    void noteWaiting(RetryingTask<?> task) {
        waiting.add(task);
        lookLater();
    }

    /// It doesn't, or not any more.
    void forget(RetryingTask<?> task) {
        waiting.remove(task);
    }

    /// Has the next attempt submitted when those before it have been. Doesn't wait.
    void comeDue(RetryingTask<?> task) {
        due.add(task);
        submitIfAny();
    }

    private void submitIfAny() {
        if (!due.isEmpty() && submitting.compareAndSet(false, true)) {
            start("retry", this::submitAll, submitting, this::submitIfAny);
        }
    }

    private void submitAll() {
        try {
            for (RetryingTask<?> task = due.poll(); task != null; task = due.poll()) {
                task.submitNext();
                var _ = Thread.interrupted(); // a handler of refusals may have left one
            }
        } finally {
            submitting.set(false);
            submitIfAny();
        }
    }

    /// A pool tells nobody that it is shut down, but the listeners that it was opened with; so while tasks wait
    /// somebody looks.
    private void lookLater() {
        if (!waiting.isEmpty() && looking.compareAndSet(false, true)) {
            var _ = later(this::look, LOOK_NANOS);
        }
    }

    private void look() {
        if (pool.isShutdown()) {
            start("retry-end", this::endWaiting, looking, this::lookLater);
        } else {
            looking.set(false);
            lookLater();
        }
    }

    private void endWaiting() {
        try {
            waiting.forEach(RetryingTask::noteClosed);
        } finally {
            looking.set(false);
            lookLater();
        }
    }

    /// Starts a virtual thread for work that is marked by a flag; if that can't be done now it is tried again.
    private void start(String what, Runnable work, AtomicBoolean flag, Runnable again) {
        try {
            Thread.ofVirtual()
                    .name(poolName + "-" + what)
                    .inheritInheritableThreadLocals(false)
                    .start(work);
        } catch (Throwable cannotStart) {
            flag.set(false);
            var _ = later(again, LOOK_NANOS); // before the log, which may have no memory either
            LOG.log(System.Logger.Level.WARNING, poolName + ": no thread for retries, trying again", cannotStart);
        }
    }

    /// Has something short done later, by the JDK's timer.
    static Future<?> later(Runnable action, long nanos) {
        return ForkJoinPool.commonPool().schedule(action, nanos, TimeUnit.NANOSECONDS);
    }
}
