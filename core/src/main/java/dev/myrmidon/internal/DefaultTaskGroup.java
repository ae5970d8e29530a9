package dev.myrmidon.internal;

import dev.myrmidon.Task;
import dev.myrmidon.TaskGroup;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TasksFailedException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The one kind of group there is: a [TaskSet] for users.
public final class DefaultTaskGroup implements TaskGroup {
    private final DefaultPool pool;
    private final TaskSet set;

    DefaultTaskGroup(DefaultPool pool) {
        this.pool = pool;
        this.set = new TaskSet(pool, false);
    }

    @Override
    public TaskGroup failFast() {
        if (!set.failFast()) {
            throw new IllegalStateException("failFast must be said before the first task is submitted");
        }
        return this;
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Callable<T> task) {
        return submit(task, TaskOptions.NONE);
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Callable<T> task, TaskOptions options) {
        return submitted(new MemberTask<>(
                set, Objects.requireNonNull(task, "task"), Objects.requireNonNull(options, "options")));
    }

    @Override
    public Task<?> submit(Runnable task) {
        return submit(task, TaskOptions.NONE);
    }

    @Override
    public Task<?> submit(Runnable task, TaskOptions options) {
        return submitted(new MemberTask<@Nullable Void>(
                set, Objects.requireNonNull(task, "task"), null, Objects.requireNonNull(options, "options")));
    }

    @Override
    public void awaitAll() throws InterruptedException {
        requireForeignTask("awaited");
        set.await(() -> set.underWay() == 0, false, Long.MAX_VALUE);
        throwFailures();
    }

    @Override
    public boolean awaitAll(Duration maxWait) throws InterruptedException {
        requireForeignTask("awaited");
        // the longest time there is would run tasks here
        long nanos = Math.min(TimeUnit.NANOSECONDS.convert(maxWait), Long.MAX_VALUE - 1);
        if (!set.await(() -> set.underWay() == 0, false, nanos)) {
            return false;
        }
        throwFailures();
        return true;
    }

    @Override
    public void cancelAll() {
        set.cancelAll();
    }

    @Override
    public void close() {
        requireForeignTask("closed");
        set.close();
        boolean interrupted = false;
        for (boolean ended = false; !ended; ) {
            try {
                ended = set.await(set::hasReturned, false, Long.MAX_VALUE);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private <M extends MemberTask<?>> M submitted(M task) {
        if (!set.add(task)) {
            if (set.isClosed()) {
                throw new IllegalStateException("the group is closed");
            }
            throwFailures();
        }
        boolean submitted = false;
        try {
            pool.execute(task);
            submitted = true;
        } finally {
            if (!submitted) {
                set.forget(task);
            }
        }
        return task;
    }

    private void throwFailures() {
        TasksFailedException failures = set.takeFailures();
        if (failures != null) {
            throw failures;
        }
    }

    private void requireForeignTask(String what) {
        if (pool.intake().isInsideTaskOf(set)) {
            throw new IllegalStateException(
                    "the group can't be " + what + " from one of its own tasks, which would wait for itself");
        }
    }
}
