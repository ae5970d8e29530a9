package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.manage.FinishedTask;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.TaskTracker;
import dev.myrmidon.manage.TrackerConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Finds out which tasks run, for how long and where they are, and what became of the last ones.
///
/// A tracker remembers the last thousand of each outcome, so a failure is still there after a million
/// successes.
final class TrackTasks {
    static void main() throws InterruptedException {
        CountDownLatch declined = new CountDownLatch(1);
        PoolRegistry pools = new PoolRegistry();
        TaskTracker tracker = new TaskTracker(TrackerConfig.DEFAULT, pools::pools);
        try (pools) {
            Pool orders = pools.create(Pool.builder("orders")
                    .capacity(2)
                    .listener(tracker)
                    .onFailure((_, _) -> declined.countDown()) // the tracker has it
                    .config());
            CompletableFuture<String> answer = new CompletableFuture<>();
            CountDownLatch started = new CountDownLatch(1);
            orders.execute(() -> awaitAnswer(started, answer), TaskOptions.named("ship"));
            started.await();
            tracker.running().forEach(task -> {
                String method = task.stack().stream()
                        .filter(call -> call.getClassName().equals(TrackTasks.class.getName()))
                        .map(StackTraceElement::getMethodName)
                        .findFirst()
                        .orElseThrow();
                IO.println(task.name() + " runs in " + task.pool() + ", in " + method);
            });

            orders.execute(
                    () -> {
                        throw new IllegalStateException("card declined");
                    },
                    TaskOptions.named("charge"));
            declined.await();
            answer.complete("shipped");
        }
        tracker.finished().stream()
                .filter(FinishedTask::isFailure)
                .forEach(task -> IO.println(task.name() + ": " + task.error().orElseThrow()));
        FinishedTask slowest = tracker.finished().stream()
                .sorted(FinishedTask.LONGEST_RUN_FIRST)
                .findFirst()
                .orElseThrow();
        IO.println("slowest: " + slowest.name() + " " + slowest.outcome());
    }

    private static void awaitAnswer(CountDownLatch started, CompletableFuture<String> answer) {
        started.countDown();
        answer.join();
    }
}
