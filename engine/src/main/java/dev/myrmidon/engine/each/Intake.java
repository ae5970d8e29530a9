package dev.myrmidon.engine.each;

import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads items and hands them to the pool, which makes it wait while it is full.
///
/// Runs on a daemon thread of its own: a read from a terminal or a pipe can't be interrupted, and must not
/// keep a run from ending.
final class Intake implements Runnable {
    private final ItemSource lines;
    private final JobPool job;
    private final Execution execution;
    private final Attempts attempts;
    private final @Nullable KeyField keyField;
    private final Stop stop;
    private final Consumer<String> onFailure;

    /// Held for each submission.
    private final Object submitting = new Object();

    /// @param attempts submits the items
    /// @param keyField where the key of an item is, or null if they have none
    /// @param onFailure told in a line why not all items could be read
    Intake(
            ItemSource lines,
            JobPool job,
            Execution execution,
            Attempts attempts,
            @Nullable KeyField keyField,
            Stop stop,
            Consumer<String> onFailure) {
        this.lines = lines;
        this.job = job;
        this.execution = execution;
        this.attempts = attempts;
        this.keyField = keyField;
        this.stop = stop;
        this.onFailure = onFailure;
    }

    void start() {
        Thread.ofPlatform().daemon().name("myrmidon-intake").start(this);
    }

    /// Has this done between two submissions, when it is known of each item whether the pool accepted it. The pool
    /// must be closed: otherwise a submission can take forever.
    void betweenSubmissions(Runnable action) {
        synchronized (submitting) {
            action.run();
        }
    }

    @Override
    public void run() {
        try {
            Item item = lines.next();
            while (item != null && stop.running()) {
                submit(item);
                item = lines.next();
            }
        } catch (IOException e) {
            if (stop.running()) { // or else a file that is being closed under it
                onFailure.accept("can't read the input: " + Failures.reason(e));
            }
        } catch (RuntimeException | Error e) {
            // No thread or no memory for the next item: without a word this would look like the end of the input.
            onFailure.accept("can't go on reading: " + Failures.text(e));
        } finally {
            attempts.awaitEnds();
            awaitIdle();
            job.pool().shutdown();
        }
    }

    /// Waits until all items have ended, if others may steer the pool: they can't when it is shut down, and
    /// one that is paused would never end.
    private void awaitIdle() {
        try {
            if (job.isManaged()) {
                job.pool().awaitIdle();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private void submit(Item item) {
        if (keyField == null || item.problem() != null) {
            submit(item, null);
            return;
        }
        String key;
        try {
            key = keyField.keyOf(item.bytes());
        } catch (KeyField.NoKeyException e) {
            submit(item.failed(e.getMessage()), null);
            return;
        }
        submit(item, key);
    }

    private void submit(Item item, @Nullable String key) {
        if (!attempts.awaitRoom()) {
            return; // the run was stopped: the loop ends with it
        }
        execution.awaitMemory(item);
        synchronized (submitting) {
            ItemTask task = new ItemTask(execution, item, key);
            execution.begin(item);
            boolean accepted = false;
            try {
                attempts.submit(task);
                accepted = true;
            } catch (RejectedExecutionException e) {
                // The run was stopped while this item waited for room: the loop ends with it.
                accepted = false;
            } finally {
                if (!accepted) {
                    execution.reject(item);
                    attempts.ended(task);
                }
            }
        }
    }
}
