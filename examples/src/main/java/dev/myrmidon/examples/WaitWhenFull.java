package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.SaturationPolicy;
import java.util.concurrent.CompletableFuture;

/// Full pool, first answer: the submitter waits. This is the default.
///
/// Whoever produces too fast is slowed down to the pace of the pool, and nothing piles up. Submitters are
/// let in in the order in which they came. Limit how many may wait: the next one is refused at once, since
/// its turn would come too late.
final class WaitWhenFull {
    static void main() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (Pool pool = Pool.builder("mails")
                .capacity(1)
                .whenSaturated(SaturationPolicy.await()) // could be left out
                .maxBlockingTasks(1)
                .build()) {
            pool.execute(answer::join); // takes the only slot

            Thread second = Thread.startVirtualThread(() -> pool.execute(() -> IO.println("the second task runs")));
            while (pool.stats().waiting() == 0) {
                Thread.sleep(1);
            }
            IO.println("the second submitter waits");

            try {
                pool.execute(() -> IO.println("never printed"));
            } catch (PoolSaturatedException e) {
                IO.println("the third is refused: " + e.getMessage());
            }

            answer.complete("done"); // so the slot goes to the one that waits
            second.join();
        }
    }
}
