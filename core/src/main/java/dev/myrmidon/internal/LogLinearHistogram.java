package dev.myrmidon.internal;

import dev.myrmidon.Histogram;
import java.time.Duration;

/// The counts of a [TimeRecorder] at one moment.
///
/// **Buckets**: below 64 ns one each; from there on each power of two is divided into 32. (Gil Tene's
/// HdrHistogram does so.)
///
/// **Size**: a program that watches many pools keeps many of these, so only buckets that aren't empty are kept, as
/// numbers of variable length (unsigned LEB128, appendix C of DWARF 5): 2 or 3 bytes a bucket in most cases, where
/// an array of all buckets takes 15 KB.
public final class LogLinearHistogram implements Histogram {
    private static final int SUB_BUCKET_BITS = 5;
    private static final int SUB_BUCKETS = 1 << SUB_BUCKET_BITS;

    /// How many buckets there are, for everything from 0 to `Long.MAX_VALUE`.
    static final int BUCKETS = bucket(Long.MAX_VALUE) + 1;

    /// For each bucket that isn't empty, in their order: how many empty ones come before it, and its count.
    private final byte[] pairs;

    private final long count;

    /// @param counts how many fell into each bucket
    LogLinearHistogram(long[] counts) {
        long total = 0;
        int bytes = 0;
        for (int bucket = 0, empty = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] == 0) {
                empty++;
            } else {
                bytes += bytes(empty) + bytes(counts[bucket]);
                total += counts[bucket];
                empty = 0;
            }
        }
        this.count = total;
        this.pairs = new byte[bytes];
        int at = 0;
        for (int bucket = 0, empty = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] == 0) {
                empty++;
            } else {
                at = write(counts[bucket], write(empty, at));
                empty = 0;
            }
        }
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
        for (Cursor each = new Cursor(); each.next(); ) {
            sum += each.count * (lowerEdge(each.bucket) / 2.0 + upperEdge(each.bucket) / 2.0);
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
        for (Cursor each = new Cursor(); each.next(); ) {
            seen += each.count;
            if (seen >= rank) {
                return Duration.ofNanos(upperEdge(each.bucket));
            }
        }
        return Duration.ZERO;
    }

    @Override
    public Histogram minus(Histogram earlier) {
        LogLinearHistogram other = (LogLinearHistogram) earlier;
        long[] difference = new long[BUCKETS];
        for (Cursor each = new Cursor(); each.next(); ) {
            difference[each.bucket] = each.count;
        }
        for (Cursor each = other.new Cursor(); each.next(); ) {
            difference[each.bucket] -= each.count;
            if (difference[each.bucket] < 0) {
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

    /// How many bytes a number takes, which is not negative: one for each 7 bits.
    private static int bytes(long number) {
        return Math.max(1, Math.ceilDiv(Long.SIZE - Long.numberOfLeadingZeros(number), 7));
    }

    /// Writes a number, and returns the place after it.
    private int write(long number, int from) {
        int at = from;
        long rest = number;
        while (rest > 0x7f) {
            pairs[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        pairs[at++] = (byte) rest;
        return at;
    }

    /// Goes through the buckets that aren't empty.
    private final class Cursor {
        private int at;
        private int bucket = -1;
        private long count;

        boolean next() {
            if (at == pairs.length) {
                return false;
            }
            bucket += 1 + (int) read();
            count = read();
            return true;
        }

        private long read() {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = pairs[at++];
                number |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return number;
                }
            }
        }
    }
}
