package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Waits for room in a full pool, but only so long.
///
/// Use it when a late task is worth nothing, as in answering a request: `false` tells you in time that the
/// task will not run. (To give every submitter of a pool the same limit, open it with
/// `SaturationPolicy.awaitAtMost`.)
final class WaitForRoomAtMost {
    static void main() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (Pool pool = Pool.builder("requests").capacity(1).build()) {
            pool.execute(answer::join); // takes the only slot

            IO.println("at once: " + pool.tryExecute(() -> IO.println("never printed")));
            IO.println("within 20 ms: " + pool.tryExecute(() -> IO.println("never printed"), Duration.ofMillis(20)));

            answer.complete("done"); // so the slot becomes free
            IO.println("within a minute: " + pool.tryExecute(() -> {}, Duration.ofMinutes(1)));
        }
    }
}
