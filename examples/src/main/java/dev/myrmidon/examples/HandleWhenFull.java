package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.SaturationPolicy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Full pool, fifth answer: your own. Here, what doesn't fit goes to another pool.
///
/// The handler is called in the submitter's thread and owns the task from then on: it may run it, pass it
/// on, keep it for later, or throw a `RejectedExecutionException`. If it drops a task that is a `Future`,
/// it should cancel it, or somebody waits forever. The full pool counts the task as rejected.
final class HandleWhenFull {
    static void main() throws InterruptedException, ExecutionException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool overflow = Pool.builder("overflow").capacity(1).build();
        Pool main = Pool.builder("main")
                .capacity(1)
                .whenSaturated(SaturationPolicy.handle((task, full) -> {
                    IO.println(full.stats().name() + " is full");
                    overflow.execute(task);
                }))
                .build();
        try (overflow;
                main) {
            main.execute(answer::join); // takes the only slot

            Future<String> report = main.submit(() -> "the report is written");
            IO.println(report.get());

            answer.complete("done");
        }
        IO.println("main: completed=" + main.stats().completed() + " rejected="
                + main.stats().rejected());
        IO.println("overflow: completed=" + overflow.stats().completed());
    }
}
