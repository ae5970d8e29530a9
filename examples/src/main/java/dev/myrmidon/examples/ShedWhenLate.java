package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Drops tasks that could not start in time.
///
/// Under overload a queue fills with work that nobody waits for any more: the browser has gone, the caller
/// has retried. `startWithin` takes such a task out of the queue when its time is over, so that the pool
/// works on what is still wanted. A task that has started is never shed; `timeout` is for that.
final class ShedWhenLate {
    static void main() throws InterruptedException, ExecutionException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool = Pool.builder("pages").capacity(1).queueCapacity(100).build();
        try (pool) {
            pool.execute(answer::join); // takes the only slot

            Task<String> impatient = pool.submit(
                    () -> "never rendered", TaskOptions.named("page").startWithin(Duration.ofMillis(20)));
            Task<String> patient =
                    pool.submit(() -> "rendered", TaskOptions.named("mail").startWithin(Duration.ofDays(1)));
            try {
                impatient.get();
            } catch (CancellationException e) {
                IO.println(impatient.name() + " is " + impatient.status() + " and ran for "
                        + impatient.times().ran().toMillis() + " ms");
            }
            IO.println("still queued: " + pool.stats().queued());

            answer.complete("done");
            IO.println(patient.name() + " is " + patient.get());
        }
        IO.println(
                "shed=" + pool.stats().shed() + " of cancelled=" + pool.stats().cancelled());
    }
}
