package dev.myrmidon.engine.each;

import dev.myrmidon.Task;
import dev.myrmidon.TaskFailureHandler;
import java.io.Serial;
import java.time.Duration;
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
        Result result = execute();
        if (result.status() != Status.COMPLETED) {
            throw new Unsuccessful(String.valueOf(result.error())); // so that the pool counts it as what it is
        }
    }

    private Result execute() {
        try {
            return execution.run(this);
        } catch (RuntimeException | Error e) {
            // No memory to report it, for example. Nobody else asks for it; the summary counts it as given up.
            TaskFailureHandler.LOG.onFailure("each/" + item, e);
            return Result.failed(Failures.text(e));
        }
    }

    /// How it was ended from outside while its work was done: [Task.Status#TIMED_OUT], [Task.Status#CANCELLED], or
    /// something else if it wasn't. Called on the thread that runs it, once its work is over.
    ///
    /// @param interrupted true if an interrupt ended its work
    /// @param timeout its limit, or null
    Task.Status endedFromOutside(boolean interrupted, @Nullable Duration timeout) {
        Task<?> task = handle.join();
        boolean mayHaveEnded =
                interrupted || (timeout != null && task.times().ran().compareTo(timeout) >= 0);
        // The status alone would not tell: the interrupt arrives a moment before it changes. Of this cancellation and
        // another one, or a timeout, one wins, and the loser sees the end. If this one wins nobody else ended the task.
        return mayHaveEnded && task.cancel(false) ? Task.Status.RUNNING : task.status();
    }

    /// The item didn't complete; that has been reported. Made without a trace, which would tell nothing.
    @SuppressWarnings("OverrideThrowableToString") // it is shown to users, and its class is none of their business
    private static final class Unsuccessful extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private Unsuccessful(String error) {
            super(error, null, false, false);
        }

        @Override
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
