package dev.myrmidon.internal;

import org.jspecify.annotations.Nullable;

/// Tasks that wait, in the order in which they are to be served; any of them can leave at once. It belongs
/// to a [Gate] and is guarded by its lock.
abstract class Line {
    /// What [#passSlot()] returns if the slot was passed on, but not yet to a certain task.
    enum Passed implements Runnable {
        PASSED;

        @Override
        public void run() {
            throw new AssertionError("is no task");
        }
    }

    /// An age that nobody knows: more than any other.
    static final long UNKNOWN = Long.MAX_VALUE;

    /// How many wait.
    abstract int size();

    /// How long the oldest entry has waited, in nanoseconds: 0 if there is none, [#UNKNOWN] if the line can't tell.
    long longest(long now) {
        return UNKNOWN;
    }

    /// Adds an entry that arrives.
    abstract void addLast(Entry entry);

    /// Puts an entry back that had left as the head.
    abstract void addFirst(Entry entry);

    /// Takes the entry that is to be served next.
    abstract @Nullable Entry pollFirst();

    /// Takes the entry that is to make room for a newcomer; null if none is.
    abstract @Nullable Entry pollFor(Runnable newcomer);

    /// Takes the task that is to be served next, for a slot that is there.
    ///
    /// @return the task, which the caller must see to; [Passed#PASSED] if a worker that asks for a task will get
    ///     it; null if nobody waits
    abstract @Nullable Runnable passSlot();

    /// [#passSlot()] to an entry that stands nowhere and is next.
    abstract Runnable passSlotTo(Entry entry);

    /// Where a task stands, if it does.
    @Nullable
    Entry placeOf(SubmittedTask<?> task) {
        return task.place;
    }

    /// True if an entry is in this line.
    abstract boolean contains(Entry entry);

    /// Takes an entry out.
    ///
    /// @return false if it isn't in this line (any more)
    abstract boolean remove(Entry entry);

    /// Takes an entry out that may have a slot already, together with a slot.
    ///
    /// @return false if it isn't in this line, as it never is with a slot where that is given to a certain task
    boolean removeWithSlot(Entry entry) {
        return false;
    }

    /// A task's place in the line, with the thread of its submitter while that waits.
    static final class Entry {
        final Runnable task;
        /// When it arrived, in nanoseconds, if that matters; else 0.
        long arrival;

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

        /// The line of arrival that it stands in, and its neighbours there.
        @Nullable
        ArrivalLine line;

        @Nullable
        Entry previous;

        @Nullable
        Entry next;

        /// The level of a line by priority that it stands in, and its place there.
        @Nullable
        PriorityLevel level;

        int place;

        Entry(Runnable task, @Nullable Thread submitter) {
            this.task = task;
            this.submitter = submitter;
        }

        /// When the task was submitted, or else when it arrived here, in nanoseconds; 0 if nobody noted it.
        long since() {
            return task instanceof SubmittedTask<?> submitted && submitted.submitted() != 0
                    ? submitted.submitted()
                    : arrival;
        }

        /// How long it has waited, in nanoseconds, or [#UNKNOWN].
        long age(long now) {
            long since = since();
            return since == 0 ? UNKNOWN : Math.max(0, now - since);
        }
    }
}
