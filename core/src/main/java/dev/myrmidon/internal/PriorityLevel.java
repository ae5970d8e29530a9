package dev.myrmidon.internal;

import dev.myrmidon.LevelStats;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One level of a [PriorityLine]: what waits there in order of arrival, the head by itself and the others in a ring,
/// and what has happened there. What leaves from the ring's midst leaves a gap, which is skipped. Guarded by the
/// line's lock.
///
/// An item is an entry if somebody may want to find it again. The other tasks, given to `execute`, are there as
/// bare code, with their arrival beside them: so nothing has to be read to start one that nobody has touched
/// since it came.
final class PriorityLevel {
    /// The first size of the ring.
    private static final int FIRST_LENGTH = 4;

    /// A level that becomes empty keeps the memory for so many.
    private static final int LENGTH_KEPT = 1 << 12;

    private static final Object[] NO_ITEMS = {};
    private static final long[] NO_ARRIVALS = {};

    private final PriorityLine line;
    private final long agingNanos;
    private final boolean timed;

    private int priority;

    /// What goes first, and when it arrived, if that matters. Not in the ring: of many levels most have one item
    /// at most, and touch no memory but their own so.
    private @Nullable Object head;

    private long headArrival;

    /// What stands behind the head, with gaps in its midst.
    private @Nullable Object[] items = NO_ITEMS;

    /// When each of those arrived; empty if that doesn't matter.
    private long[] arrivals = NO_ARRIVALS;

    /// Counted on and on; modulo the length they are the places of the first item in the ring and of the next one.
    private int first;

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
        return ages() && size > 0 ? headArrival + steps * agingNanos : steps;
    }

    /// Puts an item behind all others.
    void addLast(Object item, long arrival) {
        if (size == 0) {
            head = item;
            headArrival = arrival;
        } else {
            makeRoom();
            put(tail++, item, arrival);
        }
        added(item);
    }

    /// Puts back an item that left as the head: it came as early as the one that is the head now.
    ///
    /// @param now when it came if there is none
    void addFirst(Object item, long now) {
        if (size == 0) {
            headArrival = now;
        } else {
            makeRoom();
            put(--first, Objects.requireNonNull(head), headArrival);
        }
        head = item;
        added(item);
    }

    /// Takes the head, which must be there.
    Object pollFirst() {
        Object item = Objects.requireNonNull(head);
        removed(item);
        if (size == 0) {
            head = null;
        } else {
            head = items[at(first)];
            headArrival = ages() ? arrivals[at(first)] : 0;
            clear(first);
        }
        return item;
    }

    /// Takes the youngest, which must be there.
    Object pollLast() {
        return size == 1 ? pollFirst() : take(tail - 1);
    }

    boolean isHead(Line.Entry entry) {
        return entry == head;
    }

    /// Takes out an entry that stands here.
    void remove(Line.Entry entry) {
        if (isHead(entry)) {
            var _ = pollFirst();
        } else {
            var _ = take(entry.place);
        }
    }

    /// Takes out the youngest item with this code.
    ///
    /// @return whether there was one
    boolean removeLast(Runnable code) {
        for (int place = tail - 1; place - first >= 0; place--) {
            if (hasCode(items[at(place)], code)) {
                var _ = take(place);
                return true;
            }
        }
        boolean isHead = hasCode(head, code);
        if (isHead) {
            var _ = pollFirst();
        }
        return isHead;
    }

    @SuppressWarnings("ReferenceEquality") // equal tasks are still two tasks
    private static boolean hasCode(@Nullable Object item, Runnable code) {
        return item == code || (item instanceof Line.Entry entry && entry.task == code);
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
            entry.place = place;
        }
    }

    private void added(Object item) {
        if (item instanceof Line.Entry entry) {
            entry.level = this;
        }
        size++;
    }

    private void removed(Object item) {
        if (item instanceof Line.Entry entry) {
            entry.level = null;
        }
        size--;
    }

    /// Takes an item out of the ring.
    private Object take(int place) {
        Object item = Objects.requireNonNull(items[at(place)]);
        removed(item);
        clear(place);
        return item;
    }

    /// Makes a place in the ring a gap, or free if it is at an end.
    private void clear(int place) {
        items[at(place)] = null;
        if (size <= 1) { // nothing is behind the head
            first = tail;
            if (items.length > LENGTH_KEPT) {
                items = NO_ITEMS;
                arrivals = NO_ARRIVALS;
            }
            return;
        }
        while (items[at(first)] == null) {
            first++;
        }
        while (items[at(tail - 1)] == null) {
            tail--;
        }
    }

    /// Sees to it that there is a free place at each end of the ring: closes the gaps, if there are many.
    private void makeRoom() {
        if (tail - first < items.length) {
            return;
        }
        @Nullable Object[] oldItems = items;
        long[] oldArrivals = arrivals;
        int mask = oldItems.length - 1;
        int end = tail;
        int length = Math.max(FIRST_LENGTH, size > oldItems.length / 2 ? 2 * oldItems.length : oldItems.length);
        items = new Object[length];
        arrivals = ages() ? new long[length] : NO_ARRIVALS;
        tail = first;
        for (int place = first; place != end; place++) {
            Object item = oldItems[place & mask];
            if (item != null) {
                put(tail++, item, ages() ? oldArrivals[place & mask] : 0);
            }
        }
    }
}
