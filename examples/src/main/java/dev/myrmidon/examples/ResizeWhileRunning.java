package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/// Changes a pool's capacity while tasks run.
///
/// Use it to turn a knob in production: up when the other side can take more, down when it suffers. Growing
/// starts queued tasks and lets waiting submitters in at once. Shrinking interrupts nothing: tasks that run
/// go on, and none starts until there is room under the new capacity.
final class ResizeWhileRunning {
    static void main() throws InterruptedException {
        CountDownLatch five = new CountDownLatch(5);
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool =
                Pool.builder("calls").capacity(2).queueCapacity(Pool.UNBOUNDED).build();
        try (pool) {
            for (int call = 1; call <= 6; call++) {
                pool.execute(() -> {
                    five.countDown();
                    answer.join();
                });
            }
            print(pool.stats());

            pool.resize(5);
            print(pool.stats());

            five.await(); // what has a slot and did not start yet would go back to the queue
            pool.resize(1);
            print(pool.stats()); // 5 go on, and the sixth waits for all of them

            answer.complete("done");
        }
        IO.println("completed: " + pool.stats().completed());
    }

    private static void print(PoolStats now) {
        IO.println("capacity=" + now.capacity() + " running=" + now.running() + " queued=" + now.queued());
    }
}
