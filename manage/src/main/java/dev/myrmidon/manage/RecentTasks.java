package dev.myrmidon.manage;

import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The last tasks that were added, in a ring that many threads fill without a lock.
///
/// Each addition draws a number, whose remainder is its place. A thread that was held up after that finds a later
/// one there once the others have come round, and lets it be.
final class RecentTasks {
    private final AtomicLong added = new AtomicLong();
    private final AtomicReferenceArray<@Nullable Entry> places;

    RecentTasks(int most) {
        places = new AtomicReferenceArray<>(most);
    }

    /// A task, and when it was added.
    ///
    /// @param number of the addition, from 0
    /// @param nanos a reading of the tracker's clock
    record Entry(long number, long nanos, FinishedTask task) {
        /// By the clock, since numbers of different rings don't compare; then by number.
        static final Comparator<Entry> LAST_FIRST = (one, other) -> one.nanos == other.nanos
                ? Long.compare(other.number, one.number)
                : Long.signum(other.nanos - one.nanos); // the clock may overflow
    }

    void add(FinishedTask task, long nanos) {
        Entry mine = new Entry(added.getAndIncrement(), nanos, task);
        int place = (int) (mine.number % places.length());
        Entry there;
        do {
            there = places.get(place);
            if (there != null && there.number > mine.number) {
                return;
            }
        } while (!places.compareAndSet(place, there, mine));
    }

    /// Those that are there, in no order; drops those that are older than they may be.
    Stream<Entry> read(long now, long maxAge) {
        return IntStream.range(0, places.length())
                .mapToObj(place -> young(place, now, maxAge))
                .mapMulti((entry, out) -> {
                    if (entry != null) {
                        out.accept(entry);
                    }
                });
    }

    private @Nullable Entry young(int place, long now, long maxAge) {
        Entry entry = places.get(place);
        if (entry != null && now - entry.nanos > maxAge) {
            places.compareAndSet(place, entry, null);
            return null;
        }
        return entry;
    }
}
