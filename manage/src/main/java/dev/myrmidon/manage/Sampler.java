package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes one sample of a pool after the other. Not thread-safe.
///
/// Samples of a pool in which nothing happens share what they have in common, so that a long history of many idle
/// pools is small.
final class Sampler {
    private final Pool pool;
    private final boolean isTimed;
    private final int windowIntervals;

    /// Those of the beginning of each interval in the window, the oldest first. Empty if the pool isn't timed.
    private final ArrayDeque<PoolTimings> readings = new ArrayDeque<>();

    private PoolStats stats;
    private long nanos = System.nanoTime();

    /// What the percentiles are of, and they.
    private @Nullable PoolTimings first;

    private @Nullable PoolTimings last;
    private Optional<Latencies> waits = Optional.empty();
    private Optional<Latencies> runs = Optional.empty();

    /// For percentiles over one interval. The first sample's interval begins now.
    Sampler(Pool pool) {
        this(pool, pool.config().timed(), 1);
    }

    /// @param isTimed whether the pool is
    /// @param windowIntervals how many intervals the percentiles are over, or fewer at the beginning
    Sampler(Pool pool, boolean isTimed, int windowIntervals) {
        this.pool = pool;
        this.isTimed = isTimed;
        this.windowIntervals = windowIntervals;
        this.stats = pool.stats();
        if (isTimed) {
            readings.addLast(pool.timings());
        }
    }

    /// The sample of the time since the one before it.
    PoolSample sample() {
        PoolStats before = stats;
        PoolStats statsNow = pool.stats();
        if (!statsNow.equals(before)) {
            stats = statsNow;
        }
        if (isTimed) {
            slide();
        }
        long nanosBefore = nanos;
        nanos = System.nanoTime();
        return new PoolSample(
                Instant.now(), Duration.ofNanos(Math.max(1, nanos - nanosBefore)), stats, before, waits, runs);
    }

    /// Lets the window end now.
    @SuppressWarnings("ReferenceEquality") // readings that are the same are shared
    private void slide() {
        PoolTimings reading = pool.timings();
        PoolTimings before = readings.getLast();
        PoolTimings now = isSame(reading, before) ? before : reading;
        PoolTimings begin = readings.getFirst();
        if (now != last || begin != first) {
            waits = Optional.of(Latencies.of(now.waits().minus(begin.waits())));
            runs = Optional.of(Latencies.of(now.runs().minus(begin.runs())));
        }
        first = begin;
        last = now;
        readings.addLast(now);
        if (readings.size() > windowIntervals) {
            readings.removeFirst();
        }
    }

    /// Counts only grow.
    private static boolean isSame(PoolTimings now, PoolTimings before) {
        return now.runs().count() == before.runs().count()
                && now.waits().count() == before.waits().count();
    }
}
