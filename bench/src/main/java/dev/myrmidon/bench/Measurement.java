package dev.myrmidon.bench;

import org.jspecify.annotations.Nullable;

/// What one child measured, its warm-up excepted.
///
/// @param tasks the tasks that ended
/// @param nanos from the first submission to the end of the last task
/// @param cpuNanos processor time of the whole JVM in that time, collector and compilers included
/// @param allocatedBytes what all threads allocated in that time, the virtual ones through their carriers
/// @param peakRssBytes the most memory that the JVM ever had of the system, warm-up included; null where the system
///     doesn't tell
/// @param start from submission to start, if that was measured
/// @param waited how long submitting took, if that was measured
/// @param maxHeapBytes the heap's limit
/// @param collector the garbage collector
record Measurement(
        long tasks,
        long nanos,
        long cpuNanos,
        long allocatedBytes,
        @Nullable Long peakRssBytes,
        @Nullable Latency start,
        @Nullable Latency waited,
        long maxHeapBytes,
        String collector) {

    double tasksPerSecond() {
        return tasks * 1e9 / nanos;
    }

    double cpuSecondsPerMillion() {
        return cpuNanos / 1e3 / tasks;
    }

    double allocatedBytesPerTask() {
        return (double) allocatedBytes / tasks;
    }
}
