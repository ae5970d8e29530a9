package dev.myrmidon.engine.each;

import dev.myrmidon.Task;
import dev.myrmidon.TaskFailureHandler;
import java.util.concurrent.CompletableFuture;

/// One item on its way through the pool.
final class ItemTask implements Runnable {
    private final Execution execution;
    private final Item item;

    /// What the pool calls it. The item may have begun, and even ended, before its submitter is told.
    private final CompletableFuture<Task<?>> handle = new CompletableFuture<>();

    ItemTask(Execution execution, Item item) {
        this.execution = execution;
        this.item = item;
    }

    Item item() {
        return item;
    }

    /// The pool has accepted it.
    void accepted(Task<?> task) {
        handle.complete(task);
    }

    @Override
    public void run() {
        try {
            execution.run(this);
        } catch (RuntimeException | Error e) {
            // No memory to report it, for example. Nobody else asks for it; the summary counts it as given up.
            TaskFailureHandler.LOG.onFailure("each/" + item, e);
        }
    }

    /// Lifts its time limit. Called on the thread that runs it, once its work is over.
    ///
    /// @return false if its time was over first
    boolean liftTimeout() {
        // Of a cancellation and a timeout one wins; neither stops the code, which is at its end. The status alone would
        // not tell: the interrupt arrives a moment before it changes.
        return handle.join().cancel(false);
    }
}
