package dev.myrmidon;

/// How long the tasks of a pool waited and ran since it was opened; see [Pool#timings()].
///
/// @param waits from the submission, before any wait for room, to the start
/// @param runs from the start to the end of tasks that completed or failed
public record PoolTimings(Histogram waits, Histogram runs) {}
