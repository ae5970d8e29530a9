package dev.myrmidon.internal;

/// What the [Gate] answers a submitter.
enum Admission {
    /// The task has a slot; the submitter must hand it to the workers.
    SLOT,
    /// The task was accepted, and whoever frees a slot for it sees to the rest.
    ACCEPTED,
    /// No room, and none to wait for it either.
    FULL,
    /// No room within the time.
    TIMED_OUT,
    /// The submitter was interrupted while it waited.
    INTERRUPTED,
    /// The pool takes no more tasks.
    CLOSED
}
