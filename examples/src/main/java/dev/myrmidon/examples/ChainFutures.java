package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.util.concurrent.CompletableFuture;

/// Uses a pool where an executor is asked for: the steps of a `CompletableFuture` chain.
///
/// A pool is an `ExecutorService`. Without one, the `…Async` methods run in the common pool, which has as
/// many threads as the machine has cores: a step that blocks there stops the others. Here a step may block,
/// and the capacity says how many may be under way.
///
/// A step that never runs leaves its chain unfinished forever, in every executor. So don't chain on a pool
/// that drops tasks, and give `join` a limit (`orTimeout`) where the pool may be closed before the chain
/// has ended.
final class ChainFutures {
    static void main() {
        try (Pool pool = Pool.builder("pricing").capacity(100).build()) {
            CompletableFuture<Integer> net = CompletableFuture.supplyAsync(() -> 200, pool);
            CompletableFuture<Integer> tax = CompletableFuture.supplyAsync(() -> 38, pool);

            String total = net.thenCombineAsync(tax, Integer::sum, pool)
                    .thenApplyAsync(gross -> "total: " + gross, pool)
                    .join();
            IO.println(total);

            String discounted = net.thenApplyAsync(ChainFutures::discount, pool)
                    .handleAsync((amount, failure) -> "failed: " + failure.getCause(), pool)
                    .join();
            IO.println(discounted);
        }
    }

    private static int discount(int amount) {
        throw new IllegalArgumentException("no discount for " + amount);
    }
}
