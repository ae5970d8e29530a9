package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.SaturationPolicy;
import java.util.concurrent.CompletableFuture;

/// Full pool, third answer: the submitter runs the task itself.
///
/// Nothing is lost, and the submitter slows down because it has work to do. The task runs besides those in
/// the pool, so this is for work that may exceed the capacity by the number of submitters.
final class CallerRunsWhenFull {
    static void main() {
        Thread submitter = Thread.currentThread();
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool = Pool.builder("thumbnails")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .build();
        try (pool) {
            pool.execute(answer::join); // takes the only slot

            pool.execute(() -> IO.println("in the submitter's thread: " + (Thread.currentThread() == submitter)));

            answer.complete("done");
        }
        IO.println("completed: " + pool.stats().completed());
    }
}
