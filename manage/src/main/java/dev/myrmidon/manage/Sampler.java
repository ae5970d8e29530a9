package dev.myrmidon.manage;

import dev.myrmidon.Histogram;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Takes one sample of a pool after the other. Not thread-safe.
final class Sampler {
    private final Pool pool;
    private PoolStats stats;
    private @Nullable PoolTimings timings;
    private long nanos = System.nanoTime();

    /// The first sample's interval begins now.
    Sampler(Pool pool) {
        this.pool = pool;
        this.stats = pool.stats();
        this.timings = timings();
    }

    /// The sample of the time since the one before it.
    PoolSample sample() {
        PoolStats before = stats;
        PoolTimings timingsBefore = timings;
        long nanosBefore = nanos;
        stats = pool.stats();
        timings = timings();
        nanos = System.nanoTime();
        Duration interval = Duration.ofNanos(Math.max(1, nanos - nanosBefore));
        return timings == null || timingsBefore == null
                ? new PoolSample(Instant.now(), interval, stats, before, Optional.empty(), Optional.empty())
                : new PoolSample(
                        Instant.now(),
                        interval,
                        stats,
                        before,
                        latencies(timings.waits(), timingsBefore.waits()),
                        latencies(timings.runs(), timingsBefore.runs()));
    }

    private static Optional<Latencies> latencies(Histogram now, Histogram before) {
        return Optional.of(Latencies.of(now.minus(before)));
    }

    private @Nullable PoolTimings timings() {
        return pool.config().timed() ? pool.timings() : null;
    }
}
