package dev.myrmidon.internal;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The levels of a [PriorityLine]: each by its priority, and those that have tasks by the ranks of their heads,
/// the smallest first, and of equal ones any, which there are only where tasks age. Guarded by the line's lock.
///
/// **Order**: a heap with four children to a node, so that the ranks of siblings lie together (A. LaMarca,
/// R. E. Ladner, *The Influence of Caches on the Performance of Heaps*, 1996). No level knows its place there, so
/// moving one touches no memory but the heap's. That is paid for by being late: a level whose head has left, or
/// that has become empty, keeps its place until it comes to the top or the heap is full.
///
/// **Numbers**: each level has one, by which heap and table know it. A reference that is moved within an old array
/// costs a collector's barrier, some 20 ns with G1, and a level on its way through the heap is moved eight times.
///
/// **Invariants**: a level that isn't empty stands in the heap, and none twice; the rank it stands there with
/// isn't greater than its own.
final class PriorityLevels {
    /// So many levels are kept when nobody waits in them, with what they have counted; and as many that were
    /// forgotten, for other priorities.
    private static final int KEPT = 64;

    private static final int CHILDREN = 4;
    private static final int FIRST_LENGTH = 16;

    private final IntFunction<PriorityLevel> factory;

    /// The levels by their numbers; those that were forgotten too, as long as they are kept for other priorities.
    private @Nullable PriorityLevel[] levels = new PriorityLevel[FIRST_LENGTH];

    /// How many numbers have been given out, and those of them that no known level has.
    private int numbers;

    private int[] free = new int[FIRST_LENGTH];
    private int frees;

    /// How many of the free numbers have a level.
    private int spares;

    /// Those that are known, by a hash of their priority; what collides stands behind. The number and one, then the
    /// priority; 0 is an empty slot.
    private long[] table = new long[4 * KEPT];

    private int known;

    private int[] heap = new int[FIRST_LENGTH];
    private double[] ranks = new double[FIRST_LENGTH];
    private int heapSize;

    /// @param factory makes the level of a priority
    PriorityLevels(IntFunction<PriorityLevel> factory) {
        this.factory = factory;
    }

    /// The level of a priority, which is known from now on, at least until it becomes empty. So something must be
    /// put into it.
    PriorityLevel level(int priority) {
        int at = place(priority);
        if (table[at] != 0) {
            return numbered(number(table[at]));
        }
        PriorityLevel level = create(priority);
        table[at] = entry(level);
        if (++known > table.length / 2) {
            enlargeTable();
        }
        return level;
    }

    /// The level of a priority, if it is known.
    @Nullable
    PriorityLevel find(int priority) {
        long found = table[place(priority)];
        return found == 0 ? null : numbered(number(found));
    }

    /// The level whose head goes first; there must be one.
    PriorityLevel first() {
        for (; ; ) {
            PriorityLevel top = at(0);
            if (top.size() == 0) {
                removeTop();
                leave(top);
                continue;
            }
            double rank = top.rank();
            if (rank <= ranks[0]) {
                return top;
            }
            top.rankInHeap = rank;
            siftDown(0, top.number, rank);
        }
    }

    /// The lowest level with a task; there must be one.
    PriorityLevel lowest() {
        PriorityLevel lowest = null;
        for (int i = 0; i < heapSize; i++) {
            PriorityLevel level = at(i);
            if (level.size() > 0 && (lowest == null || level.priority() < lowest.priority())) {
                lowest = level;
            }
        }
        return Objects.requireNonNull(lowest);
    }

    /// Must be told when a level has another head than before, or got its first one.
    void headChanged(PriorityLevel level) {
        double rank = level.rank();
        if (!level.isInHeap) {
            if (heapSize == heap.length) {
                sweep();
            }
            level.isInHeap = true;
            rise(heapSize++, level, rank);
        } else if (rank < level.rankInHeap) { // it came earlier, as one can that waited elsewhere
            rise(placeInHeap(level), level, rank);
        }
    }

    /// Tells of all that are known, in no order.
    void forEach(Consumer<PriorityLevel> action) {
        sweep();
        for (long entry : table) {
            if (entry != 0) {
                action.accept(numbered(number(entry)));
            }
        }
    }

    private PriorityLevel create(int priority) {
        if (frees == 0) {
            if (numbers == levels.length) {
                levels = Arrays.copyOf(levels, 2 * numbers);
                free = new int[2 * numbers];
            }
            free[frees++] = numbers++;
        }
        int number = free[--frees];
        PriorityLevel level = levels[number];
        if (level == null) {
            level = factory.apply(priority);
            level.number = number;
            levels[number] = level;
        } else {
            spares--;
            level.reuse(priority);
        }
        return level;
    }

    /// An empty level has left the heap.
    private void leave(PriorityLevel level) {
        level.isInHeap = false;
        if (known > KEPT) {
            forget(level);
            free[frees++] = level.number;
            if (spares < KEPT) {
                spares++;
            } else {
                levels[level.number] = null;
            }
        }
    }

    private void forget(PriorityLevel level) {
        int gap = place(level.priority());
        table[gap] = 0;
        known--;
        // What stands behind moves up, unless it would then stand before the place where it is looked for.
        int mask = table.length - 1;
        int at = next(gap);
        for (long other = table[at]; other != 0; other = table[at]) {
            if (((at - slot((int) other)) & mask) >= ((at - gap) & mask)) {
                table[gap] = other;
                table[at] = 0;
                gap = at;
            }
            at = next(at);
        }
    }

    private void enlargeTable() {
        long[] old = table;
        table = new long[2 * old.length];
        for (long entry : old) {
            if (entry != 0) {
                table[place((int) entry)] = entry;
            }
        }
    }

    /// Where the level of a priority stands, or would stand.
    private int place(int priority) {
        int at = slot(priority);
        while (table[at] != 0 && (int) table[at] != priority) {
            at = next(at);
        }
        return at;
    }

    /// Where to look for a priority first: by Fibonacci hashing, which spreads neighbours.
    private int slot(int priority) {
        return (priority * 0x9E37_79B9) >>> (Integer.numberOfLeadingZeros(table.length) + 1);
    }

    private int next(int slot) {
        return (slot + 1) & (table.length - 1);
    }

    private static long entry(PriorityLevel level) {
        return ((long) level.number + 1) << Integer.SIZE | Integer.toUnsignedLong(level.priority());
    }

    private static int number(long entry) {
        return (int) (entry >>> Integer.SIZE) - 1;
    }

    private PriorityLevel numbered(int number) {
        return Objects.requireNonNull(levels[number]);
    }

    private PriorityLevel at(int place) {
        return numbered(heap[place]);
    }

    private int placeInHeap(PriorityLevel level) {
        int at = 0;
        while (heap[at] != level.number) {
            at++;
        }
        return at;
    }

    /// Drops the empty levels, and makes the heap larger if hardly any were.
    private void sweep() {
        int[] old = heap;
        int end = heapSize;
        int filled = 0;
        for (int i = 0; i < end; i++) {
            filled += at(i).size() > 0 ? 1 : 0;
        }
        int length = filled > old.length / 2 ? 2 * old.length : old.length;
        heap = new int[length];
        ranks = new double[length];
        heapSize = 0;
        for (int i = 0; i < end; i++) {
            PriorityLevel level = numbered(old[i]);
            if (level.size() > 0) {
                rise(heapSize++, level, level.rank());
            } else {
                leave(level);
            }
        }
    }

    private void removeTop() {
        heapSize--;
        if (heapSize > 0) {
            siftDown(0, heap[heapSize], ranks[heapSize]);
        }
    }

    /// Puts a level with another rank than before at a free place or higher.
    private void rise(int free, PriorityLevel level, double rank) {
        level.rankInHeap = rank;
        int at = free;
        while (at > 0) {
            int parent = (at - 1) / CHILDREN;
            if (ranks[parent] <= rank) {
                break;
            }
            heap[at] = heap[parent];
            ranks[at] = ranks[parent];
            at = parent;
        }
        heap[at] = level.number;
        ranks[at] = rank;
    }

    /// Puts a level at a free place or lower.
    private void siftDown(int free, int level, double rank) {
        int at = free;
        for (int child = CHILDREN * at + 1; child < heapSize; child = CHILDREN * at + 1) {
            int first = first(child);
            if (rank <= ranks[first]) {
                break;
            }
            heap[at] = heap[first];
            ranks[at] = ranks[first];
            at = first;
        }
        heap[at] = level;
        ranks[at] = rank;
    }

    /// The first of the siblings, of which this is the leftmost.
    private int first(int child) {
        if (child + CHILDREN <= heapSize) { // without branches, which nobody could foresee
            int left = ranks[child + 1] < ranks[child] ? child + 1 : child;
            int right = ranks[child + 3] < ranks[child + 2] ? child + 3 : child + 2;
            return ranks[right] < ranks[left] ? right : left;
        }
        int first = child;
        for (int other = child + 1; other < heapSize; other++) {
            first = ranks[other] < ranks[first] ? other : first;
        }
        return first;
    }
}
