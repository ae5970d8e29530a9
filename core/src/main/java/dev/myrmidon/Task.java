package dev.myrmidon;

import dev.myrmidon.internal.SubmittedTask;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// A task that was submitted to a [Pool]: the future of its result, and where it stands.
///
/// Its end is *published* (the future is done) when the pool has counted it and has got its slot back,
/// except for a running task that is cancelled or times out: its future is done at once, while its slot
/// stays taken until its code returns.
///
/// Thread-safe.
///
/// @param <T> the type of the result
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public sealed interface Task<T extends @Nullable Object> extends Future<T> permits SubmittedTask {

    /// Where a task stands. It moves one way only.
    enum Status {
        /// Has not started: its submitter waits for room, it is queued, or it has a slot and a worker is on
        /// its way.
        QUEUED,
        /// Runs.
        RUNNING,
        /// Returned.
        COMPLETED,
        /// Threw.
        FAILED,
        /// Ran longer than its [TaskOptions#timeout()]. A failure, whose cause is a [TaskTimeoutException].
        TIMED_OUT,
        /// Was cancelled.
        CANCELLED,
        /// Was dropped before it started: it did not start [in time][TaskOptions#startWithin()], or had to
        /// make room for another one. To a [Future] it is cancelled.
        SHED
    }

    /// {@return a number that no other task of the same pool has; tasks created later have larger ones}
    long id();

    /// {@return the name that its options gave it, or else the class of its code}
    String name();

    /// {@return where it stands now}
    Status status();

    /// {@return its times up to now}
    TaskTimes times();

    /// {@return how it ended; empty until then}
    Optional<TaskOutcome<T>> outcome();

    /// Cancels the task, if it hasn't ended. One that has not started gives its place in the queue to the
    /// next one before this returns, and never starts. One that runs is interrupted, if that is wanted; the
    /// interrupt reaches this task or nobody. Doesn't wait for its code to return.
    ///
    /// @param mayInterruptIfRunning whether to interrupt it if it runs
    /// @return false if it had ended already
    @Override
    boolean cancel(boolean mayInterruptIfRunning);

    /// Waits for the result, whatever interrupts come; they are kept. Inside a task of the same pool it runs
    /// this one if that is queued, as [#get()] does.
    ///
    /// @return the result
    /// @throws CompletionException if the task failed or timed out; carries the cause
    /// @throws CancellationException if it was cancelled or shed
    T join();

    /// A new future that ends as the task does. To cancel it cancels the task, and interrupts it.
    ///
    /// What depends on it runs in the thread that ends the task, in most cases a worker that holds no slot
    /// then, so it should be short or `…Async`.
    ///
    /// @return the future
    CompletableFuture<T> toCompletableFuture();
}
