package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.SaturationPolicy;
import java.util.concurrent.CompletableFuture;

/// Full pool, second answer: the task is refused at once.
///
/// Use it where waiting makes things worse and the caller has a better answer: a 503, a cached value, a
/// retry elsewhere. The exception says how full the pool was. It is a `RejectedExecutionException`, as code
/// made for executors expects.
final class RefuseWhenFull {
    static void main() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool = Pool.builder("checkout")
                .capacity(2)
                .whenSaturated(SaturationPolicy.refuse()) // or, for short, nonblocking()
                .build();
        try (pool) {
            for (int request = 1; request <= 3; request++) {
                try {
                    pool.execute(answer::join);
                    IO.println("request " + request + ": 200");
                } catch (PoolSaturatedException e) {
                    IO.println("request " + request + ": 503, " + e.getMessage());
                }
            }
            answer.complete("done");
        }
        IO.println("refused: " + pool.stats().rejected());
    }
}
