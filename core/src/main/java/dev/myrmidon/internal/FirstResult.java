package dev.myrmidon.internal;

import dev.myrmidon.TaskOptions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// One `invokeAny`: submits tasks, returns the first result and cancels the others. The inherited one hides
/// its tasks from the pool, which then could neither run them inside a task that waits for them, nor tell
/// how they ended.
///
/// Used by one thread.
final class FirstResult<T> {
    private final DefaultPool pool;
    private final List<Callable<T>> tasks;
    private final Wakeup wakeup = new Wakeup();
    private final List<SubmittedTask<T>> submitted = new ArrayList<>();
    private @Nullable ExecutionException lastFailure;

    FirstResult(DefaultPool pool, Collection<? extends Callable<T>> tasks) {
        this.pool = pool;
        this.tasks = List.copyOf(tasks); // refuses nulls
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("tasks must not be empty");
        }
    }

    /// Waits for the first result.
    ///
    /// @param nanos the longest to wait in all; `Long.MAX_VALUE` is forever
    T await(long nanos) throws InterruptedException, ExecutionException, TimeoutException {
        long start = System.nanoTime();
        try {
            for (Callable<T> task : tasks) {
                SubmittedTask<T> next = new SubmittedTask<>(pool, task, TaskOptions.NONE);
                next.addWaiter(wakeup::wake);
                submitted.add(next);
                if (!pool.intake().admitWithin(next, DefaultPool.left(nanos, start))) {
                    throw new TimeoutException();
                }
                SubmittedTask<T> winner = winner();
                if (winner != null) {
                    return winner.resultNow();
                }
            }
            for (; ; ) {
                SubmittedTask<T> winner = winner();
                if (winner != null) {
                    return winner.resultNow();
                }
                if (submitted.isEmpty()) {
                    throw Objects.requireNonNull(lastFailure);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!runOneHere()) {
                    park(nanos, start);
                }
            }
        } finally {
            submitted.forEach(task -> task.cancel(true));
        }
    }

    /// Lets go of those that have ended; returns the first that ended with a result.
    private @Nullable SubmittedTask<T> winner() {
        for (Iterator<SubmittedTask<T>> each = submitted.iterator(); each.hasNext(); ) {
            SubmittedTask<T> task = each.next();
            switch (task.state()) {
                case RUNNING -> {
                    continue;
                }
                case SUCCESS -> {
                    return task;
                }
                case FAILED -> lastFailure = new ExecutionException(task.exceptionNow());
                case CANCELLED -> lastFailure = new ExecutionException(new CancellationException());
            }
            each.remove();
        }
        return null;
    }

    /// Inside a task of the same pool, runs one that is queued: it may be waiting for the slot that the
    /// caller holds.
    private boolean runOneHere() {
        return submitted.stream().anyMatch(pool.intake()::runHereIfQueued);
    }

    private void park(long nanos, long start) throws TimeoutException {
        long left = DefaultPool.left(nanos, start);
        if (left <= 0) {
            throw new TimeoutException();
        }
        wakeup.await(left);
    }
}
