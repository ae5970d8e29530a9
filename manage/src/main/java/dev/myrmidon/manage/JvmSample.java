package dev.myrmidon.manage;

import java.time.Duration;
import java.time.Instant;

/// The numbers of this JVM at one moment. Sizes are in bytes.
///
/// @param at when it was taken, to be shown; durations are never differences of these
/// @param interval since the sample before it; positive
/// @param heapUsed the heap in use, garbage included
/// @param heapAfterGc the heap in use when the last garbage collection of any kind had ended; 0 before the
///     first one
/// @param heapLive what the old generation held when it was last collected, or the heap if it has no
///     generations: the best that is known of what is really needed; 0 before that happens for the first time
/// @param heapMax what the heap can grow to
/// @param platformThreads the live threads that aren't virtual
/// @param carriers the threads that carry virtual threads
/// @param pinned how often a virtual thread kept its carrier for 20 ms or more while it was blocked, in the
///     interval; 0 if the monitor doesn't look
/// @param longestPinned the longest of these
/// @param collections the garbage collections that ended in the interval
/// @param gcTime how long these took, parts that ran beside the application included
public record JvmSample(
        Instant at,
        Duration interval,
        long heapUsed,
        long heapAfterGc,
        long heapLive,
        long heapMax,
        int platformThreads,
        Carriers carriers,
        int pinned,
        Duration longestPinned,
        long collections,
        Duration gcTime)
        implements Sample {

    /// The scheduler of virtual threads.
    ///
    /// @param parallelism how many virtual threads it means to carry at once
    /// @param mounted how many it carried
    /// @param queued how many were ready and waited for a carrier
    /// @param delay how long a virtual thread that was started at an earlier sample has waited for a carrier up
    ///     to now, or did wait if it got one
    public record Carriers(int parallelism, int mounted, int queued, Duration delay) {

        /// {@return whether no carrier was free while virtual threads waited for one}
        public boolean saturated() {
            return queued > 0 && mounted >= parallelism;
        }
    }
}
