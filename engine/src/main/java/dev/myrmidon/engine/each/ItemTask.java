package dev.myrmidon.engine.each;

import dev.myrmidon.Task;
import dev.myrmidon.TaskFailureHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One attempt at an item, on its way through the pool.
final class ItemTask implements Runnable {
    private final Execution execution;
    private final Item item;
    private final @Nullable String key;

    /// What the pool calls it. The item may have begun, and even ended, before its submitter is told.
    private final CompletableFuture<Task<?>> handle = new CompletableFuture<>();

    /// @param key the key of the item, or null if it has none
    ItemTask(Execution execution, Item item, @Nullable String key) {
        this.execution = execution;
        this.item = item;
        this.key = key;
    }

    /// The next attempt.
    ItemTask again() {
        return new ItemTask(execution, item, key);
    }

    Item item() {
        return item;
    }

    /// The key of the item, or null if it has none.
    @Nullable
    String key() {
        return key;
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
