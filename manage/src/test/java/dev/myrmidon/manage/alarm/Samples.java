package dev.myrmidon.manage.alarm;

import dev.myrmidon.PoolStats;
import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Samples made by hand, a second apart unless said otherwise.
final class Samples {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    static final long GB = 1L << 30;

    private final String pool;
    private Instant at = START;
    private PoolStats stats;

    /// Of a pool of capacity 10 with a queue of 20.
    Samples(String pool) {
        this.pool = pool;
        this.stats = stats(0, 0, 0, 0, 0, 0, 0, 0, PoolStats.State.RUNNING);
    }

    private PoolStats stats(
            int running,
            int queued,
            int waiting,
            long submitted,
            long rejected,
            long completed,
            long failed,
            long timedOut,
            PoolStats.State state) {
        return new PoolStats(
                pool, state, 10, running, 20, queued, waiting, running, 0, submitted, rejected, completed, failed, 0, 0,
                timedOut, 0, 0);
    }

    PoolSample running(int running) {
        return next(Duration.ofSeconds(1), running, 0, 0, 0, 0, 0, 0, PoolStats.State.RUNNING);
    }

    PoolSample running(Duration interval, int running) {
        return next(interval, running, 0, 0, 0, 0, 0, 0, PoolStats.State.RUNNING);
    }

    PoolSample queued(int queued) {
        return next(Duration.ofSeconds(1), 10, queued, 0, 0, 0, 0, 0, PoolStats.State.RUNNING);
    }

    PoolSample waiting(int waiting) {
        return next(Duration.ofSeconds(1), 10, 20, waiting, 0, 0, 0, 0, PoolStats.State.RUNNING);
    }

    PoolSample rejected(Duration interval, int rejected) {
        return next(interval, 0, 0, 0, rejected, 0, 0, 0, PoolStats.State.RUNNING);
    }

    /// @param timedOut those of failed that did
    PoolSample ended(int completed, int failed, int timedOut) {
        return next(Duration.ofSeconds(1), 0, 0, 0, 0, completed, failed, timedOut, PoolStats.State.RUNNING);
    }

    private PoolSample next(
            Duration interval,
            int running,
            int queued,
            int waiting,
            int rejected,
            int completed,
            int failed,
            int timedOut,
            PoolStats.State state) {
        PoolStats before = stats;
        at = at.plus(interval);
        stats = stats(
                running,
                queued,
                waiting,
                before.submitted() + rejected + completed + failed,
                before.rejected() + rejected,
                before.completed() + completed,
                before.failed() + failed,
                before.timedOut() + timedOut,
                state);
        return new PoolSample(at, interval, stats, before, Optional.empty(), Optional.empty());
    }

    static JvmSample heap(Duration interval, long live) {
        return jvm(interval, live, 10, new JvmSample.Carriers(2, 0, 0, Duration.ZERO), Duration.ZERO);
    }

    static JvmSample threads(Duration interval, int threads) {
        return jvm(interval, 0, threads, new JvmSample.Carriers(2, 0, 0, Duration.ZERO), Duration.ZERO);
    }

    static JvmSample carriers(Duration interval, int mounted, int queued, Duration delay) {
        return jvm(interval, 0, 10, new JvmSample.Carriers(2, mounted, queued, delay), Duration.ZERO);
    }

    static JvmSample pinned(Duration longest) {
        return jvm(Duration.ofSeconds(1), 0, 10, new JvmSample.Carriers(2, 0, 0, Duration.ZERO), longest);
    }

    private static JvmSample jvm(
            Duration interval, long live, int threads, JvmSample.Carriers carriers, Duration pinned) {
        return new JvmSample(
                START,
                interval,
                live,
                live,
                live,
                4 * GB,
                threads,
                carriers,
                pinned.isZero() ? 0 : 1,
                pinned,
                0,
                Duration.ZERO);
    }
}
