package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One level of a [PriorityLine]: what waits there in order of arrival, in a ring, and what has happened there.
/// What leaves from its midst leaves a gap, which is skipped. Guarded by the line's lock.
///
/// An item is an entry if somebody may want to find it again. The other tasks, given to `execute`, are there as
/// bare code, with their arrival beside them: so nothing has to be read to start one that nobody has touched
/// since it came.
final class PriorityLevel {
    /// The first size of the ring.
    private static final int FIRST_LENGTH = 4;

    /// A level that becomes empty keeps the memory for so many.
    private static final int LENGTH_KEPT = 1 << 12;

    private final PriorityLine line;
    private final long agingNanos;
    private final boolean timed;

    private int priority;
    private @Nullable Object[] items = new Object[FIRST_LENGTH];
    /// When each item arrived; empty if that doesn't matter.
    private long[] arrivals;

    /// Counted on and on; modulo the length they are the places of the first item and of the next one.
    private int head;

    private int tail;
    private int size;
    private long started;
    private long @Nullable [] waits;

    /// Whether it stands in the heap of [PriorityLevels], and with which rank.
    boolean isInHeap;

    double rankInHeap;

    /// @param line whose level it is
    /// @param agingNanos how long a task waits to gain a level; `Long.MAX_VALUE` is forever
    /// @param timed whether to measure how long tasks wait
    PriorityLevel(PriorityLine line, int priority, long agingNanos, boolean timed) {
        this.line = line;
        this.priority = priority;
        this.agingNanos = agingNanos;
        this.timed = timed;
        this.arrivals = new long[ages() ? FIRST_LENGTH : 0];
    }

    /// Makes an empty one that nobody knows any more another level.
    void reuse(int newPriority) {
        priority = newPriority;
        started = 0;
        waits = null;
    }

    PriorityLine line() {
        return line;
    }

    int priority() {
        return priority;
    }

    int size() {
        return size;
    }

    /// Where the head stands among those of the others: the smallest goes first. Of an empty level, where it
    /// would stand without aging.
    double rank() {
        double steps = -(double) priority;
        return ages() && size > 0 ? arrivals[at(head)] + steps * agingNanos : steps;
    }

    /// Puts an item behind all others.
    void addLast(Object item, long arrival) {
        if (tail - head == items.length) {
            makeRoom();
        }
        put(tail++, item, arrival);
    }

    /// Puts back an item that left as the head: it came as early as the one that is the head now.
    ///
    /// @param now when it came if there is none
    void addFirst(Object item, long now) {
        if (tail - head == items.length) {
            makeRoom();
        }
        long arrival = size > 0 && ages() ? arrivals[at(head)] : now;
        put(--head, item, arrival);
    }

    /// Takes the head, which must be there.
    Object pollFirst() {
        return clear(head);
    }

    /// Takes the youngest, which must be there.
    Object pollLast() {
        return clear(tail - 1);
    }

    boolean isHead(Line.Entry entry) {
        return entry.place == head;
    }

    /// Takes out an entry that stands here.
    void remove(Line.Entry entry) {
        clear(entry.place);
    }

    /// Takes out the youngest item with this code.
    ///
    /// @return whether there was one
    @SuppressWarnings("ReferenceEquality") // equal tasks are still two tasks
    boolean removeLast(Runnable code) {
        for (int place = tail - 1; place - head >= 0; place--) {
            Object item = items[at(place)];
            if (item == code || (item instanceof Line.Entry entry && entry.task == code)) {
                clear(place);
                return true;
            }
        }
        return false;
    }

    /// The task of an item that stood here.
    Runnable task(Object item) {
        if (item instanceof Line.Entry entry) {
            return entry.task;
        }
        return priority == 0 ? (Runnable) item : new LeveledTask((Runnable) item, priority);
    }

    /// The same as an entry.
    Line.Entry entry(Object item) {
        return item instanceof Line.Entry entry ? entry : new Line.Entry(task(item), null);
    }

    void countStart(Runnable task) {
        started++;
        if (timed && task instanceof SubmittedTask<?> submitted && submitted.weight() > 0) {
            if (waits == null) {
                waits = new long[LogLinearHistogram.BUCKETS];
            }
            waits[LogLinearHistogram.bucket(Math.max(0, submitted.nanosWaited()))] += submitted.weight();
        }
    }

    /// @param waiting how many wait for room in this level
    LevelStats stats(int waiting) {
        return new LevelStats(
                priority,
                size,
                waiting,
                started,
                timed ? new LogLinearHistogram(waits == null ? new long[LogLinearHistogram.BUCKETS] : waits) : null);
    }

    private boolean ages() {
        return agingNanos != Long.MAX_VALUE;
    }

    private int at(int place) {
        return place & (items.length - 1);
    }

    private void put(int place, Object item, long arrival) {
        items[at(place)] = item;
        if (ages()) {
            arrivals[at(place)] = arrival;
        }
        if (item instanceof Line.Entry entry) {
            entry.level = this;
            entry.place = place;
        }
        size++;
    }

    private Object clear(int place) {
        Object item = Objects.requireNonNull(items[at(place)]);
        items[at(place)] = null;
        if (item instanceof Line.Entry entry) {
            entry.level = null;
        }
        size--;
        if (size == 0) {
            head = tail;
            if (items.length > LENGTH_KEPT) {
                resize(FIRST_LENGTH);
            }
            return item;
        }
        while (items[at(head)] == null) {
            head++;
        }
        while (items[at(tail - 1)] == null) {
            tail--;
        }
        return item;
    }

    /// Called when all places are taken, perhaps by gaps.
    private void makeRoom() {
        resize(size > items.length / 2 ? 2 * items.length : items.length);
    }

    /// Closes the gaps.
    private void resize(int length) {
        @Nullable Object[] oldItems = items;
        long[] oldArrivals = arrivals;
        int mask = oldItems.length - 1;
        int end = tail;
        items = new Object[length];
        arrivals = new long[ages() ? length : 0];
        tail = head;
        size = 0;
        for (int place = head; place != end; place++) {
            Object item = oldItems[place & mask];
            if (item != null) {
                put(tail++, item, ages() ? oldArrivals[place & mask] : 0);
            }
        }
    }
}
