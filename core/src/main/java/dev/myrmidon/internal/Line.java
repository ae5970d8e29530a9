package dev.myrmidon.internal;

import org.jspecify.annotations.Nullable;

/// Tasks in order of arrival, any of which can leave from the middle at once. Not thread-safe: a line
/// belongs to a [Gate] and is guarded by its lock.
final class Line {
    private @Nullable Entry first;
    private @Nullable Entry last;
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    void addLast(Entry entry) {
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

    void addFirst(Entry entry) {
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

    @Nullable
    Entry pollFirst() {
        Entry entry = first;
        if (entry != null) {
            remove(entry);
        }
        return entry;
    }

    /// Takes an entry of this line out of it.
    void remove(Entry entry) {
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
    }

    /// A task's place in the line, with the thread of its submitter while that waits.
    static final class Entry {
        final Runnable task;
        /// The submitter that waits or waited, or null if the task was accepted without a wait.
        final @Nullable Thread submitter;
        /// What became of the wait; null while it lasts. Written under the gate's lock.
        volatile @Nullable Admission outcome;

        /// True once the submitter may be parked. It writes this and then reads `outcome`; whoever answers it
        /// writes `outcome` and then reads this.
        volatile boolean isParking;

        /// The next submitter that was answered in the same step. Guarded by the gate's lock, then the
        /// waker's alone.
        @Nullable
        Entry nextToWake;

        private @Nullable Line line;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(Runnable task, @Nullable Thread submitter) {
            this.task = task;
            this.submitter = submitter;
        }

        boolean isIn(Line other) {
            return line == other;
        }
    }
}
