package dev.myrmidon.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// A task that came through `submit`: a future that knows its pool, so that cancelling it frees its place
/// in the queue, and waiting for it inside a task of the same pool runs it.
///
/// [FutureTask] already sees to it that an interrupt by [#cancel(boolean)] reaches the task it is meant for
/// or none.
///
/// @param <T> the type of the result
final class SubmittedTask<T extends @Nullable Object> extends FutureTask<T> {
    private final DefaultPool pool;
    private final Class<?> code;

    /// Where the task is queued, if it is. Guarded by the gate's lock.
    Line.@Nullable Entry place;

    SubmittedTask(DefaultPool pool, Callable<T> callable) {
        super(callable);
        this.pool = pool;
        this.code = callable.getClass();
    }

    SubmittedTask(DefaultPool pool, Runnable runnable, T result) {
        super(runnable, result);
        this.pool = pool;
        this.code = runnable.getClass();
    }

    /// The class of what the user submitted.
    Class<?> code() {
        return code;
    }

    /// How the task ended, once it has.
    Outcome outcome() {
        return switch (state()) {
            case SUCCESS -> Outcome.COMPLETED;
            case CANCELLED -> Outcome.CANCELLED;
            case FAILED, RUNNING -> Outcome.FAILED;
        };
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            pool.forget(this);
        }
        return cancelled;
    }

    /// Waits as [FutureTask#get()] does; inside a task of the same pool it runs this task if that is still
    /// queued, since the slot it waits for may be the very one the caller holds.
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone()) {
            pool.runHereIfQueued(this);
        }
        return super.get();
    }
}
