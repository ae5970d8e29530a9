package dev.myrmidon.internal;

/// How an accepted task ended.
enum Outcome {
    /// It returned.
    COMPLETED,
    /// It threw.
    FAILED,
    /// It was cancelled before it ended by itself, or dropped before it started.
    CANCELLED
}
