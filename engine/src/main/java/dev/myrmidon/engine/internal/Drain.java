package dev.myrmidon.engine.internal;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.engine.EngineReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Closes pools at the same time, within one deadline. Thread-safe.
final class Drain {
    private final long start = System.nanoTime();
    private final long deadline;
    private final List<Thread> threads = new ArrayList<>();
    private final List<CompletableFuture<CloseReport>> closing = new ArrayList<>();

    private Drain(Duration grace) {
        this.deadline = start + nanos(grace);
    }

    /// Starts to close the pools. Doesn't wait.
    static Drain start(Collection<Pool> pools, Duration grace) {
        Drain drain = new Drain(grace);
        pools.forEach(drain::close);
        return drain;
    }

    /// The deadline is now.
    void cutShort() {
        threads.forEach(Thread::interrupt);
    }

    /// Waits until all pools are closed. May be called by many.
    EngineReport await() throws InterruptedException {
        List<CloseReport> reports = new ArrayList<>();
        for (CompletableFuture<CloseReport> pool : closing) {
            reports.add(get(pool));
        }
        // The pool that took longest took as long as all of them.
        Duration elapsed = reports.stream()
                .map(CloseReport::elapsed)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new EngineReport(elapsed, reports);
    }

    private void close(Pool pool) {
        CompletableFuture<CloseReport> closed = new CompletableFuture<>();
        closing.add(closed);
        if (endsAtOnce(pool)) {
            closed.complete(pool.close(Duration.ZERO));
            return;
        }
        // A platform thread: tasks that don't let go of their carriers must not keep the deadline from coming.
        threads.add(Thread.ofPlatform()
                .name("drain-" + pool.config().name())
                .daemon()
                .start(() -> {
                    try {
                        closed.complete(pool.close(patience()));
                    } catch (Throwable e) {
                        closed.completeExceptionally(e);
                    }
                }));
    }

    /// Shuts down a pool that has nothing to drain; most have.
    private static boolean endsAtOnce(Pool pool) {
        if (pool.stats().workers() > 0) {
            return false;
        }
        pool.shutdown();
        return pool.isTerminated();
    }

    private Duration patience() {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static CloseReport get(CompletableFuture<CloseReport> pool) throws InterruptedException {
        try {
            return pool.get();
        } catch (ExecutionException | CancellationException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /// At most 146 years, so that the deadline doesn't overflow.
    private static long nanos(Duration grace) {
        return grace.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) < 0 ? grace.toNanos() : Long.MAX_VALUE / 2;
    }
}
