package dev.myrmidon.manage.alarm;

import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/// What happened in a pool in the last minute, to within five seconds. Not thread-safe.
final class RecentCounts {
    private static final long WINDOW = Duration.ofMinutes(1).toNanos();
    private static final long SLICE = Duration.ofSeconds(5).toNanos();

    private final Deque<Slice> slices = new ArrayDeque<>();
    private long now;

    /// What was counted in samples that were taken within one slice of time.
    private static final class Slice {
        final long start;
        long rejected;
        long timedOut;
        long ended;
        long failed;

        Slice(long start) {
            this.start = start;
        }
    }

    void add(PoolSample sample) {
        now += sample.interval().toNanos();
        Slice slice = slices.peekLast();
        if (slice == null || now - slice.start >= SLICE) {
            slice = new Slice(now);
            slices.addLast(slice);
        }
        slice.rejected += sample.rejected();
        slice.timedOut += sample.timedOut();
        slice.ended += sample.ended();
        slice.failed += sample.failed();
        while (now - slices.getFirst().start >= WINDOW) {
            slices.removeFirst();
        }
    }

    long rejected() {
        return slices.stream().mapToLong(slice -> slice.rejected).sum();
    }

    long timedOut() {
        return slices.stream().mapToLong(slice -> slice.timedOut).sum();
    }

    /// The share of failures, 0 if fewer tasks ended.
    double failureRate(int leastTasks) {
        long ended = slices.stream().mapToLong(slice -> slice.ended).sum();
        long failed = slices.stream().mapToLong(slice -> slice.failed).sum();
        return ended < leastTasks ? 0 : (double) failed / ended;
    }
}
