package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Gives tasks a time limit that stops them.
///
/// The time counts from the start of the task: what it waited in the queue is not held against it. When it
/// is over, whoever waits for the task learns so at once, and the task is interrupted. One that doesn't
/// heed interrupts keeps its slot until it returns, and is counted as overdue.
final class TimeOutATask {
    private static final TaskOptions QUOTE = TaskOptions.named("quote").timeout(Duration.ofMillis(20));

    static void main() throws InterruptedException {
        CompletableFuture<String> deaf = new CompletableFuture<>();
        Pool pool = Pool.builder("quotes").capacity(1).queueCapacity(10).build();
        try (pool) {
            Task<String> slow = pool.submit(
                    () -> {
                        Thread.sleep(Duration.ofDays(1)); // a service that doesn't answer
                        return "too late";
                    },
                    QUOTE);
            Task<String> stubborn = pool.submit(() -> deaf.join(), QUOTE); // interrupts don't wake a join

            printEnd(slow);
            printEnd(stubborn);
            print(pool.stats());
            deaf.complete("too late");
        }
        print(pool.stats());
    }

    private static void printEnd(Task<String> task) throws InterruptedException {
        try {
            IO.println(task.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TaskTimeoutException timeout) {
                IO.println("no quote within " + timeout.timeout().toMillis() + " ms");
            } else {
                IO.println("no quote: " + e.getCause());
            }
        }
    }

    private static void print(PoolStats now) {
        IO.println("timed out=" + now.timedOut() + " overdue=" + now.overdue() + " running=" + now.running());
    }
}
