package dev.myrmidon.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The tasks that hold a slot and wait for a worker, in order of arrival: a queue without locks for many
/// submitters and many workers, which takes memory for as many tasks as were ever in it at once.
///
/// **Source**: a segment is Dmitry Vyukov's bounded MPMC queue. Each cell has a sequence number that tells
/// whose turn it is: `position` when the cell is free for the submitter that claims this position,
/// `position + 1` when its task is published, `position + size` when it was taken and is free for the next
/// lap. Positions are claimed by a compare-and-set of `tail` or `head`. The growth is ours: a full segment
/// is closed (the sign of `tail`), which fails every later claim of a position in it, and a larger one is
/// linked behind it; it is left behind once each position claimed before has been taken.
///
/// **Invariants**: the tasks of a segment are older than those of the next one. `next` is set only on a
/// closed segment.
///
/// **Memory ordering**: publishing a task is a volatile write and [#isEmpty()] a volatile read of the same
/// cell, so in the one order of all volatile accesses either the submitter that published sees what the
/// worker wrote before it asked, or the worker sees the task. [Workers] builds on that.
///
/// A position that is claimed and not published yet hides the tasks behind it. Whoever claimed it is about
/// to publish and signals afterwards, so that nobody has to wait for it here.
final class Ring implements Ready {
    /// The first size of a ring that is not preallocated. Small, for the pools that never hold more.
    private static final int FIRST_SIZE = 64;

    /// Segments grow up to this size by doubling (8 MB); past it, more of them are linked.
    private static final int MAX_GROWN_SIZE = 1 << 20;

    private final AtomicReference<Segment> first;
    private final AtomicReference<Segment> last;

    /// A ring with memory for this many tasks at once.
    Ring(int expected) {
        int size = Math.max(FIRST_SIZE, Integer.highestOneBit(Math.max(expected, 2) - 1) << 1);
        Segment segment = new Segment(size);
        first = new AtomicReference<>(segment);
        last = new AtomicReference<>(segment);
    }

    /// A ring that grows with use.
    Ring() {
        this(FIRST_SIZE);
    }

    /// Puts a task behind all others.
    @Override
    public void offer(Runnable task) {
        for (; ; ) {
            Segment segment = last.get();
            if (segment.offer(task)) {
                return;
            }
            last.compareAndSet(segment, segment.closeAndLink());
        }
    }

    /// Takes the oldest task, or null if there is none.
    @Override
    @Nullable
    public Runnable poll() {
        for (; ; ) {
            Segment segment = first.get();
            Runnable task = segment.poll();
            if (task != null || !leaveBehind(segment)) {
                return task;
            }
        }
    }

    /// True if [#poll()] would find nothing now.
    @Override
    public boolean isEmpty() {
        for (; ; ) {
            Segment segment = first.get();
            if (segment.hasTask()) {
                return false;
            }
            if (!leaveBehind(segment)) {
                return true;
            }
        }
    }

    /// Takes this very task out, for a submitter that could not get a worker for it: memory may be short,
    /// so it takes none. Slow; tasks that are submitted meanwhile may change places with others.
    ///
    /// @return false if it is not there any more
    @SuppressWarnings("ReferenceEquality") // equal tasks are still two tasks
    @Override
    public boolean remove(Runnable task) {
        boolean found = false;
        for (long turns = size(); turns > 0; turns--) {
            Runnable oldest = poll();
            if (oldest == null) {
                break;
            }
            if (!found && oldest == task) {
                found = true;
            } else {
                offer(oldest);
            }
        }
        return found;
    }

    /// How many tasks there are, give or take those that come and go meanwhile.
    private long size() {
        long size = 0;
        for (Segment segment = first.get(); segment != null; segment = segment.next.get()) {
            size += (segment.tail.get() & ~Segment.CLOSED) - segment.head.get();
        }
        return size;
    }

    /// Moves on from a segment that will have no more tasks.
    ///
    /// @return false if it is the last one, or some submitter has yet to publish in it
    private boolean leaveBehind(Segment segment) {
        Segment next = segment.next.get();
        if (next == null || !segment.isUsedUp()) {
            return false;
        }
        first.compareAndSet(segment, next);
        return true;
    }

    private static final class Segment {
        private static final VarHandle SEQUENCE = MethodHandles.arrayElementVarHandle(int[].class);
        private static final long CLOSED = Long.MIN_VALUE;

        private final @Nullable Runnable[] tasks;
        private final int[] sequences;
        private final int mask;
        private final PaddedAtomicLong head = new PaddedAtomicLong();
        private final PaddedAtomicLong tail = new PaddedAtomicLong();
        private final AtomicReference<@Nullable Segment> next = new AtomicReference<>();

        Segment(int size) {
            tasks = new Runnable[size];
            sequences = new int[size];
            mask = size - 1;
            for (int i = 0; i < size; i++) {
                sequences[i] = i;
            }
        }

        /// False if the segment is full or closed.
        boolean offer(Runnable task) {
            for (; ; ) {
                long position = tail.get();
                if (position < 0) {
                    return false;
                }
                int cell = (int) position & mask;
                int lead = (int) SEQUENCE.getVolatile(sequences, cell) - (int) position;
                if (lead < 0) {
                    return false; // still holds the task of the lap before
                }
                if (lead == 0 && tail.compareAndSet(position, position + 1)) {
                    tasks[cell] = task;
                    SEQUENCE.setVolatile(sequences, cell, (int) position + 1);
                    return true;
                }
            }
        }

        @Nullable
        Runnable poll() {
            for (; ; ) {
                long position = head.get();
                int cell = (int) position & mask;
                int lead = (int) SEQUENCE.getVolatile(sequences, cell) - ((int) position + 1);
                if (lead < 0) {
                    return null;
                }
                if (lead == 0 && head.compareAndSet(position, position + 1)) {
                    Runnable task = tasks[cell];
                    tasks[cell] = null;
                    SEQUENCE.setRelease(sequences, cell, (int) position + mask + 1);
                    return task;
                }
            }
        }

        boolean hasTask() {
            long position = head.get();
            // a lead above 0 means that a worker was faster; what it left counts as a task: a second look is cheap
            return (int) SEQUENCE.getVolatile(sequences, (int) position & mask) - ((int) position + 1) >= 0;
        }

        /// True if each position claimed before the segment was closed has been taken.
        boolean isUsedUp() {
            return head.get() == (tail.get() & ~CLOSED);
        }

        /// Fails every later offer, and returns the segment to go on with.
        Segment closeAndLink() {
            tail.getAndUpdate(position -> position | CLOSED);
            Segment successor = next.get();
            if (successor != null) {
                return successor;
            }
            int size = mask + 1;
            Segment grown = new Segment(size < MAX_GROWN_SIZE ? size << 1 : size);
            return next.compareAndSet(null, grown) ? grown : Objects.requireNonNull(next.get());
        }
    }
}
