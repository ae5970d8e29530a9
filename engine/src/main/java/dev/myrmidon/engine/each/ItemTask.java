package dev.myrmidon.engine.each;

/// One item on its way through the pool.
///
/// @param execution runs it
/// @param item the item
record ItemTask(Execution execution, Item item) implements Runnable {
    @Override
    public void run() {
        execution.run(item);
    }

    /// It will never run.
    void cancel() {
        execution.end(item, Result.CANCELLED, 0);
    }
}
