package dev.myrmidon.engine.cli;

import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Tasks of tests that wait.
final class Blocked {
    private Blocked() {}

    /// Submits a task that waits for a gate, and returns when it does.
    static Task<?> at(CountDownLatch gate, Pool pool, String name) {
        CompletableFuture<Thread> begun = new CompletableFuture<>();
        Task<?> task = pool.submit(
                () -> {
                    begun.complete(Thread.currentThread());
                    gate.await();
                    return null;
                },
                TaskOptions.named(name));
        Thread worker = begun.join();
        await().until(() -> worker.getState() == Thread.State.WAITING);
        return task;
    }
}
