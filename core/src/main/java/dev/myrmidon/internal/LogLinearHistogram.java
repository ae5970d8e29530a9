package dev.myrmidon.internal;

import dev.myrmidon.Histogram;
import java.time.Duration;

/// The counts of a [TimeRecorder] at one moment.
///
/// **Buckets**: below 64 ns one each; from there on each power of two is divided into 32. (Gil Tene's
/// HdrHistogram does so.)
public final class LogLinearHistogram implements Histogram {
    private static final int SUB_BUCKET_BITS = 5;
    private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;

    /// How many buckets there are, for everything from 0 to `Long.MAX_VALUE`.
    static final int BUCKETS = bucket(Long.MAX_VALUE) + 1;

    private final long[] counts;
    private final long count;

    /// @param counts how many fell into each bucket; not to be changed afterwards
    LogLinearHistogram(long[] counts) {
        this.counts = counts;
        long total = 0;
        for (long inBucket : counts) {
            total += inBucket;
        }
        this.count = total;
    }

    /// The bucket of a duration, which is not negative.
    static int bucket(long nanos) {
        if (nanos < SUB_BUCKETS) {
            return (int) nanos;
        }
        int shift = Long.SIZE - 1 - SUB_BUCKET_BITS - Long.numberOfLeadingZeros(nanos);
        return shift * SUB_BUCKETS + (int) (nanos >>> shift);
    }

    /// The longest duration that falls into a bucket.
    static long upperEdge(int bucket) {
        int shift = Math.max(0, bucket / SUB_BUCKETS - 1);
        return ((bucket - shift * SUB_BUCKETS + 1L) << shift) - 1;
    }

    private static long lowerEdge(int bucket) {
        return bucket == 0 ? 0 : upperEdge(bucket - 1) + 1;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public Duration mean() {
        double sum = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            sum += counts[bucket] * (lowerEdge(bucket) / 2.0 + upperEdge(bucket) / 2.0);
        }
        return Duration.ofNanos(count == 0 ? 0 : Math.round(sum / count));
    }

    @Override
    public Duration percentile(double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw new IllegalArgumentException("percent must be above 0 and at most 100, was " + percent);
        }
        long rank = (long) Math.ceil(count * (percent / 100));
        long seen = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            seen += counts[bucket];
            if (seen >= rank && seen > 0) {
                return Duration.ofNanos(upperEdge(bucket));
            }
        }
        return Duration.ZERO;
    }

    @Override
    public Histogram minus(Histogram earlier) {
        LogLinearHistogram other = (LogLinearHistogram) earlier;
        long[] difference = new long[BUCKETS];
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            difference[bucket] = counts[bucket] - other.counts[bucket];
            if (difference[bucket] < 0) {
                throw new IllegalArgumentException("earlier must be an earlier histogram of the same durations, was "
                        + earlier + ", and this is " + this);
            }
        }
        return new LogLinearHistogram(difference);
    }

    @Override
    public String toString() {
        return "count=" + count + " mean=" + mean() + " p50=" + percentile(50) + " p99=" + percentile(99) + " max="
                + percentile(100);
    }
}
