package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for a result, but only so long, and then stops the task.
///
/// The limit of `get` ends the waiting and not the task: it would hold its slot for as long as it likes.
/// `cancel(true)` interrupts it, and whatever it blocks in ends with an exception. A task that is still
/// queued is taken out of the queue.
final class CancelWhenTooSlow {
    static void main() throws InterruptedException, ExecutionException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Pool pool = Pool.builder("quotes").capacity(1).build()) {
            Future<String> quote = pool.submit(() -> {
                started.countDown();
                try {
                    Thread.sleep(Duration.ofDays(1)); // a service that doesn't answer
                    return "too late";
                } finally {
                    stopped.countDown();
                }
            });
            started.await();

            try {
                IO.println(quote.get(20, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                quote.cancel(true);
                IO.println("no quote in time");
            }

            stopped.await(); // returns, a day early
            IO.println("the task is " + quote.state());
            IO.println("the slot is free for " + pool.submit(() -> "another").get());
        }
    }
}
