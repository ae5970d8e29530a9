package dev.myrmidon.internal;

import org.jspecify.annotations.Nullable;

/// The tasks that hold a slot and wait for a worker. Thread-safe, and as [Workers] needs it: an
/// [#offer(Runnable)] and an [#isEmpty()] are volatile accesses to the same place.
interface Ready {
    /// Adds a task that has just got its slot.
    void offer(Runnable task);

    /// Takes the task that is to start next, or null if there is none.
    @Nullable
    Runnable poll();

    /// True if another worker is at it, so that [#poll()] would have to wait. A guess.
    default boolean isBusy() {
        return false;
    }

    /// True if [#poll()] would find nothing now.
    boolean isEmpty();

    /// Takes this very task out, for a submitter that could not get a worker for it.
    ///
    /// @return false if it is not there any more
    boolean remove(Runnable task);
}
