package dev.myrmidon.internal;

import dev.myrmidon.Task;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A pool as a `ScheduledExecutorService`: what has to do with time goes to its [Delays], all else to
/// the pool.
final class Scheduler implements ScheduledExecutorService {
    /// So that the difference of any two times is right: 146 years.
    private static final long MAX_NANOS = Long.MAX_VALUE >> 1;

    private final DefaultPool pool;
    private final Delays delays;

    Scheduler(DefaultPool pool, Delays delays) {
        this.pool = pool;
        this.delays = delays;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return delays.<@Nullable Object>schedule(
                SubmittedTask.Kind.RUNNABLE, decorated(command), delayNanos(delay, unit), 0);
    }

    @Override
    public <V extends @Nullable Object> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        return delays.schedule(
                SubmittedTask.Kind.CALLABLE,
                pool.decorated(Objects.requireNonNull(callable, "callable")),
                delayNanos(delay, unit),
                0);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        return schedulePeriodic(command, initialDelay, periodNanos("period", period, unit), unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        return schedulePeriodic(command, initialDelay, -periodNanos("delay", delay, unit), unit);
    }

    /// What an execution throws goes to the pool's handler too: hardly anybody waits for such a future.
    private ScheduledFuture<?> schedulePeriodic(Runnable command, long delay, long periodNanos, TimeUnit unit) {
        return delays.<@Nullable Object>schedule(
                SubmittedTask.Kind.EXECUTED, decorated(command), delayNanos(delay, unit), periodNanos);
    }

    private Object decorated(Runnable command) {
        return pool.decorated(Objects.requireNonNull(command, "command"), null);
    }

    private static long delayNanos(long delay, TimeUnit unit) {
        return Math.clamp(unit.toNanos(delay), 0, MAX_NANOS);
    }

    private static long periodNanos(String name, long period, TimeUnit unit) {
        Objects.requireNonNull(unit, "unit");
        if (period <= 0) {
            throw new IllegalArgumentException(name + " must be positive, was " + period);
        }
        return Math.min(unit.toNanos(period), MAX_NANOS);
    }

    @Override
    public void execute(Runnable task) {
        pool.execute(task);
    }

    @Override
    public Task<?> submit(Runnable task) {
        return pool.submit(task);
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Runnable task, T result) {
        return pool.submit(task, result);
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Callable<T> task) {
        return pool.submit(task);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks)
            throws InterruptedException {
        return pool.invokeAll(tasks);
    }

    @Override
    public <T extends @Nullable Object> List<Future<T>> invokeAll(
            Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit) throws InterruptedException {
        return pool.invokeAll(tasks, timeout, unit);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        return pool.invokeAny(tasks);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return pool.invokeAny(tasks, timeout, unit);
    }

    @Override
    public void shutdown() {
        pool.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return pool.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return pool.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return pool.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return pool.awaitTermination(timeout, unit);
    }

    @Override
    public void close() {
        pool.close();
    }

    @Override
    public String toString() {
        return pool.toString();
    }
}
