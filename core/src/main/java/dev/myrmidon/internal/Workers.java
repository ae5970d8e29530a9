package dev.myrmidon.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The workers of a pool: starts them when there is work, lets them wait when there is none, and knows them
/// all.
///
/// **Searching.** At most one worker is *searching*: called for and not yet at a task. Whoever puts a task
/// into the ring calls [#signal()], which sends a worker only if none is searching. A searching worker that
/// finds a task ends its search and, if it leaves others behind, signals before it runs its own. (Go's
/// scheduler wakes its threads so; see "spinning" in `runtime/proc.go`.) Workers that have just ended a
/// task take the next one from the ring without any of this.
///
/// **Invariant**: whenever the ring holds a task, somebody is searching, or the task's submitter is about
/// to signal, or a worker that put it there is about to take one out, or a worker that ended its search is
/// about to look into the ring once more, or a start that failed is about to be tried again.
///
/// **Memory ordering**: a submitter writes its task to the ring and then reads `searching`; a worker writes
/// `searching` and then reads the ready. All four are volatile accesses, so at least one of the two sees the
/// other.
///
/// **Idle workers** wait on a stack, so that those needed least often reach their expiry. Whoever takes one
/// off the stack calls it or sends it home.
final class Workers {
    /// Where the start of a thread that failed is tried again. Threads fail to start for want of memory,
    /// which takes a moment to come back.
    private static final Executor RETRY = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private final Gate gate;
    private final Ready ready;
    private final TaskRunner runner;
    private final Books books;
    private final ThreadFactory threads;
    /// Guarded by `lock`.
    private long expiryNanos;

    private final boolean isolates;

    /// True while a worker is searching. 1 is true.
    private final PaddedAtomicLong searching = new PaddedAtomicLong();

    /// True while a worker leaves its carrier for a moment with work left to do.
    private final AtomicBoolean resting = new AtomicBoolean();

    private final ConcurrentHashMap<Thread, Worker> all = new ConcurrentHashMap<>();

    private final ReentrantLock lock = new ReentrantLock();
    /// Guarded by `lock`.
    private final ArrayDeque<Idle> idle = new ArrayDeque<>();

    /// Runs while a worker is idle that could expire. Guarded by `lock`.
    private @Nullable CompletableFuture<@Nullable Void> expiryTimer;

    /// True once no task will come any more. Written under `lock`.
    private volatile boolean dismissed;

    private volatile boolean interrupting;

    private final Runnable onGone;
    private final AtomicBoolean isGone = new AtomicBoolean();
    private final CountDownLatch gone = new CountDownLatch(1);

    /// @param isolates whether each worker runs one task only
    /// @param onGone called once, under no lock, just before [#gone()] opens
    Workers(
            Gate gate,
            Ready ready,
            TaskRunner runner,
            Books books,
            ThreadFactory threads,
            long expiryNanos,
            boolean isolates,
            Runnable onGone) {
        this.gate = gate;
        this.ready = ready;
        this.runner = runner;
        this.books = books;
        this.threads = threads;
        this.expiryNanos = expiryNanos;
        this.isolates = isolates;
        this.onGone = onGone;
        Worker.initialize();
    }

    /// A worker's wait for a call.
    private static final class Idle {
        enum Call {
            SEARCH,
            GO_HOME
        }

        final Thread thread = Thread.currentThread();
        final long since = System.nanoTime();
        /// Written once, by whoever took it off the stack.
        volatile @Nullable Call call;

        /// Since when those who called this worker have kept their carrier. Written before `call`.
        long chainStart;
    }

    /// Sends a worker for what is in the ring, unless one is on its way. If that takes a new thread and it
    /// can't be started, it throws what the start threw, and nobody is searching.
    void signal() {
        if (claimSearch()) {
            callOrStart(System.nanoTime());
        }
    }

    /// [#signal()], if there is anything to search, for those who have nobody to tell that a thread can't
    /// be started: it is tried again a moment later.
    void signalIfAny() {
        if (!ready.isEmpty() && claimSearch()) {
            callOrRetry(System.nanoTime());
        }
    }

    /// [#signalIfAny()] by a worker, which the next one is likely to follow on its carrier.
    ///
    /// @param chainStart since when it and those before it have kept it
    void signalIfAny(long chainStart) {
        if (!ready.isEmpty() && claimSearch()) {
            callOrRetry(chainStart);
        }
    }

    /// Becomes the searching worker, if none is.
    boolean claimSearch() {
        return searching.get() == 0 && searching.compareAndSet(0, 1);
    }

    /// Stops being the searching worker. The caller must look into the ring afterwards.
    void endSearch() {
        searching.set(0);
    }

    /// Becomes the worker that leaves its carrier for a moment, if none does.
    boolean claimRest() {
        return !resting.get() && resting.compareAndSet(false, true);
    }

    /// Is back.
    void endRest() {
        resting.set(false);
    }

    /// Waits until it is called to search.
    ///
    /// @return false if the worker is to end
    boolean awaitCall(Worker worker) {
        Idle wait = new Idle();
        lock.lock();
        try {
            if (dismissed) {
                return false;
            }
            if (expiryTimer == null && expiryNanos != Long.MAX_VALUE) {
                startExpiryTimer(expiryNanos);
            }
            idle.addLast(wait);
        } finally {
            lock.unlock();
        }
        Idle.Call call;
        while ((call = wait.call) == null) {
            LockSupport.park(worker);
            var _ = Thread.interrupted(); // nobody's: there is no task it could be meant for
        }
        worker.followChain(wait.chainStart);
        return call == Idle.Call.SEARCH;
    }

    /// Interrupts every task, those about to start included, from now on.
    void interruptAll() {
        interrupting = true;
        all.keySet().forEach(Thread::interrupt);
    }

    /// True if a task must start interrupted: [#interruptAll()] may have come before its thread took it.
    boolean isInterrupting() {
        return interrupting;
    }

    /// Sends all workers home as soon as they have nothing to do; no task may come any more. Idempotent.
    void dismiss() {
        List<Idle> waits;
        lock.lock();
        try {
            dismissed = true;
            stopExpiryTimer();
            waits = List.copyOf(idle);
            idle.clear();
        } finally {
            lock.unlock();
        }
        sendHome(waits);
        noteIfGone();
    }

    /// True if a worker ends after one task.
    boolean isolates() {
        return isolates;
    }

    /// Where workers count what they don't count themselves.
    Books books() {
        return books;
    }

    /// Opens when the workers were dismissed and all have ended.
    CountDownLatch gone() {
        return gone;
    }

    /// The worker of the current thread, or null.
    @Nullable
    Worker current() {
        return all.get(Thread.currentThread());
    }

    /// Has something done with each worker and its thread.
    void forEach(BiConsumer<Thread, Worker> action) {
        all.forEach(action);
    }

    /// Forgets a worker that ends, but for what it has counted.
    void farewell(Worker worker) {
        lock.lock();
        try {
            all.remove(Thread.currentThread());
            for (Outcome outcome : Outcome.values()) {
                books.ended(outcome, worker.ended(outcome));
            }
        } finally {
            lock.unlock();
        }
        noteIfGone();
    }

    /// The numbers of this moment.
    Numbers numbers() {
        lock.lock(); // lets no worker take leave in between, which would count its tasks twice or not at all
        try {
            long completed = books.completed.sum();
            long failed = books.failed.sum();
            long cancelled = books.cancelled.sum();
            int workers = 0;
            for (Worker worker : all.values()) {
                completed += worker.ended(Outcome.COMPLETED);
                failed += worker.ended(Outcome.FAILED);
                cancelled += worker.ended(Outcome.CANCELLED);
                workers++;
            }
            return new Numbers(workers, idle.size(), completed, failed, cancelled);
        } finally {
            lock.unlock();
        }
    }

    /// What the workers know of one moment, with what is in the [Books].
    record Numbers(int workers, int idle, long completed, long failed, long cancelled) {}

    private void callOrRetry(long chainStart) {
        try {
            callOrStart(chainStart);
        } catch (Throwable cannotStart) {
            retryLater();
        }
    }

    /// Tries again until somebody has taken what is in the ring: those who submitted it were told that it
    /// will run.
    private void retryLater() {
        try {
            RETRY.execute(this::signalIfAny);
        } catch (Throwable noMemory) {
            // then the next submission or the next worker that ends a task does it
        }
    }

    private void callOrStart(long chainStart) {
        Idle wait;
        Thread thread = null;
        lock.lock();
        try {
            wait = idle.pollLast();
            if (wait == null) {
                if (dismissed) {
                    endSearch(); // what it was for has ended already, and nobody may come after the last
                    return;
                }
                thread = enlist(chainStart);
            }
        } catch (Throwable cannotStart) {
            endSearch();
            throw cannotStart;
        } finally {
            lock.unlock();
        }
        if (wait != null) {
            wait.chainStart = chainStart;
            wait.call = Idle.Call.SEARCH;
            LockSupport.unpark(wait.thread);
        } else if (thread != null) {
            start(thread);
        }
    }

    private Thread enlist(long chainStart) {
        Worker worker = new Worker(this, gate, ready, runner, chainStart);
        Thread thread = threads.newThread(worker);
        all.put(thread, worker);
        return thread;
    }

    private void start(Thread thread) {
        try {
            thread.start();
        } catch (Throwable cannotStart) {
            all.remove(thread);
            endSearch();
            noteIfGone();
            throw cannotStart;
        }
    }

    /// Has [#expire()] run so much later. Called under `lock`. A timed park of each idle worker would do,
    /// but costs more than all else about a call: an entry in the scheduler's timer, and its removal.
    private void startExpiryTimer(long nanos) {
        CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
        var _ = timer.completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS).thenRunAsync(this::expire);
        expiryTimer = timer;
    }

    private void stopExpiryTimer() {
        if (expiryTimer != null) {
            expiryTimer.cancel(false);
            expiryTimer = null;
        }
    }

    /// Changes how long a worker may be idle, those that are idle now too.
    void expireAfter(long nanos) {
        lock.lock();
        try {
            expiryNanos = nanos;
        } finally {
            lock.unlock();
        }
        expire();
    }

    /// Sends those home that have been idle for so long, and starts the timer for those that remain.
    private void expire() {
        List<Idle> expired = new ArrayList<>();
        lock.lock();
        try {
            stopExpiryTimer();
            long now = System.nanoTime();
            for (Idle oldest; (oldest = idle.peekFirst()) != null; ) {
                long left = expiryNanos - (now - oldest.since);
                if (left > 0) {
                    if (expiryNanos != Long.MAX_VALUE) {
                        startExpiryTimer(left);
                    }
                    break;
                }
                expired.add(oldest);
                idle.removeFirst();
            }
        } finally {
            lock.unlock();
            sendHome(expired); // even if there is no memory for the timer: they are off the stack
        }
    }

    private static void sendHome(List<Idle> waits) {
        waits.forEach(wait -> {
            wait.call = Idle.Call.GO_HOME;
            LockSupport.unpark(wait.thread);
        });
    }

    private void noteIfGone() {
        if (dismissed && all.isEmpty() && isGone.compareAndSet(false, true)) {
            try {
                onGone.run();
            } finally {
                gone.countDown();
            }
        }
    }
}
