package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.concurrent.CompletableFuture;

/// Reads what a pool is doing, and checks its books.
///
/// `stats()` is one snapshot, cheap enough to be read every second. The totals add up: every task that was
/// ever submitted was rejected, or has completed, failed or been cancelled, or runs, or is queued.
final class ReadStats {
    static void main() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool = Pool.builder("uploads")
                .capacity(2)
                .queueCapacity(3)
                .nonblocking()
                .onFailure((taskName, failure) -> {}) // expected here
                .build();
        try (pool) {
            pool.execute(answer::join);
            pool.execute(() -> {
                answer.join();
                throw new IllegalStateException("connection lost");
            });
            for (int upload = 3; upload <= 7; upload++) {
                boolean accepted = pool.tryExecute(answer::join);
                IO.println("upload " + upload + (accepted ? " accepted" : " refused"));
            }
            print(pool.stats());
            answer.complete("done");
        }
        print(pool.stats());
    }

    private static void print(PoolStats now) {
        IO.println("running=" + now.running() + "/" + now.capacity() + " available=" + now.available() + " queued="
                + now.queued() + "/" + now.queueCapacity());
        long total = now.rejected() + now.completed() + now.failed() + now.cancelled() + now.running() + now.queued();
        IO.println("submitted " + now.submitted() + " = " + total + ": rejected=" + now.rejected() + " completed="
                + now.completed() + " failed=" + now.failed() + " cancelled=" + now.cancelled());
    }
}
