package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Runs the tasks of one account one after the other, and those of different accounts side by side.
///
/// Tasks with equal keys take turns, in the order of their submission, whatever the capacity. A key that is
/// busy holds up nobody else: what waits for its turn takes no slot. Any object with `equals` and
/// `hashCode` is a key, and one that no task uses costs nothing.
final class KeepOrderByKey {
    static void main() throws InterruptedException, ExecutionException {
        CompletableFuture<String> bank = new CompletableFuture<>();
        List<Integer> bookedByAda = Collections.synchronizedList(new ArrayList<>());
        List<Integer> bookedByBob = Collections.synchronizedList(new ArrayList<>());
        try (Pool pool =
                Pool.builder("accounts").capacity(8).queueCapacity(1_000).build()) {
            pool.execute(bank::join, TaskOptions.keyed("Ada")); // Ada's turn takes its time
            for (int i = 1; i <= 5; i++) {
                int booking = i;
                pool.execute(() -> bookedByAda.add(booking), TaskOptions.keyed("Ada"));
                pool.execute(() -> bookedByBob.add(booking), TaskOptions.keyed("Bob"));
            }
            pool.submit(() -> {}, TaskOptions.keyed("Bob")).get(); // comes after all of Bob's

            IO.println("Bob: " + bookedByBob + ", Ada: " + bookedByAda);
            IO.println("running=" + pool.stats().running() + " queued="
                    + pool.stats().queued());
            bank.complete("open");
        }
        IO.println("Ada: " + bookedByAda);
    }
}
