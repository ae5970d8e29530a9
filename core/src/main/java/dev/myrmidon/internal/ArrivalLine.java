package dev.myrmidon.internal;

import org.jspecify.annotations.Nullable;

/// A line in the order of arrival, linked through its entries. Not thread-safe.
class ArrivalLine extends Line {
    private final boolean notesArrivals;
    private @Nullable Entry first;
    private @Nullable Entry last;
    private int size;

    /// A line that notes no arrivals: a look at the clock is a good part of what a short task costs.
    ArrivalLine() {
        this(false);
    }

    /// @param notesArrivals whether to note when entries arrive whose tasks don't know when they were submitted
    ArrivalLine(boolean notesArrivals) {
        this.notesArrivals = notesArrivals;
    }

    @Override
    long longest(long now) {
        return first == null ? 0 : first.age(now);
    }

    @Override
    int size() {
        return size;
    }

    @Override
    void addLast(Entry entry) {
        if (notesArrivals && entry.since() == 0) {
            entry.arrival = System.nanoTime();
        }
        entry.line = this;
        entry.previous = last;
        entry.next = null;
        if (last == null) {
            first = entry;
        } else {
            last.next = entry;
        }
        last = entry;
        size++;
    }

    @Override
    void addFirst(Entry entry) {
        if (notesArrivals && entry.since() == 0) {
            entry.arrival = first == null ? System.nanoTime() : first.since();
        }
        entry.line = this;
        entry.previous = null;
        entry.next = first;
        if (first == null) {
            last = entry;
        } else {
            first.previous = entry;
        }
        first = entry;
        size++;
    }

    @Override
    @Nullable
    Entry pollFirst() {
        Entry entry = first;
        if (entry != null) {
            remove(entry);
        }
        return entry;
    }

    @Override
    @Nullable
    Entry pollFor(Runnable newcomer) {
        return pollFirst();
    }

    @Override
    @Nullable
    Runnable passSlot() {
        Entry entry = pollFirst();
        return entry == null ? null : entry.task;
    }

    @Override
    Runnable passSlotTo(Entry entry) {
        return entry.task;
    }

    @Nullable
    Entry first() {
        return first;
    }

    @Nullable
    Entry last() {
        return last;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // this very line
    boolean contains(Entry entry) {
        return entry.line == this;
    }

    @Override
    boolean remove(Entry entry) {
        if (!contains(entry)) {
            return false;
        }
        if (entry.previous == null) {
            first = entry.next;
        } else {
            entry.previous.next = entry.next;
        }
        if (entry.next == null) {
            last = entry.previous;
        } else {
            entry.next.previous = entry.previous;
        }
        entry.previous = null;
        entry.next = null;
        entry.line = null;
        size--;
        return true;
    }
}
