package dev.myrmidon.internal;

import dev.myrmidon.Histogram;
import java.util.concurrent.atomic.AtomicLongArray;

/// Counts durations, for many threads at once. Threads are spread over a few sets of counters, so that they
/// seldom write the same one at the same time.
final class TimeRecorder {
    private static final int MAX_STRIPES = 8;

    private final AtomicLongArray[] stripes;

    TimeRecorder() {
        int cores = Math.min(MAX_STRIPES, Runtime.getRuntime().availableProcessors());
        stripes = new AtomicLongArray[Integer.highestOneBit(cores * 2 - 1)];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new AtomicLongArray(LogLinearHistogram.BUCKETS);
        }
    }

    /// Adds a duration that stands for so many.
    void record(long nanos, int weight) {
        int stripe = (int) Thread.currentThread().threadId() & (stripes.length - 1);
        stripes[stripe].getAndAdd(LogLinearHistogram.bucket(Math.max(0, nanos)), weight);
    }

    /// What was recorded up to now.
    Histogram read() {
        long[] counts = new long[LogLinearHistogram.BUCKETS];
        for (AtomicLongArray stripe : stripes) {
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += stripe.get(bucket);
            }
        }
        return new LogLinearHistogram(counts);
    }
}
