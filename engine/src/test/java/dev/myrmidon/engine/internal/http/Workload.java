package dev.myrmidon.engine.internal.http;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// Submits to pools what a service might, as regularly as the day is long.
final class Workload implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean ended;

    /// Tasks that come at a rate that goes up and down.
    ///
    /// @param perSecond on average
    /// @param millis how long one takes, usually
    /// @param period of the ups and downs
    /// @param fails asked for each task
    Workload tasks(
            Engine engine,
            String pool,
            String name,
            double perSecond,
            double millis,
            Duration period,
            BooleanSupplier fails) {
        Pool own = engine.pool(pool);
        threads.add(Thread.ofVirtual().start(() -> {
            long begin = System.nanoTime();
            double due = 0;
            while (!ended) {
                double seconds = (System.nanoTime() - begin) / 1e9;
                double wave = 1 + 0.55 * Math.sin(2 * Math.PI * seconds * 1e9 / period.toNanos());
                due += perSecond * wave / 20;
                for (; due >= 1; due--) {
                    submit(own, name, millis, fails);
                }
                pause(50);
            }
        }));
        return this;
    }

    private static void submit(Pool pool, String name, double millis, BooleanSupplier fails) {
        double spread = Math.exp(ThreadLocalRandom.current().nextGaussian() * 0.45);
        try {
            var _ = pool.submit(
                    () -> {
                        Thread.sleep(Duration.ofNanos((long) (millis * spread * 1e6)));
                        if (fails.getAsBoolean()) {
                            throw new IllegalStateException("503 from upstream: connection refused");
                        }
                        return null;
                    },
                    TaskOptions.named(name));
        } catch (RejectedExecutionException _) {
            // counted by the pool
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static BooleanSupplier never() {
        return () -> false;
    }

    static BooleanSupplier sometimes(double share) {
        return () -> ThreadLocalRandom.current().nextDouble() < share;
    }

    /// Doesn't wait: what is submitted late finds a closed pool.
    @Override
    public void close() {
        ended = true;
        threads.forEach(Thread::interrupt);
    }
}
