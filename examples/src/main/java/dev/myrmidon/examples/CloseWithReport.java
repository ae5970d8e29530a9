package dev.myrmidon.examples;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskReport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;

/// Closes a pool within a deadline and learns what that cost.
///
/// `close()` waits for as long as the tasks take. Where the process has to end in time, as after a SIGTERM,
/// say how long you can wait: what runs then is interrupted, what is queued is dropped, and the report has
/// the name, the age and, of what ran, the stack of each. A task without a name goes by its class.
final class CloseWithReport {
    static void main() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<String> heard = new CompletableFuture<>();
        CompletableFuture<String> disk = new CompletableFuture<>();
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        pool.execute(
                () -> {
                    started.countDown();
                    try {
                        Thread.sleep(Duration.ofDays(1)); // a service that doesn't answer
                    } catch (InterruptedException e) {
                        heard.complete("an interrupt, so it saved what was there");
                        disk.join(); // takes longer than the second that it gets for that
                    }
                },
                TaskOptions.named("order 16"));
        started.await();
        pool.execute(new Ship(17));
        Future<?> receipt = pool.submit(new Ship(18));

        CloseReport report = pool.close(Duration.ofMillis(20));

        IO.println("clean: " + report.clean());
        IO.println("interrupted: " + names(report.interrupted()));
        IO.println("never started: " + names(report.neverStarted()));
        IO.println("still running: " + names(report.stillRunning()));
        IO.println("the future of the last: " + receipt.state());
        IO.println("order 16 got " + heard.join());
        disk.complete("written");
        pool.close();
    }

    private record Ship(int order) implements Runnable {
        @Override
        public void run() {
            IO.println("never printed: order " + order);
        }
    }

    /// A report also knows how old each task is, and where those were that ran.
    private static List<String> names(List<TaskReport> tasks) {
        return tasks.stream().map(TaskReport::name).toList();
    }
}
