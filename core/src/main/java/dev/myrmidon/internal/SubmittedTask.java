package dev.myrmidon.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A task that came through `submit`: a future that knows its pool, so that cancelling it frees its place
/// in the queue, and waiting for it inside a task of the same pool runs it.
///
/// A pool *performs* the task first and *publishes* its result when it has counted the end and got the slot
/// back, so that whoever was waiting for the result finds both done. In between the verdict is out and
/// can't be cancelled.
///
/// [FutureTask] already sees to it that an interrupt by [#cancel(boolean)] reaches the task it is meant for
/// or none.
///
/// @param <T> the type of the result
final class SubmittedTask<T extends @Nullable Object> extends FutureTask<T> implements Timings.Stamped {
    private enum Verdict {
        OPEN,
        ENDED,
        CANCELLED
    }

    private static final VarHandle VERDICT;
    private static final VarHandle WAITERS;

    static {
        try {
            VERDICT = MethodHandles.lookup().findVarHandle(SubmittedTask.class, "verdict", Verdict.class);
            WAITERS = MethodHandles.lookup().findVarHandle(SubmittedTask.class, "waiters", Waiter.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final DefaultPool pool;
    private final Class<?> code;

    /// Where the task is queued, if it is. Guarded by the gate's lock.
    Line.@Nullable Entry place;

    /// Written before the task is accepted.
    private long submitted;

    /// Written before the task is accepted.
    private int weight;

    /// How the task ended. Moves from `OPEN` once, by compare-and-set.
    private volatile Verdict verdict = Verdict.OPEN;

    /// What is to be published; written by whoever moved the verdict to `ENDED`, and used by the same
    /// thread.
    private @Nullable T result;

    private @Nullable Throwable failure;

    /// The threads that wait in a way that [FutureTask] doesn't know, as a stack; see [#addWaiter(Wakeup)].
    private volatile @Nullable Waiter waiters;

    private record Waiter(Wakeup wakeup, @Nullable Waiter next) {}

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

    /// Has the task timed, in the place of so many.
    void stamp(long submitted, int weight) {
        this.submitted = submitted;
        this.weight = weight;
    }

    @Override
    public long submitted() {
        return submitted;
    }

    @Override
    public int weight() {
        return weight;
    }

    /// For anybody but the pool, say a handler of refusals: performs and publishes.
    @Override
    public void run() {
        var _ = perform();
        publish();
    }

    /// Runs the user's code, if it wasn't cancelled, and keeps the result to itself.
    Outcome perform() {
        if (verdict == Verdict.OPEN) {
            super.run();
        }
        if (verdict == Verdict.ENDED) {
            return failure == null ? Outcome.COMPLETED : Outcome.FAILED;
        }
        return Outcome.CANCELLED;
    }

    /// Lets everybody see how the task ended. Called by the thread that performed it.
    @SuppressWarnings("NullAway") // the result is null only if T allows it
    void publish() {
        if (verdict != Verdict.ENDED) {
            return;
        }
        if (failure == null) {
            super.set(result);
        } else {
            super.setException(failure);
        }
        result = null;
        failure = null;
    }

    @Override
    protected void set(T value) {
        result = value; // before anybody can see the verdict
        if (!decide(Verdict.ENDED)) {
            result = null;
        }
    }

    @Override
    protected void setException(Throwable thrown) {
        failure = thrown;
        if (!decide(Verdict.ENDED)) {
            failure = null;
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!decide(Verdict.CANCELLED)) {
            while (!isDone()) {
                LockSupport.parkNanos(this, 1_000); // the result is about to be published, and only then is it too late
            }
            return false;
        }
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        pool.cancelQueued(this);
        return cancelled;
    }

    /// Waits as [FutureTask#get()] does; inside a task of the same pool it runs this task if that is
    /// queued, since the slot it waits for may be the very one the caller holds.
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!isDone() && pool.isInsideTask()) {
            Wakeup wakeup = new Wakeup();
            addWaiter(wakeup);
            while (!isDone() && !pool.runHereIfQueued(this)) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                wakeup.await(Long.MAX_VALUE);
            }
        }
        return super.get();
    }

    /// Wakes a thread when the task ends, and whenever it goes back to the queue. The caller must look at
    /// both after this and after each wait.
    void addWaiter(Wakeup wakeup) {
        for (; ; ) {
            Waiter head = waiters;
            if (WAITERS.compareAndSet(this, head, new Waiter(wakeup, head))) {
                return;
            }
        }
    }

    /// Has those look again who asked for it.
    void wakeWaiters() {
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next()) {
            waiter.wakeup().wake();
        }
    }

    @Override
    protected void done() {
        wakeWaiters();
    }

    private boolean decide(Verdict way) {
        return VERDICT.compareAndSet(this, Verdict.OPEN, way);
    }
}
