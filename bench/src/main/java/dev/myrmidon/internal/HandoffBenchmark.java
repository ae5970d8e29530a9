package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to get a task from a submitter to a worker. With `-prof gc` the floods show the bytes that
/// an `execute` allocates.
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandoffBenchmark {
    private static final int CAPACITY = 50_000;

    /// A pool.
    @State(Scope.Benchmark)
    public static class Flooded {
        final Pool pool = Pool.builder("flooded").capacity(CAPACITY).build();
        final Runnable task = Nothing::doIt;

        /// Ends the pool.
        @TearDown
        public void close() {
            pool.close();
        }
    }

    /// A pool that nobody uses between two measurements, and `Thread.startVirtualThread` to compare.
    @State(Scope.Thread)
    public static class AtRest {
        private static final long REST_NANOS = 100_000;

        final Pool pool = Pool.builder("at-rest").capacity(CAPACITY).build();
        private volatile boolean ran;
        final Runnable task = () -> ran = true;

        /// Lets workers fall asleep.
        @Setup(Level.Invocation)
        public void rest() {
            LockSupport.parkNanos(REST_NANOS);
            ran = false;
        }

        /// Ends the pool.
        @TearDown
        public void close() {
            pool.close();
        }

        void awaitRun() {
            while (!ran) {
                Thread.onSpinWait();
            }
        }
    }

    /// From `execute` to the run, with everything asleep.
    @Benchmark
    @Threads(1)
    @BenchmarkMode(Mode.SampleTime)
    public void executeAtRest(AtRest state) {
        state.pool.execute(state.task);
        state.awaitRun();
    }

    /// The same with a thread of its own.
    @Benchmark
    @Threads(1)
    @BenchmarkMode(Mode.SampleTime)
    public void startVirtualThreadAtRest(AtRest state) {
        Thread.startVirtualThread(state.task);
        state.awaitRun();
    }

    /// One submitter without a pause.
    @Benchmark
    @Threads(1)
    public void flood(Flooded state) {
        state.pool.execute(state.task);
    }

    /// Four of them.
    @Benchmark
    @Threads(4)
    public void floodByFour(Flooded state) {
        state.pool.execute(state.task);
    }
}
