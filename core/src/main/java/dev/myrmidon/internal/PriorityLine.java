package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
/// **Invariants**: `promised <= entries`; `heap` holds the levels that aren't empty as a heap by the ranks of
/// their heads, each of which is beside it in `ranks` (four children to a node, so that the ranks of siblings
/// lie together).
///
/// **Locking**: all state but the inbox is guarded by `lock`, under which only another line's is taken, in
/// [#stats]. `entries - promised` changes only under the gate's lock too.
final class PriorityLine extends Line implements Ready {
    /// So many levels are kept when nobody waits in them, with what they have counted.
    private static final int KEPT_LEVELS = 64;

    private static final int CHILDREN = 4;

    private static final Comparator<Level> BY_PRIORITY = Comparator.comparingInt(level -> level.priority);

    private final long agingNanos;
    private final boolean timed;
    private final Ring inbox = new Ring();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Level> levels = new HashMap<>();
    /// Those of `levels` that most pools have, by their priority.
    private final @Nullable Level[] few = new Level[16];
    private @Nullable Level[] heap = new Level[16];
    private double[] ranks = new double[16];
    private int nonEmpty;
    private int entries;

    /// Written under `lock`.
    private volatile int promised;

    /// An empty line.
    ///
    /// @param agingNanos how long a task waits to gain a level; `Long.MAX_VALUE` is forever
    /// @param timed whether to measure how long tasks wait in each level
    PriorityLine(long agingNanos, boolean timed) {
        this.agingNanos = agingNanos;
        this.timed = timed;
    }

    /// One level, with what has happened in it.
    private final class Level extends ArrivalLine {
        final int priority;
        private long started;
        private final long @Nullable [] waits = timed ? new long[LogLinearHistogram.BUCKETS] : null;

        Level(int priority) {
            this.priority = priority;
        }

        /// Its place in `heap`, while it isn't empty.
        int index;

        /// Where the head stands among those of the others: the smallest goes first.
        double rank() {
            Entry head = first();
            return !ages() || head == null ? -(double) priority : head.arrival - (double) priority * agingNanos;
        }

        void countStart(Runnable task) {
            started++;
            if (waits != null && task instanceof SubmittedTask<?> submitted && submitted.weight() > 0) {
                waits[LogLinearHistogram.bucket(Math.max(0, submitted.nanosWaited()))] += submitted.weight();
            }
        }

        LevelStats stats(@Nullable Level waiting) {
            return new LevelStats(
                    priority,
                    size(),
                    waiting == null ? 0 : waiting.size(),
                    started,
                    waits == null ? null : new LogLinearHistogram(waits));
        }

        PriorityLine owner() {
            return PriorityLine.this;
        }
    }

    @Override
    int size() {
        lock.lock();
        try {
            return entries - promised;
        } finally {
            lock.unlock();
        }
    }

    @Override
    void addLast(Entry entry) {
        lock.lock();
        try {
            sortIn();
            append(entry, arrival());
        } finally {
            lock.unlock();
        }
    }

    @Override
    void addFirst(Entry entry) {
        lock.lock();
        try {
            sortIn();
            Level level = level(entry.task);
            Entry head = level.first();
            entry.arrival = head == null ? arrival() : head.arrival;
            level.addFirst(entry);
            entries++;
            if (head == null) {
                insert(level);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFirst() {
        lock.lock();
        try {
            sortIn();
            return entries > promised ? takeHead(highest()) : null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFor(Runnable newcomer) {
        lock.lock();
        try {
            sortIn();
            if (entries == promised) {
                return null;
            }
            Level lowest = levels.values().stream()
                    .filter(level -> level.size() > 0)
                    .min(BY_PRIORITY)
                    .orElseThrow();
            Entry youngest = lowest.last();
            if (youngest == null || lowest.priority >= priority(newcomer)) {
                return null;
            }
            remove(lowest, youngest);
            return youngest;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Runnable passSlot() {
        lock.lock();
        try {
            if (entries == promised) {
                return null;
            }
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
            append(entry, arrival());
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
            return entries > promised && levelOf(entry) != null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    boolean remove(Entry entry) {
        lock.lock();
        try {
            Level level = levelOf(entry);
            if (level == null || entries == promised) {
                return false;
            }
            remove(level, entry);
            return true;
        } finally {
            lock.unlock();
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
        lock.lock();
        try {
            sortIn();
            if (promised == 0) {
                return null;
            }
            promise(-1);
            Level level = highest();
            Runnable task = takeHead(level).task;
            level.countStart(task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isEmpty() {
        return inbox.isEmpty() && promised == 0; // in this order: what leaves the one is in the other already
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal tasks are still two tasks
    public boolean remove(Runnable task) {
        lock.lock();
        try {
            sortIn();
            if (promised == 0) {
                return false; // a worker came for it, and will be sent again when it is its turn
            }
            Level level = level(task);
            for (Entry entry = level.first(); entry != null; entry = entry.next) {
                if (entry.task == task) {
                    promise(-1);
                    remove(level, entry);
                    return true;
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// The levels that are known, the highest first, with those who wait for room there.
    List<LevelStats> stats(PriorityLine waiting) {
        lock.lock();
        waiting.lock.lock();
        try {
            sortIn();
            waiting.levels.keySet().forEach(priority -> levels.computeIfAbsent(priority, Level::new));
            return levels.values().stream()
                    .sorted(BY_PRIORITY.reversed())
                    .map(level -> level.stats(waiting.levels.get(level.priority)))
                    .toList();
        } finally {
            waiting.lock.unlock();
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
            Entry entry = new Entry(task, null);
            if (task instanceof SubmittedTask<?> submitted) {
                submitted.place = entry;
            }
            append(entry, now);
            slots++;
        }
        promise(slots - 1);
    }

    /// The time, if that matters.
    private long arrival() {
        return ages() ? System.nanoTime() : 0;
    }

    /// Puts an entry behind all others of its level.
    ///
    /// @param now when it arrived, unless it has come from another line
    private void append(Entry entry, long now) {
        if (entry.arrival == 0) {
            entry.arrival = now;
        }
        Level level = level(entry.task);
        level.addLast(entry);
        entries++;
        if (level.size() == 1) {
            insert(level);
        }
    }

    private Level highest() {
        return Objects.requireNonNull(heap[0]);
    }

    private Entry takeHead(Level level) {
        Entry head = Objects.requireNonNull(level.first());
        remove(level, head);
        return head;
    }

    private void remove(Level level, Entry entry) {
        boolean wasHead = level.first() == entry;
        level.remove(entry);
        entries--;
        if (level.size() == 0) {
            delete(level);
            if (levels.size() > KEPT_LEVELS && levels.remove(level.priority) != null) {
                forgetFew(level.priority);
            }
        } else if (wasHead && ages()) {
            moveInHeap(level, level.rank()); // up too: the next one may have come earlier, if it waited elsewhere
        }
    }

    private void forgetFew(int priority) {
        if (priority >= 0 && priority < few.length) {
            few[priority] = null;
        }
    }

    /// The level an entry stands in; null if it isn't in this line.
    private @Nullable Level levelOf(Entry entry) {
        return entry.line instanceof Level level && level.owner() == this ? level : null;
    }

    private Level level(Runnable task) {
        int priority = priority(task);
        if (priority < 0 || priority >= few.length) {
            return levels.computeIfAbsent(priority, Level::new);
        }
        Level level = few[priority];
        if (level == null) {
            level = levels.computeIfAbsent(priority, Level::new);
            few[priority] = level;
        }
        return level;
    }

    private static int priority(Runnable task) {
        return switch (task) {
            case LeveledTask leveled -> leveled.priority();
            case SubmittedTask<?> submitted -> submitted.options().priority();
            default -> 0;
        };
    }

    private void insert(Level level) {
        if (nonEmpty == heap.length) {
            heap = Arrays.copyOf(heap, 2 * nonEmpty);
            ranks = Arrays.copyOf(ranks, 2 * nonEmpty);
        }
        level.index = nonEmpty++;
        siftUp(level, level.rank());
    }

    private void delete(Level level) {
        nonEmpty--;
        Level last = Objects.requireNonNull(heap[nonEmpty]);
        double rank = ranks[nonEmpty];
        heap[nonEmpty] = null;
        if (level.index < nonEmpty) {
            last.index = level.index;
            moveInHeap(last, rank);
        }
    }

    private void moveInHeap(Level level, double rank) {
        siftUp(level, rank);
        siftDown(level, rank);
    }

    private void siftUp(Level level, double rank) {
        int at = level.index;
        while (at > 0) {
            int parent = (at - 1) / CHILDREN;
            Level above = Objects.requireNonNull(heap[parent]);
            if (!isBefore(rank, level, ranks[parent], above)) {
                break;
            }
            put(at, above, ranks[parent]);
            at = parent;
        }
        put(at, level, rank);
    }

    private void siftDown(Level level, double rank) {
        int at = level.index;
        for (int child = CHILDREN * at + 1; child < nonEmpty; child = CHILDREN * at + 1) {
            int first = child;
            for (int other = child + 1; other < Math.min(child + CHILDREN, nonEmpty); other++) {
                if (isBefore(ranks[other], heap[other], ranks[first], heap[first])) {
                    first = other;
                }
            }
            Level below = Objects.requireNonNull(heap[first]);
            if (!isBefore(ranks[first], below, rank, level)) {
                break;
            }
            put(at, below, ranks[first]);
            at = first;
        }
        put(at, level, rank);
    }

    private void put(int at, Level level, double rank) {
        heap[at] = level;
        ranks[at] = rank;
        level.index = at;
    }

    /// Smaller ranks first, and of equal ones the higher level.
    private static boolean isBefore(double rank, @Nullable Level level, double otherRank, @Nullable Level other) {
        if (rank != otherRank) {
            return rank < otherRank;
        }
        return level != null && other != null && level.priority > other.priority;
    }
}
