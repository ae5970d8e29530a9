package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/// Runs tasks later, once or again and again.
///
/// `scheduler()` is the pool as a `ScheduledExecutorService`. A task takes no slot and no thread until
/// it is due, so a million of them may wait for their time. Then it is submitted like any other task,
/// and what the pool does when it is full it does then too.
///
/// Shutting down cancels what isn't due, so that closing doesn't wait for it: await first what matters.
final class RunLater {
    static void main() throws Exception {
        Pool pool = Pool.builder("reminders").capacity(10).build();
        try (pool) {
            ScheduledExecutorService later = pool.scheduler();

            ScheduledFuture<String> reminder = later.schedule(() -> "call ada", 20, TimeUnit.MILLISECONDS);
            IO.println(reminder.get());

            ScheduledFuture<?> tomorrow = later.schedule(() -> IO.println("never printed"), 1, TimeUnit.DAYS);
            IO.println("slots held until then: " + pool.stats().running());

            CountDownLatch beats = new CountDownLatch(3);
            ScheduledFuture<?> heartbeat = later.scheduleAtFixedRate(beats::countDown, 0, 5, TimeUnit.MILLISECONDS);
            beats.await();
            heartbeat.cancel(false);
            IO.println("three beats");

            IO.println("dropped: "
                    + pool.close(Duration.ofSeconds(30)).neverStarted().size());
            IO.println("tomorrow's task: " + tomorrow.state());
        }
    }
}
