package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.SaturationPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/// Full pool, fourth answer: what has been queued for longest makes place for what is new.
///
/// Use it where only the newest counts: positions, sensor readings, frames. It needs a queue. What was
/// dropped is counted as cancelled, and its future says so.
final class DropOldestWhenFull {
    static void main() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        List<Future<Integer>> readings = new ArrayList<>();
        Pool pool = Pool.builder("readings")
                .capacity(1)
                .queueCapacity(2)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (pool) {
            pool.execute(answer::join); // takes the only slot

            for (int n = 1; n <= 4; n++) {
                int reading = n;
                readings.add(pool.submit(() -> reading)); // 3 drops 1, and 4 drops 2
            }

            answer.complete("done");
        }
        for (Future<Integer> reading : readings) {
            IO.println(reading.isCancelled() ? "dropped" : "reading " + reading.resultNow());
        }
        IO.println("cancelled: " + pool.stats().cancelled());
    }
}
