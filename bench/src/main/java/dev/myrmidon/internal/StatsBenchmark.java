package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to read the numbers of a pool.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatsBenchmark {
    /// Tasks that run, each on a worker, and do nothing.
    @Param({"0", "1000"})
    public int running;

    private final Pool pool = Pool.builder("stats").capacity(10_000).build();
    private final CountDownLatch end = new CountDownLatch(1);

    /// Starts the tasks.
    @Setup
    public void start() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(running);
        for (int i = 0; i < running; i++) {
            pool.execute(() -> {
                started.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        started.await();
    }

    /// Ends the pool.
    @TearDown
    public void close() {
        end.countDown();
        pool.close();
    }

    /// One snapshot.
    @Benchmark
    @Threads(1)
    public PoolStats stats() {
        return pool.stats();
    }
}
