package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Runs tasks in a pool: `execute` where nobody waits for the task, `submit` where somebody wants its
/// result.
///
/// The difference matters when a task fails. What a task given to `execute` throws goes to the pool's
/// failure handler (which logs it unless you set another). What a task given to `submit` throws goes to its
/// future and nowhere else, so look at the future.
final class SubmitTasks {
    static void main() throws InterruptedException, ExecutionException {
        AtomicInteger shipped = new AtomicInteger();
        try (Pool pool = Pool.builder("orders")
                .capacity(10)
                .onFailure((taskName, failure) -> IO.println("the handler got: " + failure.getMessage()))
                .build()) {

            Future<Integer> price = pool.submit(() -> 6 * 7);
            IO.println("the price is " + price.get());

            Future<Integer> receipt = pool.submit(() -> {
                throw new IOException("out of paper");
            });
            try {
                receipt.get();
            } catch (ExecutionException e) {
                IO.println("the future got: " + e.getCause());
            }

            for (int order = 1; order <= 100; order++) {
                pool.execute(shipped::incrementAndGet); // waits while 10 are under way
            }
            pool.execute(() -> {
                throw new IllegalStateException("order 101 has no address");
            });
        } // waits for the tasks that are still under way
        IO.println("shipped: " + shipped);
    }
}
