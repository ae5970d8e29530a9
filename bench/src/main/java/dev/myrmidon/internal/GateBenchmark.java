package dev.myrmidon.internal;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// What it costs to pass the [Gate].
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class GateBenchmark {
    private static final int WIDE = 50_000;
    private static final int NARROW = 1;

    /// What is done on a slot of the narrow gate, long enough for a line to form before it.
    private static final int TOKENS_ON_SLOT = 200;

    private final Runnable task = Nothing::doIt;

    private final Gate wide = gate(WIDE);
    private final Gate narrow = gate(NARROW);

    /// With room, alone.
    @Benchmark
    @Threads(1)
    public boolean enterAndExit() {
        return passWide();
    }

    /// With room, against another thread.
    @Benchmark
    @Threads(2)
    public boolean enterAndExitByTwo() {
        return passWide();
    }

    /// With room, against three others.
    @Benchmark
    @Threads(4)
    public boolean enterAndExitByFour() {
        return passWide();
    }

    /// The work that [#handOverByFour()] does on the slot, without a gate.
    @Benchmark
    @Threads(1)
    public void workOnSlot() {
        Blackhole.consumeCPU(TOKENS_ON_SLOT);
    }

    /// Without room: one slot, four threads. Whoever waits parks, and its task is run by whoever leaves.
    @Benchmark
    @Threads(4)
    public void handOverByFour() {
        if (!narrow.tryEnter() && narrow.await(task, Long.MAX_VALUE) != Admission.SLOT) {
            return; // somebody else had the slot for it
        }
        do {
            Blackhole.consumeCPU(TOKENS_ON_SLOT);
        } while (narrow.exit() != null);
    }

    private boolean passWide() {
        boolean entered = wide.tryEnter();
        wide.exit();
        return entered;
    }

    private static Gate gate(int capacity) {
        return new Gate(capacity, 0, Integer.MAX_VALUE, new Ring(), new Books(), () -> {});
    }
}
