package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A line by priority: a line of arrival for each level, and the levels in order.
///
/// In a pool by priority it is the whole way of a task to the workers: `Line` and [Ready] at once. A slot
/// belongs to no certain task here: a task that gets one stays in its place, a slot more is *promised*, and
/// the worker that comes takes whatever is highest then. So nothing lower is already on its way when
/// something higher arrives. What is promised counts as handed out, the others as waiting.
///
/// **Aging**: all tasks gain levels at the same pace, so the order of two tasks never changes: it is that of
/// `arrival − priority × aging`. Within a level that is the order of arrival, so it is enough to compare the
/// heads of the levels.
///
/// **Invariants**: `promised <= entries`; `order` holds the levels that aren't empty, sorted by their heads.
///
/// **Locking**: all state is guarded by `lock`, under which only another line's is taken, in [#stats].
/// `entries - promised` changes only under the gate's lock too.
final class PriorityLine extends Line implements Ready {
    /// So many levels are kept when nobody waits in them, with what they have counted.
    private static final int KEPT_LEVELS = 64;

    private static final Comparator<Level> BY_PRIORITY = Comparator.comparingInt(level -> level.priority);

    private final long agingNanos;
    private final boolean timed;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Level> levels = new HashMap<>();
    private final Comparator<Level> headsFirst;
    private final TreeSet<Level> order;
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
        Comparator<Level> highestFirst = BY_PRIORITY.reversed();
        headsFirst = ages() ? Comparator.comparingDouble(Level::rank).thenComparing(highestFirst) : highestFirst;
        order = new TreeSet<>(headsFirst);
    }

    /// One level, with what has happened in it.
    private final class Level extends ArrivalLine {
        final int priority;
        private long started;
        private final long @Nullable [] waits = timed ? new long[LogLinearHistogram.BUCKETS] : null;

        Level(int priority) {
            this.priority = priority;
        }

        /// When the head would have arrived at level 0 to stand where it stands.
        double rank() {
            Entry head = first();
            return head == null ? 0 : head.arrival - (double) priority * agingNanos;
        }

        void countStart(Entry entry) {
            started++;
            if (waits != null) {
                waits[LogLinearHistogram.bucket(Math.max(0, System.nanoTime() - entry.arrival))]++;
            }
        }

        LevelStats stats(@Nullable Level waiting) {
            return new LevelStats(
                    priority,
                    size(),
                    waiting == null ? 0 : waiting.size(),
                    started,
                    waits == null ? null : new LogLinearHistogram(waits.clone()));
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
        noteArrival(entry);
        lock.lock();
        try {
            append(entry);
        } finally {
            lock.unlock();
        }
    }

    @Override
    void addFirst(Entry entry) {
        noteArrival(entry);
        lock.lock();
        try {
            Level level = level(entry.task);
            Entry head = level.first();
            if (head != null) {
                entry.arrival = Math.min(entry.arrival, head.arrival);
                order.remove(level);
            }
            level.addFirst(entry);
            order.add(level);
            entries++;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFirst() {
        lock.lock();
        try {
            return entries > promised ? takeHead() : null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    @Nullable
    Entry pollFor(Runnable newcomer) {
        lock.lock();
        try {
            if (entries == promised) {
                return null;
            }
            Level lowest = ages() ? Collections.min(order, BY_PRIORITY) : order.last();
            if (lowest.priority >= priority(newcomer)) {
                return null;
            }
            if (lowest.size() == 1) {
                order.remove(lowest);
            }
            Entry youngest = lowest.pollLast();
            entries--;
            forgetIfEmpty(lowest);
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
        noteArrival(entry);
        lock.lock();
        try {
            append(entry);
            promise(1);
            return Passed.PASSED;
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
            return entries > promised && removeLocked(entry);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void offer(Runnable task) {
        Entry entry = new Entry(task, null);
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.place = entry;
        }
        var _ = passSlotTo(entry);
    }

    @Override
    @Nullable
    public Runnable poll() {
        if (promised == 0) {
            return null;
        }
        lock.lock();
        try {
            if (promised == 0) {
                return null;
            }
            promise(-1);
            Level level = order.first();
            Entry head = takeHead();
            level.countStart(head);
            return head.task;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isEmpty() {
        return promised == 0;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal tasks are still two tasks
    public boolean remove(Runnable task) {
        lock.lock();
        try {
            if (promised == 0) {
                return false; // a worker came for it, and will be sent again when it is its turn
            }
            for (Entry entry = level(task).first(); entry != null; entry = entry.next) {
                if (entry.task == task) {
                    promise(-1);
                    return removeLocked(entry);
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

    private void noteArrival(Entry entry) {
        if (entry.arrival == 0 && (ages() || timed)) {
            entry.arrival = System.nanoTime();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // all updates are under the lock
    private void promise(int slots) {
        promised += slots;
    }

    private void append(Entry entry) {
        Level level = level(entry.task);
        boolean wasEmpty = level.size() == 0;
        level.addLast(entry);
        if (wasEmpty) {
            order.add(level);
        }
        entries++;
    }

    private Entry takeHead() {
        Iterator<Level> fromHighest = order.iterator();
        Level level = fromHighest.next();
        Entry head = Objects.requireNonNull(level.pollFirst());
        entries--;
        if (level.size() == 0) {
            fromHighest.remove();
            forgetIfEmpty(level);
        } else if (ages() && fromHighest.hasNext() && headsFirst.compare(level, fromHighest.next()) > 0) {
            order.pollFirst(); // by its place: its rank has changed
            order.add(level);
        }
        return head;
    }

    private boolean removeLocked(Entry entry) {
        Level level = levelOf(entry);
        if (level == null) {
            return false;
        }
        boolean isHead = level.first() == entry;
        if (isHead) {
            order.remove(level);
        }
        level.remove(entry);
        entries--;
        if (isHead && level.size() > 0) {
            order.add(level);
        }
        forgetIfEmpty(level);
        return true;
    }

    /// The level an entry stands in; null if it isn't in this line.
    private @Nullable Level levelOf(Entry entry) {
        return entry.line instanceof Level level && level.owner() == this ? level : null;
    }

    private Level level(Runnable task) {
        return levels.computeIfAbsent(priority(task), Level::new);
    }

    private void forgetIfEmpty(Level level) {
        if (level.size() == 0 && levels.size() > KEPT_LEVELS) {
            levels.remove(level.priority);
        }
    }

    private static int priority(Runnable task) {
        return task instanceof SubmittedTask<?> submitted ? submitted.options().priority() : 0;
    }
}
