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
    private final List<CompletableFuture<Closed>> closing = new ArrayList<>();

    /// @param inTime whether the tasks had ended before the deadline
    private record Closed(CloseReport report, boolean inTime) {}

    private Drain(Duration grace) {
        this.deadline = start + nanos(grace);
    }

    /// Refuses new tasks in all pools, then closes each. Doesn't wait.
    static Drain start(Collection<Pool> pools, Duration grace) {
        pools.forEach(Pool::shutdown);
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
        boolean inTime = true;
        for (CompletableFuture<Closed> pool : closing) {
            Closed closed = get(pool);
            reports.add(closed.report());
            inTime &= closed.inTime();
        }
        // The pool that took longest took as long as all of them.
        Duration elapsed = reports.stream()
                .map(CloseReport::elapsed)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new EngineReport(elapsed, inTime, reports);
    }

    /// On a platform thread: tasks that don't let go of their carriers must not keep the deadline from coming.
    private void close(Pool pool) {
        CompletableFuture<Closed> closed = new CompletableFuture<>();
        closing.add(closed);
        threads.add(Thread.ofPlatform()
                .name("drain-" + pool.config().name())
                .daemon()
                .start(() -> {
                    try {
                        closed.complete(closeNow(pool));
                    } catch (Throwable e) {
                        closed.completeExceptionally(e);
                    }
                }));
    }

    private Closed closeNow(Pool pool) {
        boolean idle = pool.isTerminated();
        Duration patience = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        CloseReport report = pool.close(patience);
        boolean cutShort = Thread.interrupted();
        return new Closed(report, idle || (!cutShort && report.elapsed().compareTo(patience) < 0));
    }

    private static Closed get(CompletableFuture<Closed> pool) throws InterruptedException {
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
