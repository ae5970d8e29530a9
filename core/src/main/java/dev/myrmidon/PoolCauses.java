package dev.myrmidon;

import java.util.Map;

/// Why it came to what [PoolStats] counts, since the pool was opened. No number ever goes down.
///
/// @param rejected tasks refused, by their reason; all reasons are there
/// @param late tasks dropped since they did not start [in time][TaskOptions#startWithin()]
/// @param displaced tasks dropped to make room for others. With the late ones, these are all that were shed
/// @param resized changes of the capacity, by their cause; all causes are there
public record PoolCauses(
        Map<PoolEvent.Rejected.Reason, Long> rejected, long late, long displaced, Map<ResizeCause, Long> resized) {

    /// Copies the maps.
    public PoolCauses {
        rejected = Map.copyOf(rejected);
        resized = Map.copyOf(resized);
    }
}
