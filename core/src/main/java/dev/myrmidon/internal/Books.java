package dev.myrmidon.internal;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.myrmidon.PoolCauses;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.ResizeCause;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What a pool has counted since it was opened. `accepted + rejected` is what was submitted, and each
/// accepted task ends up in exactly one of completed, failed and cancelled.
///
/// An acceptance is counted before any worker can see the task, and an end before the slot or the place in
/// the queue comes back, so that the books of an idle pool are exact. A task that its submitter runs itself
/// has neither: it is counted as accepted when it has ended.
final class Books {
    final LongAdder accepted = new LongAdder();
    final LongAdder nested = new LongAdder();

    /// The ends that no worker has counted for itself: see [Worker].
    final LongAdder completed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder cancelled = new LongAdder();

    /// Those of `failed`, and those of `cancelled`, that ended in these ways.
    final LongAdder timedOut = new LongAdder();

    final LongAdder late = new LongAdder();

    final LongAdder displaced = new LongAdder();

    /// Tasks that ran into their deadline; each is counted as timed out when its code has returned.
    final LongAdder deadlinesPassed = new LongAdder();

    private final Map<PoolEvent.Rejected.Reason, LongAdder> rejected = counters(PoolEvent.Rejected.Reason.class);
    private final Map<ResizeCause, LongAdder> resized = counters(ResizeCause.class);

    /// Complete from the beginning, so that it can be read and counted in by many.
    private static <K extends Enum<K>> Map<K, LongAdder> counters(Class<K> keys) {
        Map<K, LongAdder> counters = new EnumMap<>(keys);
        for (K key : keys.getEnumConstants()) {
            counters.put(key, new LongAdder());
        }
        return counters;
    }

    private static <K> Map<K, Long> sums(Map<K, LongAdder> counters) {
        return counters.entrySet().stream()
                .collect(toUnmodifiableMap(Map.Entry::getKey, c -> c.getValue().sum()));
    }

    /// Counts a task that was refused.
    void rejected(PoolEvent.Rejected.Reason reason) {
        requireNonNull(rejected.get(reason)).increment();
    }

    /// How many were refused.
    long rejections() {
        return rejected.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /// Counts a change of the capacity.
    void resized(ResizeCause cause) {
        requireNonNull(resized.get(cause)).increment();
    }

    PoolCauses causes() {
        return new PoolCauses(sums(rejected), late.sum(), displaced.sum(), sums(resized));
    }

    /// Counts the end of one accepted task.
    void ended(Outcome outcome) {
        ended(outcome, 1);
    }

    /// Counts the ends of several accepted tasks.
    void ended(Outcome outcome, long tasks) {
        switch (outcome) {
            case COMPLETED -> completed.add(tasks);
            case FAILED -> failed.add(tasks);
            case TIMED_OUT -> {
                failed.add(tasks);
                timedOut.add(tasks);
            }
            case CANCELLED -> cancelled.add(tasks);
            case SHED -> {
                cancelled.add(tasks);
                late.add(tasks);
            }
            case DISPLACED -> {
                cancelled.add(tasks);
                displaced.add(tasks);
            }
        }
    }
}
