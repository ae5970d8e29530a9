package dev.myrmidon.internal;

import dev.myrmidon.Histogram;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations, for many threads at once. Threads are spread over a few sets of counters, so that they
/// seldom write the same one at the same time.
final class TimeRecorder {
    private static final int MAX_STRIPES = 8;
    /// Behind the buckets: the sum of all durations.
    private static final int SUM = LogLinearHistogram.BUCKETS;

    private final AtomicLongArray[] stripes;

    TimeRecorder() {
        int cores = Math.min(MAX_STRIPES, Runtime.getRuntime().availableProcessors());
        stripes = new AtomicLongArray[Integer.highestOneBit(cores * 2 - 1)];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new AtomicLongArray(SUM + 1);
        }
    }

    /// Adds a duration that stands for so many.
    void record(long nanos, int weight) {
        long duration = Math.max(0, nanos);
        AtomicLongArray stripe = stripes[(int) Thread.currentThread().threadId() & (stripes.length - 1)];
        stripe.getAndAdd(LogLinearHistogram.bucket(duration), weight);
        stripe.getAndAdd(SUM, duration * weight);
    }

    /// What was recorded up to now.
    Histogram read() {
        long[] counts = new long[LogLinearHistogram.BUCKETS];
        long sum = 0;
        for (AtomicLongArray stripe : stripes) {
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += stripe.get(bucket);
            }
            sum += stripe.get(SUM);
        }
        return new LogLinearHistogram(counts, sum);
    }
}
