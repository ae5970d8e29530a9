package dev.myrmidon.internal;

import dev.myrmidon.TaskOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// A task that belongs to a [TaskSet], and tells it how it ended.
///
/// @param <T> the type of the result
final class MemberTask<T extends @Nullable Object> extends SubmittedTask<T> {
    private final TaskSet set;
    private final long index;

    /// True once the set has counted the end.
    private volatile boolean isCounted;

    /// True if the set cancels it, or would if it hadn't ended.
    private volatile boolean isCancelledBySet;

    /// True if its failure stops the set. The ending thread's alone.
    private boolean stopsSet;

    /// @param index its place in the set
    MemberTask(TaskSet set, Callable<T> code, TaskOptions options, long index) {
        super(set.pool(), code, options);
        this.set = set;
        this.index = index;
    }

    MemberTask(TaskSet set, Callable<T> code, TaskOptions options) {
        this(set, code, options, 0);
    }

    MemberTask(TaskSet set, Runnable code, T result, TaskOptions options) {
        super(set.pool(), code, result, options);
        this.set = set;
        this.index = 0;
    }

    long index() {
        return index;
    }

    boolean isOf(TaskSet other) {
        return set == other;
    }

    boolean isCounted() {
        return isCounted;
    }

    void noteCounted() {
        isCounted = true;
    }

    void cancelBySet() {
        isCancelledBySet = true;
        cancel(true);
    }

    /// Why the task counts as failed; null if it doesn't. Called when it has ended.
    @Nullable
    Throwable cause() {
        return switch (state()) {
            case SUCCESS -> null;
            case FAILED -> exceptionNow();
            default -> isCancelledBySet && status() == Status.CANCELLED ? null : cancellation();
        };
    }

    /// Ends a task that the pool has refused.
    void refuse(Throwable refusal) {
        fail(refusal);
        publish();
    }

    @Override
    boolean ended(boolean codeRuns) {
        stopsSet = set.ended(this, codeRuns);
        return stopsSet;
    }

    @Override
    void announce() {
        if (stopsSet) {
            set.cancelAll();
        }
        super.announce();
    }

    @Override
    void returnedLate() {
        set.returnedLate();
    }

    /// When the task has ended, and when it goes back to the queue, where somebody who waits for it
    /// inside a task must run it.
    @Override
    void wakeWaiters() {
        super.wakeWaiters();
        set.wakeHelpers();
    }
}
