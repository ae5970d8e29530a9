package dev.myrmidon.bench;

import java.util.Arrays;

/// Times of one kind, in nanoseconds.
///
/// @param mean their mean
/// @param p50 half are at most this
/// @param p99 99 of 100 are at most this
/// @param max the longest
record Latency(long mean, long p50, long p99, long max) {

    /// Sums up times, which are left sorted.
    ///
    /// @param nanos at least one
    static Latency of(long[] nanos) {
        Arrays.sort(nanos);
        return new Latency(
                Math.round(Arrays.stream(nanos).average().orElseThrow()),
                percentile(nanos, 50),
                percentile(nanos, 99),
                nanos[nanos.length - 1]);
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[Math.ceilDiv(sorted.length * percent, 100) - 1];
    }
}
