package dev.myrmidon;

/// Told of what happens in a pool. A pool without listeners pays nothing for them.
@FunctionalInterface
public interface PoolListener {

    /// Called in the thread in which it happened (a submitter, a worker, a timer's), under no lock, so it
    /// should be short. Events of different threads may come at the same time and in any order, but those of
    /// one task come in theirs. What it throws is logged and goes no further.
    ///
    /// @param event what happened
    void onEvent(PoolEvent event);
}
