package dev.myrmidon.internal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Control;

/// What it costs to pass a task through the [Ring].
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {
    private static final int BATCH = 256;

    /// So many tasks submitters may be ahead of workers, or the ring would grow without end.
    private static final long MOST_PENDING = 16 * BATCH;

    private final Runnable task = Nothing::doIt;

    private Ring ring = new Ring();
    private final AtomicLong pending = new AtomicLong();

    /// What the iteration before left in the ring is none of the next one's.
    @Setup(Level.Iteration)
    public void empty() {
        ring = new Ring();
        pending.set(0);
    }

    /// One thread after another: no contention.
    @Benchmark
    @Threads(1)
    public @Nullable Runnable offerAndPoll() {
        ring.offer(task);
        return ring.poll();
    }

    /// Both ends at once, in each of two threads.
    @Benchmark
    @Threads(2)
    public @Nullable Runnable offerAndPollByTwo() {
        ring.offer(task);
        return ring.poll();
    }

    /// One submitter, one worker.
    @Benchmark
    @Group("oneToOne")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void offerOneToOne(Control control) {
        offerBatch(control);
    }

    /// The worker to it.
    @Benchmark
    @Group("oneToOne")
    @GroupThreads(1)
    @OperationsPerInvocation(BATCH)
    public void pollOneToOne(Control control) {
        pollBatch(control);
    }

    /// Two submitters, two workers. With more threads than cores JMH adds up rates of threads that take
    /// turns, so only the lower of the two sides is to be trusted.
    @Benchmark
    @Group("twoToTwo")
    @GroupThreads(2)
    @OperationsPerInvocation(BATCH)
    public void offerTwoToTwo(Control control) {
        offerBatch(control);
    }

    /// The workers to them.
    @Benchmark
    @Group("twoToTwo")
    @GroupThreads(2)
    @OperationsPerInvocation(BATCH)
    public void pollTwoToTwo(Control control) {
        pollBatch(control);
    }

    private void offerBatch(Control control) {
        while (pending.get() > MOST_PENDING && !control.stopMeasurement) {
            letOthersRun();
        }
        for (int i = 0; i < BATCH; i++) {
            ring.offer(task);
        }
        pending.addAndGet(BATCH);
    }

    private void pollBatch(Control control) {
        for (int i = 0; i < BATCH; i++) {
            while (ring.poll() == null) {
                if (control.stopMeasurement) {
                    return;
                }
                letOthersRun();
            }
        }
        pending.addAndGet(-BATCH);
    }

    @SuppressWarnings("ThreadPriorityCheck") // a hint: there are more threads here than cores
    private static void letOthersRun() {
        Thread.yield();
    }
}
