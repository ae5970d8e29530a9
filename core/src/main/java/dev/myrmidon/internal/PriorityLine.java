package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A line by priority: a line of arrival for each level, and the levels in order.
///
/// In a pool by priority it is the whole way of a task to the workers: `Line` and [Ready] at once. A slot
/// belongs to no certain task here: a task that gets one stays in its place, a slot more is *promised*, and
/// the worker that comes takes whatever is highest then. So nothing lower is already on its way when
/// something higher arrives. What is promised counts as handed out, the others as waiting.
///
/// **Inbox**: tasks that come with their slots are put into a ring first, without the lock, and whoever takes
/// the lock sorts them in before anything else. So submitters and workers don't pass the levels from core to
/// core for each task. What is in there is an entry and a promise, both uncounted yet; on the way from there
/// it is never in neither, or those who ask whether there is anything to start would send nobody.
///
/// **Aging**: all tasks gain levels at the same pace, so the order of two tasks never changes: it is that of
/// `arrival − priority × aging`, their *rank*. Within a level that is the order of arrival, so it is enough to
/// compare the heads of the levels. Without aging the rank is the priority alone.
///
/// **Invariant**: the levels have `waiting + promised` entries.
///
/// **Locking**: all state but the inbox is guarded by `lock`, under which only another line's is taken, in
/// [#stats]. `waiting` changes only under the gate's lock too, and is read under either.
final class PriorityLine extends Line implements Ready {
    private static final VarHandle POLLING = FieldHandles.of(MethodHandles.lookup(), "polling", boolean.class);

    /// A few microseconds, while the lock is held for some tenths of one.
    private static final int SPINS = 200;

    private final long agingNanos;
    private final boolean timed;
    private final Ring inbox = new Ring();

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityLevels levels;
    /// How many have no slot.
    private int waiting;

    /// Written under `lock`.
    private volatile int promised;

    /// Whether a worker takes a task just now. Written under `lock`.
    @SuppressWarnings("UnusedVariable") // used through POLLING
    private boolean polling;

    /// An empty line.
    ///
    /// @param agingNanos how long a task waits to gain a level; `Long.MAX_VALUE` is forever
    /// @param timed whether to measure how long tasks wait in each level
    PriorityLine(long agingNanos, boolean timed) {
        this.agingNanos = agingNanos;
        this.timed = timed;
        this.levels = new PriorityLevels(this::newLevel);
    }

    private PriorityLevel newLevel(int priority) {
        return new PriorityLevel(this, priority, agingNanos, timed);
    }

    @Override
    int size() {
        return waiting;
    }

    @Override
    void addLast(Entry entry) {
        lock.lock();
        try {
            sortIn();
            append(entry);
            waiting++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void addFirst(Entry entry) {
        lock.lock();
        try {
            sortIn();
            PriorityLevel level = levels.level(priority(entry.task));
            level.addFirst(item(entry), arrival());
            added(level);
            waiting++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFirst() {
        if (waiting == 0) {
            return null;
        }
        lock.lock();
        try {
            sortIn();
            waiting--;
            PriorityLevel level = levels.first();
            return level.entry(takeHead(level));
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFor(Runnable newcomer) {
        if (waiting == 0) {
            return null;
        }
        lock.lock();
        try {
            sortIn();
            PriorityLevel lowest = levels.lowest();
            if (lowest.priority() >= priority(newcomer)) {
                return null;
            }
            Object youngest = lowest.pollLast();
            waiting--;
            return lowest.entry(youngest);
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Runnable passSlot() {
        if (waiting == 0) {
            return null;
        }
        lock.lock();
        try {
            waiting--;
            promise(1);
            return Passed.PASSED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    Runnable passSlotTo(Entry entry) {
        lock.lock();
        try {
            sortIn();
            append(entry);
            promise(1);
            return Passed.PASSED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry placeOf(SubmittedTask<?> task) {
        lock.lock();
        try {
            sortIn();
            return task.place;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean contains(Entry entry) {
        lock.lock();
        try {
            return waiting > 0 && levelOf(entry) != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean remove(Entry entry) {
        lock.lock();
        try {
            PriorityLevel level = levelOf(entry);
            if (level == null || waiting == 0) {
                return false;
            }
            waiting--;
            take(entry, level);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean removeWithSlot(Entry entry) {
        lock.lock();
        try {
            PriorityLevel level = levelOf(entry);
            if (level == null || promised == 0) {
                return false;
            }
            promise(-1);
            take(entry, level);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void take(Entry entry, PriorityLevel level) {
        boolean wasHead = level.isHead(entry);
        level.remove(entry);
        if (wasHead) {
            headLeft(level);
        }
    }

    @Override
    public void offer(Runnable task) {
        inbox.offer(task);
    }

    @Override
    @Nullable
    public Runnable poll() {
        if (isEmpty()) {
            return null;
        }
        awaitOthers();
        lock.lock();
        POLLING.setOpaque(this, true);
        try {
            sortIn();
            if (promised == 0) {
                return null;
            }
            promise(-1);
            PriorityLevel level = levels.first();
            Runnable task = level.task(takeHead(level));
            level.countStart(task);
            return task;
        } finally {
            POLLING.setOpaque(this, false);
            lock.unlock();
        }
    }

    @Override
    public boolean isBusy() {
        return (boolean) POLLING.getOpaque(this);
    }

    @Override
    public boolean isEmpty() {
        return inbox.isEmpty() && promised == 0; // in this order: what leaves the one is in the other already
    }

    @Override
    public boolean remove(Runnable task) {
        lock.lock();
        try {
            sortIn();
            if (promised == 0) {
                return false; // a worker came for it, and will be sent again when it is its turn
            }
            PriorityLevel level = levels.find(priority(task));
            if (level == null || !level.removeLast(code(task))) {
                return false;
            }
            promise(-1);
            headLeft(level);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits a little where a park would take much longer than the others need. Workers that parked for the lock
    /// made a line, in which each of them got it only by being woken, and ever more came to it.
    private void awaitOthers() {
        for (int i = 0; i < SPINS && lock.isLocked(); i++) {
            Thread.onSpinWait();
        }
    }

    /// The levels that are known, the highest first, with those who wait for room there.
    List<LevelStats> stats(PriorityLine others) {
        lock.lock();
        others.lock.lock();
        try {
            sortIn();
            SortedMap<Integer, LevelStats> stats = new TreeMap<>(Comparator.reverseOrder());
            others.levels.forEach(level ->
                    stats.put(level.priority(), newLevel(level.priority()).stats(level.size())));
            levels.forEach(level ->
                    stats.compute(level.priority(), (_, other) -> level.stats(other == null ? 0 : other.waiting())));
            return List.copyOf(stats.values());
        } finally {
            others.lock.unlock();
            lock.unlock();
        }
    }

    private boolean ages() {
        return agingNanos != Long.MAX_VALUE;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // all updates are under the lock
    private void promise(int slots) {
        promised += slots;
    }

    /// Puts what has come with its slots where it belongs.
    private void sortIn() {
        if (inbox.isEmpty()) {
            return;
        }
        promise(1); // before the inbox looks empty to those who ask without the lock
        long now = arrival();
        int slots = 0;
        for (Runnable task = inbox.poll(); task != null; task = inbox.poll()) {
            append(levels.level(priority(task)), arrived(task), now);
            slots++;
        }
        promise(slots - 1);
    }

    /// The time, if that matters.
    private long arrival() {
        return ages() ? System.nanoTime() : 0;
    }

    /// What is to stand in a level for a task that has no place yet.
    private static Object arrived(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            Entry entry = new Entry(task, null);
            submitted.place = entry;
            return entry;
        }
        return code(task);
    }

    /// What is to stand in a level for an entry: nobody looks again for one that is no handle and no submitter.
    private static Object item(Entry entry) {
        return entry.task instanceof SubmittedTask<?> || entry.submitter != null ? entry : code(entry.task);
    }

    private static Runnable code(Runnable task) {
        return task instanceof LeveledTask leveled ? leveled.task() : task;
    }

    /// Puts an entry behind all others of its level. It arrives now, unless it has come from another line.
    private void append(Entry entry) {
        if (entry.arrival == 0) {
            entry.arrival = arrival();
        }
        append(levels.level(priority(entry.task)), item(entry), entry.arrival);
    }

    private void append(PriorityLevel level, Object item, long arrival) {
        level.addLast(item, arrival);
        added(level);
    }

    private void added(PriorityLevel level) {
        if (level.size() == 1) {
            levels.headChanged(level);
        }
    }

    private Object takeHead(PriorityLevel level) {
        Object head = level.pollFirst();
        headLeft(level);
        return head;
    }

    private void headLeft(PriorityLevel level) {
        if (level.size() > 0) {
            levels.headChanged(level);
        }
    }

    /// The level an entry stands in; null if it isn't in this line.
    @SuppressWarnings("ReferenceEquality") // this very line
    private @Nullable PriorityLevel levelOf(Entry entry) {
        PriorityLevel level = entry.level;
        return level != null && level.line() == this ? level : null;
    }

    private static int priority(Runnable task) {
        return switch (task) {
            case LeveledTask leveled -> leveled.priority();
            case SubmittedTask<?> submitted -> submitted.options().priority();
            default -> 0;
        };
    }
}
