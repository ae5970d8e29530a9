package dev.myrmidon.internal;

import dev.myrmidon.Task;
import dev.myrmidon.TasksFailedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The tasks of one batch or group: which are under way, how many ended how, and why. Knows a task from
/// just before its submission until its end, and keeps nothing of it afterwards but the cause of a
/// failure.
///
/// A task that is cancelled or times out ends while its code still runs, which is counted until it
/// returns.
///
/// **Order**: whoever stops the set does so under `lock` and cancels what is under way after that; a
/// task is added under `lock`, if the set isn't stopped. So each task is either refused or cancelled.
///
/// No code of the user's runs under `lock`, and no other lock is taken; those who wait are woken without
/// it, since [#wakeHelpers()] is called under the lock of the [Gate].
final class TaskSet {
    private static final int MOST_CAUSES = 10_000;

    private final DefaultPool pool;
    private final List<Sleeper> sleepers = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();

    /// The oldest first. Guarded by `lock`.
    private final LinkedHashSet<MemberTask<?>> underWay = new LinkedHashSet<>();

    /// How many tasks have ended whose code still runs. Guarded by `lock`.
    private long returning;

    /// How many tasks ended how, since the last report. Guarded by `lock`.
    private long completed;

    private long failed;
    private long timedOut;
    private long cancelled;
    private long shed;

    /// Guarded by `lock`.
    private final List<Throwable> causes = new ArrayList<>();

    /// Those that have ended and that somebody is going to take; null if nobody is. Guarded by `lock`.
    private final @Nullable Queue<MemberTask<?>> ended;

    /// Guarded by `lock`.
    private boolean failsFast;

    /// Guarded by `lock`.
    private boolean isUsed;

    /// True if a task failed in a set that fails fast. Written under `lock`.
    private volatile boolean hasFailed;

    /// True if the owner wants no more tasks. Written under `lock`.
    private volatile boolean isClosed;

    /// Somebody who waits.
    ///
    /// @param isHelper true if it must look at each end of a task, and when one goes back to the queue;
    ///     false if it only cares for the last
    private record Sleeper(Wakeup wakeup, boolean isHelper) {}

    /// @param keepsEnded true if each task is to be taken by [#takeEnded(Queue)] when it has ended
    TaskSet(DefaultPool pool, boolean keepsEnded) {
        this.pool = pool;
        this.ended = keepsEnded ? new ArrayDeque<>() : null;
    }

    DefaultPool pool() {
        return pool;
    }

    /// Makes the first failure stop the set.
    ///
    /// @return false if it is too late, since it has had tasks
    boolean failFast() {
        lock.lock();
        try {
            failsFast |= !isUsed;
            return !isUsed;
        } finally {
            lock.unlock();
        }
    }

    /// True if no task can be added any more.
    boolean isStopped() {
        return hasFailed || isClosed;
    }

    /// True if a task failed in a set that fails fast.
    boolean hasFailed() {
        return hasFailed;
    }

    /// Adds a task that is about to be submitted.
    ///
    /// @return false if the set is stopped
    boolean add(MemberTask<?> task) {
        lock.lock();
        try {
            if (isStopped()) {
                return false;
            }
            isUsed = true;
            underWay.add(task);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Forgets a task that the pool has refused.
    void forget(MemberTask<?> task) {
        boolean isLast;
        lock.lock();
        try {
            underWay.remove(task);
            isLast = hasReturnedLocked();
        } finally {
            lock.unlock();
        }
        wake(isLast);
    }

    /// Takes note of a task that has ended.
    ///
    /// @return true if that stops the set: the caller must [cancel][#cancelAll()] what is under way
    boolean ended(MemberTask<?> task, boolean codeRuns) {
        Throwable cause = task.cause();
        boolean stops;
        boolean isLast;
        lock.lock();
        try {
            underWay.remove(task);
            if (codeRuns) {
                returning++;
            }
            count(task.status());
            if (cause != null && causes.size() < MOST_CAUSES) {
                causes.add(cause);
            }
            if (ended != null) {
                ended.add(task);
            }
            stops = cause != null && failsFast && !hasFailed;
            hasFailed |= stops;
            isLast = underWay.isEmpty();
        } finally {
            lock.unlock();
        }
        task.noteCounted();
        wake(isLast);
        return stops;
    }

    /// Takes note of code that has returned after its task had ended. That may come before the end is
    /// noted.
    void returnedLate() {
        boolean isLast;
        lock.lock();
        try {
            returning--;
            isLast = hasReturnedLocked();
        } finally {
            lock.unlock();
        }
        wake(isLast);
    }

    /// Moves the tasks that have ended to another queue, the first to do so first.
    ///
    /// @return false if there are none
    boolean takeEnded(Queue<MemberTask<?>> into) {
        lock.lock();
        try {
            if (ended == null || ended.isEmpty()) {
                return false;
            }
            into.addAll(ended);
            ended.clear();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// How many tasks have been added and haven't ended.
    int underWay() {
        lock.lock();
        try {
            return underWay.size();
        } finally {
            lock.unlock();
        }
    }

    /// True if no task is under way, and no code of one runs.
    boolean hasReturned() {
        lock.lock();
        try {
            return hasReturnedLocked();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasReturnedLocked() {
        return underWay.isEmpty() && returning == 0;
    }

    /// Takes no more tasks and cancels those under way.
    void close() {
        lock.lock();
        try {
            isClosed = true;
        } finally {
            lock.unlock();
        }
        cancelAll();
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Cancels the tasks that are under way now, the youngest first: so those that are queued don't
    /// start in the places of those that run.
    void cancelAll() {
        List<MemberTask<?>> tasks;
        lock.lock();
        try {
            tasks = new ArrayList<>(underWay);
        } finally {
            lock.unlock();
        }
        tasks.reversed().forEach(MemberTask::cancelBySet);
    }

    /// What failed; null if nothing did. Unless the set has failed for good, counts and causes begin
    /// anew.
    @Nullable
    TasksFailedException takeFailures() {
        lock.lock();
        try {
            TasksFailedException failures = causes.isEmpty()
                    ? null
                    : new TasksFailedException(pool.name(), completed, failed, timedOut, cancelled, shed, causes);
            if (!hasFailed) {
                completed = 0;
                failed = 0;
                timedOut = 0;
                cancelled = 0;
                shed = 0;
                causes.clear();
            }
            return failures;
        } finally {
            lock.unlock();
        }
    }

    private void count(Task.Status end) {
        switch (end) {
            case COMPLETED -> completed++;
            case FAILED -> failed++;
            case TIMED_OUT -> timedOut++;
            case CANCELLED -> cancelled++;
            case SHED -> shed++;
            case QUEUED, RUNNING -> throw new AssertionError(end);
        }
    }

    /// Waits until a condition holds that the end of a task may bring about. Inside a task of the same
    /// pool, and without a time limit, it runs queued tasks of the set meanwhile: they may be waiting
    /// for the slot that the caller holds.
    ///
    /// @param onEachEnd false if only the end of the last task, or the return of the last code, matters
    /// @param nanos the longest to wait; `Long.MAX_VALUE` is forever
    /// @return false if it doesn't hold in time
    boolean await(BooleanSupplier condition, boolean onEachEnd, long nanos) throws InterruptedException {
        long start = System.nanoTime();
        boolean mayRunHere = nanos == Long.MAX_VALUE && pool.intake().isInsideTask();
        Sleeper sleeper = new Sleeper(new Wakeup(), onEachEnd || mayRunHere);
        sleepers.add(sleeper);
        try {
            for (; ; ) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (condition.getAsBoolean()) {
                    return true;
                }
                if (!(mayRunHere && runOldestHere())) {
                    long left = DefaultPool.left(nanos, start);
                    if (left <= 0) {
                        return false;
                    }
                    sleeper.wakeup().await(left);
                }
            }
        } finally {
            sleepers.remove(sleeper);
        }
    }

    /// Runs the oldest task here if it is queued. If it isn't, it has a slot and will end without the
    /// caller, who then looks at the next.
    private boolean runOldestHere() {
        MemberTask<?> oldest;
        lock.lock();
        try {
            oldest = underWay.isEmpty() ? null : underWay.getFirst();
        } finally {
            lock.unlock();
        }
        return oldest != null && pool.intake().runHereIfQueued(oldest);
    }

    /// Has those look again who might have to run a task, or wait for any of them to end. Takes no lock.
    void wakeHelpers() {
        wake(false);
    }

    private void wake(boolean isLast) {
        for (Sleeper sleeper : sleepers) {
            if (isLast || sleeper.isHelper()) {
                sleeper.wakeup().wake();
            }
        }
    }
}
