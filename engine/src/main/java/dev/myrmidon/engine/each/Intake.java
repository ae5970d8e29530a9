package dev.myrmidon.engine.each;

import dev.myrmidon.Pool;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/// Reads items and hands them to the pool, which makes it wait while it is full.
///
/// Runs on a daemon thread of its own: a read from a terminal or a pipe can't be interrupted, and must not
/// keep a run from ending.
final class Intake implements Runnable {
    private final LineReader lines;
    private final Pool pool;
    private final Execution execution;
    private final Stop stop;
    private final Consumer<String> onFailure;

    /// @param onFailure told in a line why not all items could be read
    Intake(LineReader lines, Pool pool, Execution execution, Stop stop, Consumer<String> onFailure) {
        this.lines = lines;
        this.pool = pool;
        this.execution = execution;
        this.stop = stop;
        this.onFailure = onFailure;
    }

    void start() {
        Thread.ofPlatform().daemon().name("myrmidon-intake").start(this);
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
            onFailure.accept("can't read the input: " + Failures.reason(e));
        } catch (RuntimeException | Error e) {
            // No thread or no memory for the next item: without a word this would look like the end of the input.
            onFailure.accept("can't go on reading: " + Failures.text(e));
        } finally {
            pool.shutdown();
        }
    }

    private void submit(Item item) {
        execution.begin(item);
        boolean accepted = false;
        try {
            pool.execute(new ItemTask(execution, item));
            accepted = true;
        } catch (RejectedExecutionException e) {
            // The run was stopped while this item waited for room: the loop ends with it.
            accepted = false;
        } finally {
            if (!accepted) {
                execution.reject(item);
            }
        }
    }
}
