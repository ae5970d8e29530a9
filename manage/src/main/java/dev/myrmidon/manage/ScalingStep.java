package dev.myrmidon.manage;

import java.time.Instant;

/// One change of a pool's capacity by an [Autoscaler].
///
/// @param at when it was made
/// @param pool the name of the pool
/// @param from the capacity before; [dev.myrmidon.Pool#UNBOUNDED] if there was none
/// @param to the capacity after
/// @param reason the strategy, and the numbers that led to it
public record ScalingStep(Instant at, String pool, int from, int to, String reason) {
    /// {@return it in one line, such as `images: capacity 10 → 20 (threshold: usage 1.00 > 0.80, queued 120,
    /// waiting 4)`}
    @Override
    public String toString() {
        return pool + ": capacity " + from + " → " + to + " (" + reason + ")";
    }
}
