package dev.myrmidon.manage;

import dev.myrmidon.PoolClosedException;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskOutcome;
import io.github.resilience4j.retry.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A task that was submitted to a [RetryingPool]: the future of its result, over all attempts.
///
/// It ends with the first attempt that succeeds, or fails with an [AttemptsFailedException], also if there
/// was one attempt only. It is cancelled if it, or one of its attempts, is cancelled by whoever; so
/// it is when [dev.myrmidon.Pool#shutdownNow()] takes back an attempt that never started.
///
/// Thread-safe.
///
/// @param <T> the type of the result
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public final class RetryingTask<T extends @Nullable Object> implements Future<T> {
    // Memory ordering: who ends the task does that first, and then looks for an attempt or a timer to cancel; who
    // sets one of these looks at the end afterwards. All are volatile, so one of the two sees the other.
    //
    // Attempts come one after the other, and so does all that decides about the next one; only an end may come from
    // elsewhere at any time.

    /// Where a task stands.
    public enum Status {
        /// An attempt was submitted and has not started.
        QUEUED,
        /// An attempt runs.
        RUNNING,
        /// An attempt has failed, and the next one is not due, or has not been submitted yet.
        WAITING,
        /// An attempt returned.
        COMPLETED,
        /// There is no further attempt.
        FAILED,
        /// Was cancelled.
        CANCELLED
    }

    /// How a task ended, before anybody else can see it.
    private enum End {
        BY_ITSELF,
        CANCELLED,
        CANCELLED_AND_INTERRUPTED
    }

    private final RetryingPool owner;
    private final Callable<T> code;
    private final String name;
    private final TaskOptions options;
    private final Retry.AsyncContext<T> context;
    private final long submitted = System.nanoTime();
    private final AtomicReference<@Nullable End> end = new AtomicReference<>();
    private final CompletableFuture<T> result = new CompletableFuture<>();

    /// The attempt that is the pool's, or is about to be; null while the task waits for the next one.
    private volatile @Nullable Attempt attempt;

    private volatile int attempts = 1;

    /// The latest ones. Written by whoever decides about the next attempt.
    private volatile List<Throwable> failures = List.of();

    /// Wakes a task that waits.
    private volatile @Nullable Future<?> timer;

    RetryingTask(RetryingPool owner, Callable<T> code, String name, TaskOptions options) {
        this.owner = owner;
        this.code = code;
        this.name = name;
        this.options = options.name(name);
        this.context = owner.retry().asyncContext();
    }

    /// {@return the name that its options gave it, or else the class of its code}
    public String name() {
        return name;
    }

    /// {@return where it stands now}
    public Status status() {
        return switch (result.state()) {
            case SUCCESS -> Status.COMPLETED;
            case FAILED -> Status.FAILED;
            case CANCELLED -> Status.CANCELLED;
            case RUNNING -> {
                Attempt now = attempt;
                if (now == null) {
                    yield Status.WAITING;
                }
                Task<T> task = now.task;
                yield task == null || task.status() == Task.Status.QUEUED ? Status.QUEUED : Status.RUNNING;
            }
        };
    }

    /// {@return how many attempts were made, the one under way and those that the pool refused included; at least
    /// 1}
    public int attempts() {
        return attempts;
    }

    /// {@return how the last attempt failed that did; empty if none has}
    public Optional<Throwable> lastFailure() {
        List<Throwable> now = failures;
        return now.isEmpty() ? Optional.empty() : Optional.of(now.getLast());
    }

    /// Cancels the task, if it hasn't ended, and the attempt under way, as [Task#cancel(boolean)] does.
    /// Doesn't wait for its code to return. One that waits for its next attempt is forgotten at once.
    ///
    /// @param mayInterruptIfRunning whether to interrupt an attempt that runs
    /// @return false if it had ended already
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!tryEnd(mayInterruptIfRunning ? End.CANCELLED_AND_INTERRUPTED : End.CANCELLED)) {
            return false;
        }
        Attempt now = attempt;
        if (now != null) {
            now.cancelIfOver();
        }
        completeCancelled();
        return true;
    }

    @Override
    public boolean isCancelled() {
        return result.isCancelled();
    }

    @Override
    public boolean isDone() {
        return result.isDone();
    }

    /// Waits for the end. The task goes on if the waiting thread is interrupted.
    ///
    /// @return the result
    /// @throws ExecutionException if the task failed; its cause is an [AttemptsFailedException]
    /// @throws CancellationException if it was cancelled
    @Override
    public T get() throws InterruptedException, ExecutionException {
        return result.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return result.get(timeout, unit);
    }

    /// Waits for the result, whatever interrupts come; they are kept.
    ///
    /// @return the result
    /// @throws CompletionException if the task failed; carries the [AttemptsFailedException]
    /// @throws CancellationException if it was cancelled
    public T join() {
        return result.join();
    }

    /// A new future that ends as the task does. To cancel it cancels the task, and interrupts it.
    ///
    /// What depends on it runs in the thread that ends the task, so it should be short or `…Async`.
    ///
    /// @return the future
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> future = new CompletableFuture<>();
        var _ = future.whenComplete((_, _) -> {
            if (future.isCancelled()) {
                cancel(true);
            }
        });
        var _ = result.whenComplete((value, failure) -> {
            if (failure == null) {
                future.complete(value);
            } else {
                future.completeExceptionally(failure);
            }
        });
        return future;
    }

    @Override
    public String toString() {
        return fullName() + "[" + status() + ", attempts=" + attempts + "]";
    }

    private String fullName() {
        return owner.poolName() + "/" + name;
    }

    /// Submits the first attempt, with the waiting and the refusals of that.
    void submitFirst() {
        Attempt first = new Attempt();
        attempt = first;
        first.accepted(owner.pool().submit(first, attemptOptions()));
    }

    /// Submits the next attempt, and waits for room as the pool's policy says. Throws nothing.
    void submitNext() {
        if (isOver()) {
            return;
        }
        if (nanosLeft() <= 0) {
            fail(AttemptsFailedException.Reason.DEADLINE);
            return;
        }
        stopTimer();
        Attempt next = new Attempt();
        int before = attempts;
        attempts = before + 1;
        attempt = next;
        owner.forget(this);
        try {
            Task<T> task = owner.pool().submit(next, attemptOptions());
            owner.countRetry();
            next.accepted(task);
        } catch (Throwable refusal) {
            if (refusal instanceof PoolClosedException && owner.pool().isShutdown()) {
                attempts = before; // that was none
                fail(AttemptsFailedException.Reason.POOL_CLOSED);
            } else {
                owner.countRetry();
                noteNotStarted(refusal);
            }
        }
    }

    /// The pool is shut down: ends the task if it waits for an attempt.
    void noteClosed() {
        if (attempt == null) {
            fail(AttemptsFailedException.Reason.POOL_CLOSED);
        }
    }

    private TaskOptions attemptOptions() {
        long left = nanosLeft();
        if (left == Long.MAX_VALUE) {
            return options;
        }
        Duration untilDeadline = Duration.ofNanos(Math.max(1, left));
        Duration own = options.startWithin() == null ? owner.startWithin() : options.startWithin();
        return options.startWithin(own.compareTo(untilDeadline) < 0 ? own : untilDeadline);
    }

    /// How long it is until the deadline; `Long.MAX_VALUE` is forever.
    private long nanosLeft() {
        long deadline = owner.deadlineNanos();
        return deadline == Long.MAX_VALUE ? deadline : deadline - (System.nanoTime() - submitted);
    }

    /// An attempt has ended for the pool. Throws nothing.
    private void noteEnd(Attempt ended, Task<T> task) {
        try {
            switch (task.outcome().orElseThrow()) {
                case TaskOutcome.Completed(T value) -> noteResult(value);
                case TaskOutcome.Failed(Throwable cause) -> noteFailure(cause);
                case TaskOutcome.TimedOut(Throwable cause) -> noteTimeout(ended, cause);
                case TaskOutcome.Shed<T> _ -> noteNotStarted(cancellationOf(task));
                case TaskOutcome.Cancelled<T> _ -> {
                    if (tryEnd(End.CANCELLED)) {
                        completeCancelled();
                    }
                }
            }
        } catch (Throwable mistake) {
            giveUp(mistake);
        }
    }

    private static Throwable cancellationOf(Task<?> task) throws Exception {
        try {
            var _ = task.get();
            throw new AssertionError(task + " was shed");
        } catch (CancellationException e) {
            return e;
        }
    }

    private void noteResult(T value) {
        long millis = context.onResult(value);
        if (millis >= 0) {
            retryIn(millis);
            return;
        }
        try {
            context.onComplete();
        } catch (io.github.resilience4j.retry.MaxRetriesExceededException unwanted) {
            fail(AttemptsFailedException.Reason.ATTEMPTS_USED_UP);
            return;
        }
        if (tryEnd(End.BY_ITSELF)) {
            result.complete(value);
        }
    }

    /// The next attempt must not overlap with the code of this one, which may take its time to notice the
    /// interrupt.
    private void noteTimeout(Attempt ended, Throwable cause) {
        if (ended.abandon()) {
            noteFailure(cause);
            return;
        }
        remember(cause);
        beginToWait();
        startTimerUntilDeadline();
        var _ = ended.left.thenRun(() -> {
            stopTimer();
            decideAbout(cause);
        });
    }

    /// An attempt has failed. Throws nothing.
    private void noteFailure(Throwable failure) {
        remember(failure);
        decideAbout(failure);
    }

    /// An attempt was refused or shed. After the deadline that is the reason, whatever the policy says. Throws
    /// nothing.
    private void noteNotStarted(Throwable failure) {
        remember(failure);
        if (nanosLeft() <= 0) {
            fail(AttemptsFailedException.Reason.DEADLINE);
        } else {
            decideAbout(failure);
        }
    }

    private void remember(Throwable failure) {
        List<Throwable> all = new ArrayList<>(failures);
        all.add(failure);
        int tooMany = Math.max(0, all.size() - AttemptsFailedException.MOST_FAILURES);
        failures = List.copyOf(all.subList(tooMany, all.size()));
    }

    /// Asks the policy whether there is to be another attempt.
    private void decideAbout(Throwable failure) {
        if (isOver()) {
            return;
        }
        try {
            long millis = failure instanceof Exception ? context.onError(failure) : -1; // as the library does
            if (millis >= 0) {
                retryIn(millis);
            } else {
                fail(
                        attempts >= owner.retry().getRetryConfig().getMaxAttempts()
                                ? AttemptsFailedException.Reason.ATTEMPTS_USED_UP
                                : AttemptsFailedException.Reason.NOT_RETRIED);
            }
        } catch (Throwable mistake) {
            giveUp(mistake);
        }
    }

    private void retryIn(long millis) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        if (nanosLeft() <= nanos && nanosLeft() != Long.MAX_VALUE) {
            fail(AttemptsFailedException.Reason.DEADLINE);
            return;
        }
        beginToWait();
        if (nanos == 0) {
            comeDue();
        } else {
            startTimer(this::comeDue, nanos);
        }
    }

    /// Has no attempt from now on.
    private void beginToWait() {
        owner.noteWaiting(this); // before it can be seen to wait
        attempt = null;
        if (isOver()) {
            owner.forget(this);
        } else if (owner.pool().isShutdown()) {
            fail(AttemptsFailedException.Reason.POOL_CLOSED);
        }
    }

    private void startTimerUntilDeadline() {
        long left = nanosLeft();
        if (left != Long.MAX_VALUE) {
            startTimer(this::noteDeadline, left);
        }
    }

    private void startTimer(Runnable action, long nanos) {
        timer = RetryingPool.later(action, Math.clamp(nanos, 0, Long.MAX_VALUE >> 1));
        if (isOver()) {
            stopTimer();
        }
    }

    private void stopTimer() {
        Future<?> set = timer;
        if (set != null) {
            timer = null;
            set.cancel(false);
        }
    }

    /// The next attempt is due; called by the timer. From here on the task may have to wait for others.
    private void comeDue() {
        try {
            startTimerUntilDeadline();
            owner.comeDue(this);
        } catch (Throwable mistake) {
            giveUp(mistake);
        }
    }

    /// The pool looks after the time of an attempt itself.
    private void noteDeadline() {
        if (attempt == null) {
            fail(AttemptsFailedException.Reason.DEADLINE);
        }
    }

    private void fail(AttemptsFailedException.Reason reason) {
        if (tryEnd(End.BY_ITSELF)) {
            result.completeExceptionally(failure(reason));
        }
    }

    /// Ends the task because its policy, or something here, threw.
    private void giveUp(Throwable mistake) {
        if (tryEnd(End.BY_ITSELF)) {
            AttemptsFailedException failure = failure(AttemptsFailedException.Reason.NOT_RETRIED);
            failure.addSuppressed(mistake);
            result.completeExceptionally(failure);
        }
    }

    private AttemptsFailedException failure(AttemptsFailedException.Reason reason) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - submitted);
        return new AttemptsFailedException(fullName(), reason, attempts, elapsed, failures);
    }

    private boolean isOver() {
        return end.get() != null;
    }

    /// Decides how the task ends, unless that is decided; whoever gets true completes the future.
    private boolean tryEnd(End how) {
        if (!end.compareAndSet(null, how)) {
            return false;
        }
        stopTimer();
        owner.forget(this);
        return true;
    }

    private void completeCancelled() {
        result.completeExceptionally(new CancellationException(fullName() + " was cancelled "
                + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - submitted) + " ms after its submission, in attempt "
                + attempts));
    }

    /// One attempt: what the pool runs.
    private final class Attempt implements Callable<T> {
        /// True once the code has begun, or never will.
        private final AtomicBoolean decided = new AtomicBoolean();

        /// Done once the code has returned.
        private final CompletableFuture<@Nullable Void> left = new CompletableFuture<>();

        /// What the pool calls it; null until the pool has accepted it.
        private volatile @Nullable Task<T> task;

        @Override
        public T call() throws Exception {
            if (isOver() || !decided.compareAndSet(false, true)) {
                throw new CancellationException(fullName() + " ended before this attempt began");
            }
            try {
                return code.call();
            } finally {
                left.complete(null);
            }
        }

        /// Keeps the code from beginning.
        ///
        /// @return false if it has begun
        boolean abandon() {
            return decided.compareAndSet(false, true);
        }

        void accepted(Task<T> accepted) {
            task = accepted;
            cancelIfOver();
            var _ = accepted.toCompletableFuture().whenComplete((_, _) -> noteEnd(this, accepted));
        }

        /// Does what whoever cancelled the task wanted.
        void cancelIfOver() {
            Task<T> now = task;
            End how = end.get();
            if (now != null && how != null) {
                now.cancel(how == End.CANCELLED_AND_INTERRUPTED);
            }
        }
    }
}
