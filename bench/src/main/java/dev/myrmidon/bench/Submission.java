package dev.myrmidon.bench;

/// How a peer takes a task.
@FunctionalInterface
interface Submission {
    /// Hands a task over; waits for room where the peer does that.
    void submit(Runnable task) throws InterruptedException;
}
