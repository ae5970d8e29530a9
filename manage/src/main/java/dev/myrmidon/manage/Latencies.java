package dev.myrmidon.manage;

import dev.myrmidon.Histogram;
import java.time.Duration;

/// How long something took, in the usual percentiles; as exact as the [Histogram] that they are of.
///
/// @param count of how many durations
/// @param mean their arithmetic mean; zero if there are none, as are all the others then
/// @param p50 the median
/// @param p90 90 % took no longer
/// @param p99 99 % took no longer
/// @param p999 99.9 % took no longer
/// @param max the longest
public record Latencies(
        long count, Duration mean, Duration p50, Duration p90, Duration p99, Duration p999, Duration max) {

    /// The percentiles of these durations.
    ///
    /// @param durations read once
    /// @return them
    public static Latencies of(Histogram durations) {
        return new Latencies(
                durations.count(),
                durations.mean(),
                durations.percentile(50),
                durations.percentile(90),
                durations.percentile(99),
                durations.percentile(99.9),
                durations.percentile(100));
    }
}
