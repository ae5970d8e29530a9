package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskGroup;
import dev.myrmidon.TasksFailedException;
import java.util.concurrent.CountDownLatch;

/// Submits a few different tasks and waits for just these, in a pool that others use too.
///
/// Use it for the parts of one answer. In a group that fails fast the first failure cancels the others,
/// since without that part there is no answer. What is left when the group closes is cancelled and
/// waited for.
final class AwaitAGroup {
    static void main() throws InterruptedException {
        try (Pool pool = Pool.builder("pages").capacity(10).build()) {
            try (TaskGroup group = pool.group().failFast()) {
                Task<String> user = group.submit(() -> "Ada");
                Task<Integer> orders = group.submit(() -> 3);
                group.awaitAll();
                IO.println(user.resultNow() + " has " + orders.resultNow() + " orders");
            }

            try (TaskGroup group = pool.group().failFast()) {
                CountDownLatch started = new CountDownLatch(1);
                Task<String> slow = group.submit(() -> {
                    started.countDown();
                    Thread.sleep(Long.MAX_VALUE);
                    return "never";
                });
                Task<String> broken = group.submit(() -> {
                    started.await();
                    throw new IllegalStateException("no such user");
                });
                try {
                    group.awaitAll();
                } catch (TasksFailedException e) {
                    IO.println("no page: " + e.causes().getFirst().getMessage());
                    IO.println("broken: " + broken.status() + ", slow: " + slow.status());
                }
            }
        }
    }
}
