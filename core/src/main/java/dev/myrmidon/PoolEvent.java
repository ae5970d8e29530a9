package dev.myrmidon;

/// What happens in a pool, for its [listeners][PoolListener].
public sealed interface PoolEvent {

    /// {@return the name of the pool}
    String pool();

    /// A task was submitted. It is [refused][Rejected] next, or accepted, and then it [ends][Ended] once.
    ///
    /// @param pool the name of the pool
    /// @param task the task
    record Submitted(String pool, Task<?> task) implements PoolEvent {}

    /// The code of a task is about to start.
    ///
    /// @param pool the name of the pool
    /// @param task the task
    record Started(String pool, Task<?> task) implements PoolEvent {}

    /// A task has ended: its [outcome][Task#outcome()] is there.
    ///
    /// @param pool the name of the pool
    /// @param task the task
    record Ended(String pool, Task<?> task) implements PoolEvent {}

    /// A task was refused.
    ///
    /// @param pool the name of the pool
    /// @param task the task
    /// @param reason why
    record Rejected(String pool, Task<?> task, Reason reason) implements PoolEvent {
        /// Why a task was refused.
        public enum Reason {
            /// There was no room.
            SATURATED,
            /// There was no room within the time.
            TIMED_OUT,
            /// Its submitter was interrupted while it waited.
            INTERRUPTED,
            /// The pool was closed.
            CLOSED,
            /// No worker could be started for it.
            NO_WORKER
        }
    }

    /// The capacity was changed.
    ///
    /// @param pool the name of the pool
    /// @param from the capacity before
    /// @param to the capacity now
    record Resized(String pool, int from, int to) implements PoolEvent {}

    /// The pool was shut down: it takes no more tasks.
    ///
    /// @param pool the name of the pool
    record Closed(String pool) implements PoolEvent {}
}
