package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskOutcome;
import dev.myrmidon.TaskTimes;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Asks a task where it stands, when it started and how it ended.
///
/// `submit` returns a `Task`, which is a `Future` that knows more: an id, a name, a status, times and an
/// outcome. The outcome is a sealed type, so the compiler tells you which end you forgot.
final class AskATask {
    static void main() throws InterruptedException {
        CompletableFuture<String> bank = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        Task<String> charge;
        Task<String> refund;
        Task<String> report;
        try (Pool pool = Pool.builder("payments").capacity(1).queueCapacity(10).build()) {
            charge = pool.submit(
                    () -> {
                        started.countDown();
                        return bank.join();
                    },
                    TaskOptions.named("charge"));
            refund = pool.submit(
                    () -> {
                        throw new IOException("no such account");
                    },
                    TaskOptions.named("refund"));
            report = pool.submit(() -> "never printed", TaskOptions.named("report"));

            started.await();
            IO.println(charge.name() + " is " + charge.status() + ", " + refund.name() + " is " + refund.status());
            report.cancel(true);
            bank.complete("receipt 17");
        } // waits for all of them

        for (Task<String> task : List.of(charge, refund, report)) {
            IO.println(task.name() + ": " + howItEnded(task));
        }
        TaskTimes times = charge.times();
        IO.println("waited + ran = age: " + times.waited().plus(times.ran()).equals(times.age()));
        IO.println("submitted in this order: " + (charge.id() < refund.id() && refund.id() < report.id()));
    }

    private static String howItEnded(Task<String> task) {
        return switch (task.outcome().orElseThrow()) {
            case TaskOutcome.Completed(var receipt) -> "got " + receipt;
            case TaskOutcome.Failed(var cause) -> "failed, " + cause.getMessage();
            case TaskOutcome.TimedOut(var cause) -> "gave up after " + cause.ran();
            case TaskOutcome.Cancelled() -> "cancelled";
            case TaskOutcome.Shed(var waited) -> "never started, in " + waited;
        };
    }
}
