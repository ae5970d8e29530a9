package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/// Gives each task a thread of its own, so that none finds the thread locals of another one.
///
/// A pool reuses its threads, as every thread pool does: what a task leaves in a `ThreadLocal` is there for
/// the next one. Where libraries keep their state in thread locals and don't clean up, open the pool
/// isolated. The bound, the queue and everything else stay as they are; a submission inside a task of a
/// saturated pool is refused, since it could only run in the thread of its submitter.
final class IsolateTasks {
    private static final ThreadLocal<String> TENANT = ThreadLocal.withInitial(() -> "nobody");

    static void main() throws InterruptedException, ExecutionException {
        PoolConfig shared = Pool.builder("plugins").capacity(1).queueCapacity(1).config();
        PoolConfig isolated = shared.toBuilder().isolated().config();
        IO.println("shared: " + tenantOfTheSecondTask(shared));
        IO.println("isolated: " + tenantOfTheSecondTask(isolated));

        try (Pool pool = Pool.open(isolated.toBuilder().queueCapacity(0).config())) {
            Task<String> outer = pool.submit(() -> {
                try {
                    return pool.submit(() -> "ran inside").get();
                } catch (PoolSaturatedException e) {
                    return "refused inside a task";
                }
            });
            IO.println(outer.get());
        }
    }

    private static String tenantOfTheSecondTask(PoolConfig config) throws InterruptedException, ExecutionException {
        CountDownLatch bothThere = new CountDownLatch(1);
        try (Pool pool = Pool.open(config)) {
            Task<?> first = pool.submit(() -> {
                TENANT.set("acme"); // and forgets to remove it
                bothThere.await();
                return "done";
            });
            Task<String> second = pool.submit(() -> TENANT.get());
            bothThere.countDown();
            first.get();
            return second.get();
        }
    }
}
