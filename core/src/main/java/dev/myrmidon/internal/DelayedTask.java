package dev.myrmidon.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.Delayed;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A task that is submitted to its pool when it is due, once or again and again: a future that ends as
/// its executions do. Each execution is a [SubmittedTask] of its own.
///
/// **Where it stands**: without an execution it waits for its time, or, due, for its turn; with one it
/// is the pool's. Whoever takes the execution away, by a compare-and-set, decides what comes next.
///
/// **Memory ordering**: who ends the future does that first and then looks for an execution or a timer
/// to cancel; who sets one of these looks at the future afterwards. All are volatile, so one of the two
/// sees the other.
///
/// Of the `FutureTask` it uses all but the running.
final class DelayedTask<V extends @Nullable Object> extends FutureTask<V> implements RunnableScheduledFuture<V> {
    private static final VarHandle EXECUTION =
            FieldHandles.of(MethodHandles.lookup(), "execution", SubmittedTask.class);

    private final Delays delays;
    private final DefaultPool pool;
    private final SubmittedTask.Kind kind;
    private final long number;

    /// From one start to the next if positive, from an end to the next start if negative; 0 for a task
    /// that is executed once.
    private final long periodNanos;

    /// When it is due, as [System#nanoTime()] tells it.
    private volatile long due;

    /// What to run, decorated; once the future is done only its class, which gives it its name.
    private volatile Object code;

    private volatile @Nullable Future<?> timer;

    private volatile @Nullable SubmittedTask<V> execution;

    /// @param number larger than that of the tasks before it
    DelayedTask(
            Delays delays,
            DefaultPool pool,
            SubmittedTask.Kind kind,
            Object code,
            long number,
            long delayNanos,
            long periodNanos) {
        super(() -> {
            throw new AssertionError("run() is another one here");
        });
        this.delays = delays;
        this.pool = pool;
        this.kind = kind;
        this.code = code;
        this.number = number;
        this.periodNanos = periodNanos;
        this.due = System.nanoTime() + delayNanos;
    }

    /// Waits for its time, by the timer.
    void startTimer() {
        if (pool.isShutdown()) {
            cancel(false);
            return;
        }
        try {
            timer = DefaultPool.schedule(this, Math.max(0, due - System.nanoTime()));
        } catch (Throwable noTimer) {
            setException(noTimer);
        }
        if (isDone()) {
            stopTimer();
        }
    }

    /// Is due; called by the timer. One that is done already, say by `shutdownNow`, takes no notice.
    @Override
    public void run() {
        try {
            delays.comeDue(this);
        } catch (Throwable noMemory) {
            setException(noMemory);
        }
    }

    /// Submits the next execution, and waits for room as the pool's policy says. Throws nothing.
    void submit() {
        try {
            submitNext();
        } catch (Throwable noMemory) {
            setException(noMemory);
        }
    }

    private void submitNext() {
        SubmittedTask<V> next = SubmittedTask.due(pool, code, kind);
        next.addWaiter(() -> noteEnd(next));
        execution = next;
        if (isDone()) {
            return;
        }
        try {
            pool.intake().admitDue(next);
            if (isPeriodic() && next.wasRefused() && EXECUTION.compareAndSet(this, next, null)) {
                scheduleNextAfterSkip(); // the handler of the pool's policy has it
            }
        } catch (Throwable refusal) {
            if (EXECUTION.compareAndSet(this, next, null)) {
                noteRefusal(refusal);
            }
        }
    }

    /// Cancels it, if no execution of it is the pool's.
    boolean cancelUnlessSubmitted() {
        return execution == null && cancel(false);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        if (!super.cancel(false)) {
            return false;
        }
        SubmittedTask<V> now = execution;
        if (now != null) {
            now.cancel(mayInterruptIfRunning);
        }
        return true;
    }

    @Override
    public boolean isPeriodic() {
        return periodNanos != 0;
    }

    @Override
    public long getDelay(TimeUnit unit) {
        return unit.convert(due - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
        if (other == this) {
            return 0;
        }
        if (other instanceof DelayedTask<?> that) {
            long later = due - that.due; // may have wrapped around, so no comparison of the two
            return later == 0 ? Long.compare(number, that.number) : Long.signum(later);
        }
        return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
    }

    /// The full name, as other tasks have it.
    String name() {
        return pool.name() + "/" + TaskRunner.className(code);
    }

    @Override
    public String toString() {
        return name() + "[" + (isDone() ? state() : "due in " + getDelay(TimeUnit.MILLISECONDS) + " ms") + "]";
    }

    @Override
    protected void done() {
        stopTimer();
        code = TaskRunner.codeClass(code);
        delays.forget(this);
    }

    private void stopTimer() {
        Future<?> set = timer;
        if (set != null) {
            set.cancel(false);
            timer = null;
        }
    }

    /// Does what the end of an execution asks for. Harmless when called for nothing.
    private void noteEnd(SubmittedTask<V> ended) {
        if (!ended.isDone() || !EXECUTION.compareAndSet(this, ended, null)) {
            return;
        }
        switch (ended.state()) {
            case FAILED -> setException(ended.exceptionNow());
            case CANCELLED -> {
                if (isPeriodic() && ended.status() == SubmittedTask.Status.SHED) {
                    scheduleNextAfterSkip();
                } else {
                    cancel(false);
                }
            }
            default -> {
                if (isPeriodic()) {
                    scheduleNext(periodNanos > 0 ? due + periodNanos : System.nanoTime() - periodNanos);
                } else {
                    set(ended.resultNow());
                }
            }
        }
    }

    private void noteRefusal(Throwable refusal) {
        if (pool.isShutdown()) {
            cancel(false); // as those that are not due yet
        } else if (isPeriodic()) {
            scheduleNextAfterSkip();
        } else {
            setException(refusal);
        }
    }

    /// A fixed rate goes on at its next point in time, and doesn't make up for those that have passed:
    /// that would be a burst of refusals.
    private void scheduleNextAfterSkip() {
        long now = System.nanoTime();
        scheduleNext(periodNanos > 0 ? due + ((now - due) / periodNanos + 1) * periodNanos : now - periodNanos);
    }

    private void scheduleNext(long nanoTime) {
        due = nanoTime;
        startTimer();
    }
}
