package dev.myrmidon.internal;

/// How an accepted task ended.
enum Outcome {
    /// It returned.
    COMPLETED,
    /// It threw.
    FAILED,
    /// It ran longer than it may: one way to fail.
    TIMED_OUT,
    /// It was cancelled before it ended by itself, or taken back by `shutdownNow`.
    CANCELLED,
    /// It did not start in time and was dropped: one way to be cancelled.
    SHED,
    /// It was dropped before it started, to make room for another one: one way to be cancelled.
    DISPLACED
}
