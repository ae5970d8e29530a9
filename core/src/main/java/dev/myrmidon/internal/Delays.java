package dev.myrmidon.internal;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The delayed tasks of a pool: knows them all, and submits those that are due.
///
/// A task that waits for its time is an entry in the JDK's timer, and no thread. The timer must not be
/// held up, and a submission may have to wait: so those that are due stand in a line of their own, whose
/// head one virtual thread submits, like any other submitter. It ends when the line is empty.
///
/// **Invariant**: whenever the line holds a task, that thread is at work, or somebody is about to start
/// it, or a start that failed is about to be tried again.
final class Delays {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /// After so many submissions in a row the thread leaves its carrier for a moment: nothing preempts a
    /// virtual thread. They take about a millisecond.
    private static final int TASKS_PER_STRETCH = 1_000;

    private final DefaultPool pool;
    private final AtomicLong numbers = new AtomicLong();

    /// Those whose futures are not done.
    private final Set<DelayedTask<?>> unfinished = ConcurrentHashMap.newKeySet();

    /// The earliest first.
    private final PriorityBlockingQueue<DelayedTask<?>> due = new PriorityBlockingQueue<>();

    /// True while the thread is at work.
    private final AtomicBoolean submitting = new AtomicBoolean();

    Delays(DefaultPool pool) {
        this.pool = pool;
    }

    /// Has a task submitted later.
    ///
    /// @param code what to run, decorated
    /// @param periodNanos as in [DelayedTask]
    <V extends @Nullable Object> DelayedTask<V> schedule(
            SubmittedTask.Kind kind, Object code, long delayNanos, long periodNanos) {
        DelayedTask<V> task =
                new DelayedTask<>(this, pool, kind, code, numbers.incrementAndGet(), delayNanos, periodNanos);
        unfinished.add(task);
        if (pool.isShutdown() && task.cancel(false)) { // if it can't be cancelled the shutdown has done it
            throw pool.intake().closed();
        }
        task.startTimer();
        return task;
    }

    /// Submits a task when those before it have been submitted. Doesn't wait.
    void comeDue(DelayedTask<?> task) {
        due.add(task);
        submitIfAny();
    }

    /// Forgets a task whose future is done.
    void forget(DelayedTask<?> task) {
        unfinished.remove(task);
    }

    /// Cancels those that the pool has not got yet. Called once no more can be scheduled.
    ///
    /// @return those it cancelled, the earliest first
    List<DelayedTask<?>> cancelAll() {
        return unfinished.stream()
                .filter(DelayedTask::cancelUnlessSubmitted)
                .sorted()
                .toList();
    }

    private void submitIfAny() {
        if (due.isEmpty() || !submitting.compareAndSet(false, true)) {
            return;
        }
        try {
            Thread.ofVirtual()
                    .name(pool.name() + "-delayed")
                    .inheritInheritableThreadLocals(false)
                    .start(this::submitAll);
        } catch (Throwable cannotStart) {
            submitting.set(false);
            var _ = DefaultPool.schedule(this::submitIfAny, RETRY_NANOS);
        }
    }

    private void submitAll() {
        try {
            int submitted = 0;
            for (DelayedTask<?> task = due.poll(); task != null; task = due.poll()) {
                task.submit();
                var _ = Thread.interrupted(); // a handler of refusals may have left one
                if (++submitted % TASKS_PER_STRETCH == 0) {
                    LockSupport.parkNanos(this, 1);
                }
            }
        } finally {
            submitting.set(false);
            submitIfAny();
        }
    }
}
