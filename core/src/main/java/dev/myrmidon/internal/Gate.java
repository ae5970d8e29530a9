package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import dev.myrmidon.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who may enter: hands out the slots of a pool, at most as many as its capacity, and keeps the line of
/// those that wait.
///
/// **State**, one atomic number: how many slots are held (`running`), the capacity, and two marks. `LINE`
/// is set while somebody is in line; `CLOSED` is set for good when the pool shuts down.
///
/// **The line** has two parts, both guarded by `lock`: `queued` holds accepted tasks without a slot,
/// `waiting` the tasks of submitters that wait, in order of arrival. A slot that comes back goes to the
/// head of `queued`, whose place goes to the head of `waiting`; with no queue it goes to the head of
/// `waiting` directly. The task of a waiting submitter is taken from where it stands and its thread is
/// woken afterwards, so that a slot never idles for a wake-up.
///
/// **Keys**: tasks of one key take turns, see [Keys]. One that isn't its turn yet is queued or waits without
/// being in the line.
///
/// **Pause**: while the gate is paused it lets nothing start, as if the capacity were 0. **Watch**: while
/// somebody waits for the pool to be idle, exits come by the line too, to tell them.
///
/// **Invariants**, whenever `lock` is free:
/// - `LINE` is set exactly if the line isn't empty, or the gate is paused or watched.
/// - Somebody is in line only while `running >= capacity`, so that some task's exit will come by, or while
///   the gate is paused. Where the capacity grows, slots are handed back or a pause ends, as many as fit
///   leave the line in the same step.
/// - Somebody is in `waiting` only while `queued` is full.
///
/// **Memory ordering**: while `LINE` is clear, slots are taken and given back by compare-and-set alone.
/// While it is set those fast paths fail, so `running` changes under `lock` only. A submitter that joins
/// sets `LINE` by a compare-and-set on a full state, unless it is set, as it then stays while `lock` is held; an
/// exit either came before it, which makes it fail and look again, or comes after it and sees the mark.
///
/// No code of the user's runs here.
final class Gate {
    private static final long ONE_RUNNING = 1;
    private static final long RUNNING = Integer.MAX_VALUE;
    private static final int CAPACITY_SHIFT = 31;
    private static final long CAPACITY = RUNNING << CAPACITY_SHIFT;
    private static final long LINE = 1L << 62;
    private static final long CLOSED = 1L << 63;

    /// How often to look whether `lock` is free before parking for it. With 5,000 submitters, capacity 1,000 and
    /// two cores, 7.5 % of those who came found it taken, and 2.5 % of these still did after so many looks: 4 %
    /// more tasks a second. No-op tasks, capacity 1, 2 submitters: 1.4 times as many.
    private static final int LOCK_SPINS = 64;

    /// How [Pool#UNBOUNDED] is written in the state: 0 is no capacity a pool can have.
    private static final long UNBOUNDED = 0;

    private final PaddedAtomicLong state;
    /// Written under `lock`.
    private volatile long queueLimit;

    /// Guarded by `lock`.
    private long waitingLimit;

    private final Ready ready;
    private final Books books;
    private final Runnable onDrained;

    private final ReentrantLock lock = new ReentrantLock();
    /// Guarded by `lock`.
    private final Line queued;
    /// Guarded by `lock`.
    private final Line waiting;
    /// Guarded by `lock`.
    private final Keys keys;

    /// The submitters that were answered and must be woken once `lock` is free, linked by `nextToWake`.
    /// Guarded by `lock`.
    private Line.@Nullable Entry firstToWake;

    private Line.@Nullable Entry lastToWake;

    /// Guarded by `lock`.
    private boolean paused;

    /// Those who wait for the pool to be idle. Guarded by `lock`.
    private final List<CountDownLatch> watchers = new ArrayList<>();

    /// True from a shrink below what runs, or a pause, until less runs: then each start must ask
    /// [#handBack(Runnable)] first. A word of its own, since it is read before each start and hardly ever
    /// written. Written under `lock`.
    private volatile boolean overCapacity;

    /// A gate by order of arrival, with its first capacity.
    ///
    /// @param ring where tasks go that get their slot while nobody is there to run them
    /// @param books where accepted tasks are counted
    /// @param onDrained called, under no lock, each time nothing is left of a closed pool's tasks
    Gate(int capacity, int queueCapacity, int maxBlockingTasks, Ring ring, Books books, Runnable onDrained) {
        this(capacity, queueCapacity, maxBlockingTasks, ring, new ArrivalLine(), new ArrivalLine(), books, onDrained);
    }

    /// A gate with lines of either kind.
    Gate(
            int capacity,
            int queueCapacity,
            int maxBlockingTasks,
            Ready ready,
            Line queued,
            Line waiting,
            Books books,
            Runnable onDrained) {
        this.state = new PaddedAtomicLong();
        this.state.set(withCapacity(0, capacity));
        this.queueLimit = limit(queueCapacity);
        this.waitingLimit = limit(maxBlockingTasks);
        this.ready = ready;
        this.queued = queued;
        this.waiting = waiting;
        this.keys = new Keys(queued instanceof ArrivalLine); // one by priority would let them age from then on
        this.books = books;
        this.onDrained = onDrained;
    }

    /// What the gate knows of one instant.
    record Numbers(int capacity, int running, int queued, int waiting) {}

    /// Takes a slot if one is free and nobody is in line.
    boolean tryEnter() {
        for (; ; ) {
            long s = state.get();
            if ((s & (CLOSED | LINE)) != 0 || running(s) >= limit(s)) {
                return false;
            }
            if (state.compareAndSet(s, s + ONE_RUNNING)) {
                books.accepted.increment();
                return true;
            }
        }
    }

    /// Takes a slot or a place in the queue, without waiting: [Admission#SLOT], [Admission#ACCEPTED],
    /// [Admission#FULL] or [Admission#CLOSED].
    Admission admit(Runnable task) {
        if (queueLimit == 0 && isFull(state.get())) {
            return Admission.FULL; // what a pool without waiting refuses in a flood takes no lock
        }
        lock.lock();
        try {
            return admitLocked(task);
        } finally {
            lock.unlock();
        }
    }

    /// Takes a slot or a place in the queue, and waits for one if it must, at most so long;
    /// `Long.MAX_VALUE` is forever. Clears the interrupt status if it answers [Admission#INTERRUPTED].
    Admission await(Runnable task, long nanos) {
        Line.Entry entry = new Line.Entry(task, Thread.currentThread());
        boolean isSoon;
        lockSoon();
        try {
            Admission now = admitLocked(task);
            if (now != Admission.FULL) {
                return now;
            }
            if (waiting.size() + keys.waiting() >= waitingLimit) {
                return Admission.FULL;
            }
            if (keys.mustWait(task)) {
                keys.await(entry);
                isSoon = false;
            } else {
                keys.takeTurn(task);
                if (enterLocked(LINE)) {
                    return Admission.SLOT;
                }
                isSoon = waiting.size() < limit(state.get());
                waiting.addLast(entry);
            }
        } finally {
            lock.unlock();
        }
        return awaitOutcome(entry, nanos, isSoon);
    }

    private Admission awaitOutcome(Line.Entry entry, long nanos, boolean isSoon) {
        long start = nanos == Long.MAX_VALUE ? 0 : System.nanoTime();
        if (isSoon) {
            letOthersRun();
        }
        entry.isParking = true;
        Admission outcome;
        while ((outcome = entry.outcome) == null) {
            if (Thread.interrupted()) {
                return withdraw(entry, Admission.INTERRUPTED);
            }
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                long left = nanos - (System.nanoTime() - start);
                if (left <= 0) {
                    return withdraw(entry, Admission.TIMED_OUT);
                }
                LockSupport.parkNanos(this, left);
            }
        }
        return outcome;
    }

    /// Gives workers a chance to end their tasks before a submitter parks whose turn comes with the tasks
    /// that run now. Where all cores are busy, submitters that are woken one by one preempt the workers for
    /// each task anew; those that merely made way find a lot of room when it is their turn again. No-op
    /// tasks, 64 submitters, capacity 100: 10 to 20 times as many tasks a second. Where a core is idle it
    /// costs next to nothing.
    @SuppressWarnings("ThreadPriorityCheck") // a hint is all it is; nothing relies on it
    private static void letOthersRun() {
        Thread.yield();
    }

    /// Leaves the line, unless the task was accepted or refused meanwhile: then that counts, and an
    /// interrupt is kept.
    private Admission withdraw(Line.Entry entry, Admission reason) {
        lock.lock();
        try {
            Admission outcome = entry.outcome;
            if (outcome == null) {
                if (!waiting.remove(entry)) {
                    keys.remove(entry);
                }
                passTurn(entry.task);
                unmarkLineIfEmpty();
                return reason;
            }
            if (reason == Admission.INTERRUPTED) {
                Thread.currentThread().interrupt();
            }
            return outcome;
        } finally {
            wakeAfterUnlock(); // a paused pool may be idle now
        }
    }

    /// Gives a slot back, or keeps it for the task that is next in line.
    ///
    /// @return the task that has the slot now and must be run, or null
    @Nullable
    Runnable exit() {
        for (; ; ) {
            long s = state.get();
            if ((s & LINE) != 0) {
                return exitByLine(null);
            }
            if (state.compareAndSet(s, s - ONE_RUNNING)) {
                if ((s & CLOSED) != 0 && running(s) == 1) {
                    onDrained.run();
                }
                return null;
            }
        }
    }

    /// [#exit()] after a certain task: if it has a key, its turn passes to the next one.
    @Nullable
    Runnable exit(Runnable ended) {
        return SubmittedTask.hasKey(ended) ? exitByLine(ended) : exit();
    }

    private @Nullable Runnable exitByLine(@Nullable Runnable keyed) {
        Runnable next;
        boolean drained;
        lockSoon();
        try {
            markLine();
            if (keyed != null) {
                passTurn(keyed);
            }
            next = exitToLine();
            drained = isDrained(state.get());
        } finally {
            wakeAfterUnlock();
        }
        if (drained) {
            onDrained.run();
        }
        return next;
    }

    /// Makes a task with a key a member of the line of that key, before it is admitted.
    void joinKey(SubmittedTask<?> task) {
        Object key = Objects.requireNonNull(task.options().key());
        for (; ; ) {
            Keys.KeyLine line = keys.line(key);
            lock.lock();
            try {
                if (keys.join(line, task)) {
                    return;
                }
            } finally {
                lock.unlock();
            }
            keys.forget(line);
        }
    }

    /// Lets a task leave the line of its key, if it is in one. The caller must signal the workers.
    void leaveKey(SubmittedTask<?> task) {
        lock.lock();
        try {
            passTurn(task);
            grantSlots();
        } finally {
            wakeAfterUnlock();
        }
    }

    /// True if tasks that have a slot must ask [#handBack(Runnable)] before they start.
    boolean isOverCapacity() {
        return overCapacity;
    }

    /// Gives back the slot of a task that is about to start, if the pool has shrunk below what runs. It and
    /// the younger tasks that no worker has taken yet go to the head of the line, and as many as fit get
    /// their slots again.
    ///
    /// @return false if it may start
    boolean handBack(Runnable task) {
        lock.lock();
        try {
            long s = state.get();
            if (running(s) <= mayRun(s)) {
                overCapacity = false;
                return false;
            }
            List<Runnable> back = new ArrayList<>();
            for (Runnable t = task; t != null; t = ready.poll()) {
                back.add(t);
            }
            back.reversed().forEach(t -> {
                Line.Entry entry = new Line.Entry(t, null);
                startTimer(t);
                queued.addFirst(entry);
                notePlace(t, entry);
                wakeWaiters(t);
            });
            state.getAndUpdate(now -> (now | LINE) - back.size() * ONE_RUNNING);
            grantSlots();
            return true;
        } finally {
            wakeAfterUnlock();
        }
    }

    /// A worker that waits for a task must run it now if nobody else does.
    private static void wakeWaiters(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.wakeWaiters();
        }
    }

    /// A task that had its slot at once has no timer yet, and that of another may be over.
    private static void startTimer(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            try {
                submitted.startTimerUntilStart();
            } catch (Throwable noMemory) {
                // then it looks at the time when it is to start
            }
        }
    }

    /// Changes the capacity. As many of the line as fit now go to the ring; the caller must signal the
    /// workers.
    ///
    /// @return the capacity before
    int resize(int capacity) {
        lock.lock();
        try {
            return resizeLocked(capacity);
        } finally {
            wakeAfterUnlock();
        }
    }

    /// [#resize(int)] with new limits of the line. Those that are too many for them now stay in line.
    int reconfigure(int capacity, int queueCapacity, int maxBlockingTasks) {
        lock.lock();
        try {
            queueLimit = limit(queueCapacity);
            waitingLimit = limit(maxBlockingTasks);
            int before = resizeLocked(capacity);
            refillQueue();
            return before;
        } finally {
            wakeAfterUnlock();
        }
    }

    private int resizeLocked(int capacity) {
        int before = capacity(state.getAndUpdate(s -> withCapacity(s, capacity)));
        grantSlots();
        return before;
    }

    /// Lets nothing start until [#resume()].
    void pause() {
        lock.lock();
        try {
            if ((state.get() & CLOSED) == 0) {
                paused = true;
                overCapacity = true;
                markLine();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends a pause. As many of the line as fit go to the ring; the caller must signal the workers.
    void resume() {
        lock.lock();
        try {
            paused = false;
            grantSlots();
        } finally {
            wakeAfterUnlock();
        }
    }

    boolean isPaused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a moment at which nothing runs and nobody is in line.
    ///
    /// @return false if there was none in time
    boolean awaitIdle(long nanos) throws InterruptedException {
        CountDownLatch idle = new CountDownLatch(1);
        lock.lock();
        try {
            watchers.add(idle);
            markLine();
        } finally {
            wakeAfterUnlock();
        }
        try {
            return idle.await(nanos, TimeUnit.NANOSECONDS);
        } finally {
            lock.lock();
            try {
                watchers.remove(idle);
                unmarkLineIfEmpty();
            } finally {
                lock.unlock();
            }
        }
    }

    /// Takes no more tasks, and refuses those of the submitters that wait. What is queued stays, and starts
    /// even if the gate was paused; the caller must signal the workers.
    void close() {
        boolean drained;
        lock.lock();
        try {
            state.getAndUpdate(s -> s | CLOSED);
            for (Line.Entry entry = waiting.pollFirst(); entry != null; entry = waiting.pollFirst()) {
                answer(entry, Admission.CLOSED);
            }
            for (Line.Entry entry = keys.pollWaiting(); entry != null; entry = keys.pollWaiting()) {
                answer(entry, Admission.CLOSED);
            }
            paused = false;
            grantSlots();
            drained = isDrained(state.get());
        } finally {
            wakeAfterUnlock();
        }
        if (drained) {
            onDrained.run();
        }
    }

    /// Takes the oldest queued task away and counts it as cancelled; null if there is none.
    @Nullable
    Runnable cancelOldest() {
        lock.lock();
        try {
            Line.Entry entry = queued.pollFirst();
            if (entry == null) {
                entry = keys.pollHeld();
            }
            if (entry == null) {
                return null;
            }
            notePlace(entry.task, null);
            books.ended(Outcome.CANCELLED);
            passTurn(entry.task);
            refillQueue();
            unmarkLineIfEmpty();
            return entry.task;
        } finally {
            wakeAfterUnlock();
        }
    }

    /// Puts a task in the place of a queued one, which is counted as shed: the oldest, or in a line by
    /// priority the youngest of the lowest level, if that is below the newcomer's. If there is room after all,
    /// or nothing to drop, it is [#admit(Runnable)]. Submitters that wait with a time limit go on waiting: the
    /// room is not theirs, since without the newcomer there would be none.
    Displaced admitInPlaceOf(Runnable task) {
        lock.lock();
        try {
            Admission now = admitLocked(task);
            if (now != Admission.FULL) {
                return new Displaced(now, null);
            }
            Line.Entry entry = new Line.Entry(task, null);
            Line.Entry dropped = queued.pollFor(task);
            if (dropped == null) {
                return new Displaced(Admission.FULL, null);
            }
            notePlace(dropped.task, null);
            books.ended(Outcome.DISPLACED);
            passTurn(dropped.task);
            accept(entry);
            return new Displaced(Admission.ACCEPTED, dropped.task);
        } finally {
            wakeAfterUnlock();
        }
    }

    /// What became of a newcomer, and the task it took the place of.
    record Displaced(Admission admission, @Nullable Runnable dropped) {}

    /// Takes a queued task away and counts its end, if it is queued; otherwise whoever has it counts it.
    void cancel(SubmittedTask<?> task, Outcome outcome) {
        lock.lock();
        try {
            endQueued(task, outcome);
        } finally {
            wakeAfterUnlock();
        }
    }

    /// Takes a queued task away that did not start in time, and counts its end.
    ///
    /// @return true if the caller is to end it; false if it isn't queued, or somebody else ends it
    boolean shed(SubmittedTask<?> task) {
        lock.lock();
        try {
            boolean isMine = isQueued(task) && task.beginShed();
            if (isMine) {
                endQueued(task, Outcome.SHED);
            }
            return isMine;
        } finally {
            wakeAfterUnlock();
        }
    }

    private boolean isQueued(SubmittedTask<?> task) {
        Line.Entry place = queued.placeOf(task);
        return place != null && (queued.contains(place) || keys.contains(place));
    }

    private void endQueued(SubmittedTask<?> task, Outcome outcome) {
        Line.Entry place = queued.placeOf(task);
        if (place != null && (queued.remove(place) || keys.remove(place))) {
            notePlace(task, null);
            books.ended(outcome);
            passTurn(task);
            refillQueue();
            unmarkLineIfEmpty();
        }
    }

    /// Takes a queued task away, for a caller that runs it; not one that stands behind others of its key. In a line
    /// by priority also one that has a slot: it isn't safe there, since something higher may come and get that.
    /// The slot goes to whoever is next then, and the caller must signal the workers.
    ///
    /// @return false if it isn't queued (any more)
    boolean remove(SubmittedTask<?> task) {
        lock.lock();
        try {
            Line.Entry place = queued.placeOf(task);
            if (place == null) {
                return false;
            }
            if (!queued.remove(place)) {
                if (!queued.removeWithSlot(place)) {
                    return false;
                }
                markLine();
                var _ = exitToLine(); // a line by priority hands out no certain task
            }
            notePlace(task, null);
            refillQueue();
            unmarkLineIfEmpty();
            return true;
        } finally {
            wakeAfterUnlock();
        }
    }

    /// The numbers of this instant.
    Numbers numbers() {
        lock.lock();
        try {
            long s = state.get();
            return new Numbers(
                    capacity(s), (int) running(s), queued.size() + keys.held(), waiting.size() + keys.waiting());
        } finally {
            lock.unlock();
        }
    }

    /// How long the oldest of those has waited that have no slot, in nanoseconds: 0 if there is none,
    /// [Line#UNKNOWN] if nobody can tell.
    long longestInLine() {
        lock.lock();
        try {
            long now = System.nanoTime();
            return Math.max(Math.max(queued.longest(now), waiting.longest(now)), keys.longest(now));
        } finally {
            lock.unlock();
        }
    }

    /// The numbers of each level, the highest first; none unless the lines are by priority.
    List<LevelStats> levels() {
        lock.lock();
        try {
            if (!(queued instanceof PriorityLine accepted && waiting instanceof PriorityLine waiters)) {
                return List.of();
            }
            return accepted.stats(waiters);
        } finally {
            lock.unlock();
        }
    }

    /// Whether a newcomer would not have to wait at this moment. True once closed: it would be told so at
    /// once.
    boolean hasRoom() {
        long now = state.get();
        if ((now & LINE) == 0 && running(now) < limit(now)) {
            return true;
        }
        lock.lock();
        try {
            long s = state.get();
            boolean fits = hasQueueRoom() || (isLineEmpty() && running(s) < mayRun(s));
            return (s & CLOSED) != 0 || (waiting.size() == 0 && fits);
        } finally {
            lock.unlock();
        }
    }

    /// The capacity of this instant.
    int capacity() {
        return capacity(state.get());
    }

    private Admission admitLocked(Runnable task) {
        if ((state.get() & CLOSED) != 0) {
            return Admission.CLOSED;
        }
        boolean mustWait = keys.mustWait(task);
        if (!hasQueueRoom() || waiting.size() > 0 || (mustWait && keys.hasWaiting(task))) {
            if (mustWait || !enterLocked(0)) {
                return Admission.FULL;
            }
            keys.takeTurn(task);
            return Admission.SLOT;
        }
        Line.Entry entry = new Line.Entry(task, null); // before the mark, in case there is no memory for it
        if (!mustWait && enterLocked(LINE)) {
            keys.takeTurn(task);
            return Admission.SLOT;
        }
        accept(entry);
        return Admission.ACCEPTED;
    }

    /// Takes a slot, if one is free and nobody is in line.
    ///
    /// @param mark set if it doesn't: `LINE` makes every exit come by the line, which the caller is about to
    ///     join
    /// @return true if it took a slot
    private boolean enterLocked(long mark) {
        for (; ; ) {
            long s = state.get();
            if (isLineEmpty() && running(s) < mayRun(s)) {
                if (state.compareAndSet(s, s + ONE_RUNNING)) {
                    books.accepted.increment();
                    return true;
                }
            } else if ((s & mark) == mark || state.compareAndSet(s, s | mark)) {
                return false;
            }
        }
    }

    /// Takes `lock` for a task that is to wait, or for an exit that makes room. It is held for a moment only, and a
    /// virtual thread that parks for it comes back from behind all others.
    private void lockSoon() {
        for (int i = 0; i < LOCK_SPINS; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    private boolean isLineEmpty() {
        return queued.size() == 0 && waiting.size() == 0;
    }

    /// Lets every entry and exit come by the line from now on. Where they do already the state isn't written, which
    /// would take it from the cores of those who look whether there is room.
    private void markLine() {
        if ((state.get() & LINE) == 0) {
            state.getAndUpdate(s -> s | LINE);
        }
    }

    private void unmarkLineIfEmpty() {
        if (isLineEmpty() && !paused && watchers.isEmpty()) {
            state.getAndUpdate(s -> s & ~LINE);
        }
    }

    private boolean isDrained(long s) {
        return (s & CLOSED) != 0 && running(s) == 0 && isLineEmpty();
    }

    /// True if nothing runs and nobody is in line.
    private boolean isIdle() {
        return running(state.get()) == 0 && isLineEmpty();
    }

    /// Gives the slot that came back to the head of the line, or to nobody while more runs than may.
    private @Nullable Runnable exitToLine() {
        long s = state.get();
        Runnable next = running(s) > mayRun(s) ? null : passSlot();
        if (next == null) {
            state.set(s - ONE_RUNNING);
        }
        unmarkLineIfEmpty();
        return next instanceof Line.Passed ? null : next;
    }

    /// Gives free slots to the head of the line, and notes whether more runs than may.
    private void grantSlots() {
        long s = state.get();
        while (!isLineEmpty() && running(s) < mayRun(s)) {
            state.set(s + ONE_RUNNING);
            Runnable task = passSlot();
            if (task != null && !(task instanceof Line.Passed)) {
                ready.offer(task);
            }
            s = state.get();
        }
        unmarkLineIfEmpty();
        overCapacity = running(s) > mayRun(s);
    }

    /// Lets the head of the line have a slot that is there: as [Line#passSlot()], with those in `waiting` behind
    /// those in `queued`.
    private @Nullable Runnable passSlot() {
        Runnable task = queued.passSlot();
        if (task != null) {
            notePlace(task, null);
            refillQueue();
            return task;
        }
        Line.Entry entry = waiting.pollFirst();
        if (entry == null) {
            return null;
        }
        books.accepted.increment();
        answer(entry, Admission.ACCEPTED);
        return queued.passSlotTo(entry);
    }

    private void refillQueue() {
        Line.Entry entry;
        while (hasQueueRoom() && (entry = waiting.pollFirst()) != null) {
            accept(entry);
            answer(entry, Admission.ACCEPTED);
        }
        while (hasQueueRoom() && (entry = keys.acceptOldest()) != null) {
            notePlace(entry.task, entry);
            books.accepted.increment();
            answer(entry, Admission.ACCEPTED);
        }
    }

    /// Puts an entry that stands nowhere yet into the queue.
    private void accept(Line.Entry entry) {
        if (keys.mustWait(entry.task)) {
            keys.hold(entry);
        } else {
            keys.takeTurn(entry.task);
            queued.addLast(entry);
        }
        notePlace(entry.task, entry);
        books.accepted.increment();
    }

    private boolean hasQueueRoom() {
        return queued.size() + keys.held() < queueLimit;
    }

    /// Lets a task leave the line of its key, if it has one. The next one gets its turn and goes into the line,
    /// which may need slots afterwards.
    private void passTurn(Runnable task) {
        Line.Entry next = task instanceof SubmittedTask<?> submitted ? keys.leave(submitted) : null;
        if (next == null) {
            return;
        }
        markLine();
        if (keys.wasHeld(next)) {
            queued.addLast(next);
            wakeWaiters(next.task);
        } else {
            waiting.addLast(next);
            refillQueue();
        }
    }

    /// Lets a task know where it is queued, if it is one that can be cancelled there.
    private static void notePlace(Runnable task, Line.@Nullable Entry place) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.place = place;
        }
    }

    private void answer(Line.Entry entry, Admission outcome) {
        entry.outcome = outcome;
        if (lastToWake == null) {
            firstToWake = entry;
        } else {
            lastToWake.nextToWake = entry;
        }
        lastToWake = entry;
    }

    /// Tells those who watch for it that the pool is idle, frees the lock, then wakes those that were answered
    /// under it.
    private void wakeAfterUnlock() {
        Line.Entry entry = firstToWake;
        firstToWake = null;
        lastToWake = null;
        if (!watchers.isEmpty() && isIdle()) {
            watchers.forEach(CountDownLatch::countDown);
            watchers.clear();
            unmarkLineIfEmpty();
        }
        Keys.KeyLine forgotten = keys.takeForgotten();
        lock.unlock();
        keys.forgetAll(forgotten);
        while (entry != null) {
            if (entry.isParking) {
                LockSupport.unpark(entry.submitter);
            }
            Line.Entry next = entry.nextToWake;
            entry.nextToWake = null;
            entry = next;
        }
    }

    private static boolean isFull(long s) {
        return (s & CLOSED) == 0 && running(s) >= limit(s);
    }

    /// How many tasks may run now. Called under `lock`.
    private long mayRun(long s) {
        return paused ? 0 : limit(s);
    }

    private static long running(long s) {
        return s & RUNNING;
    }

    private static int capacity(long s) {
        long capacity = (s & CAPACITY) >>> CAPACITY_SHIFT;
        return capacity == UNBOUNDED ? Pool.UNBOUNDED : (int) capacity;
    }

    private static long limit(long s) {
        return limit(capacity(s));
    }

    private static long limit(int bound) {
        return bound == Pool.UNBOUNDED ? RUNNING : bound;
    }

    private static long withCapacity(long s, int capacity) {
        return (s & ~CAPACITY) | ((capacity == Pool.UNBOUNDED ? UNBOUNDED : capacity) << CAPACITY_SHIFT);
    }
}
