package dev.myrmidon;

import dev.myrmidon.internal.LogLinearHistogram;
import java.time.Duration;

/// How many durations were how long, up to one moment. Immutable.
///
/// A duration is told as the upper edge of the bucket it fell into, which is at most 3.2 % above it and never
/// below. Buckets are log-linear, 32 for each power of two nanoseconds, as in Gil Tene's HdrHistogram.
public sealed interface Histogram permits LogLinearHistogram {
    /// {@return how many durations it holds}
    long count();

    /// {@return their arithmetic mean, at most 1.6 % off; zero if there are none}
    Duration mean();

    /// The shortest duration that so many per cent of them don't exceed.
    ///
    /// @param percent above 0, and 100 at most: 50 is the median, 100 the longest
    /// @return the duration; zero if there are none
    /// @throws IllegalArgumentException if the percentage is out of its range
    Duration percentile(double percent);

    /// What came in since an earlier one of the same pool, say a minute ago.
    ///
    /// @param earlier taken before this one
    /// @return the difference
    /// @throws IllegalArgumentException if the other one is not an earlier one of the same durations
    Histogram minus(Histogram earlier);
}
