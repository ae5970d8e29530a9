package dev.myrmidon.engine.each;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// Ends a run before its input ends: `RUNNING → DRAINING → CANCELLING`, or straight to the last. Thread-safe.
///
/// Draining reads nothing more, begins nothing more, and lets what runs go on for [#PATIENCE]; cancelling interrupts
/// it.
final class Stop {
    /// How long what runs may go on after the first request to stop.
    static final Duration PATIENCE = seconds("myrmidon.each.patience");

    /// How long what was interrupted has to end; then it is given up.
    private static final Duration LAST_PATIENCE = seconds("myrmidon.each.lastPatience");

    private static final int NO_EXIT = -1;

    /// @param property which tests set: one that counts on these times fails on a machine that stalls so long
    private static Duration seconds(String property) {
        return Duration.ofSeconds(Long.getLong(property, 5));
    }

    private enum Phase {
        RUNNING,
        DRAINING,
        CANCELLING
    }

    private final Pool pool;
    private final Mailbox mailbox;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.RUNNING);
    private final AtomicInteger exit = new AtomicInteger(NO_EXIT);
    private volatile long cancelledAt;

    /// @param pool runs the items
    /// @param mailbox where they report
    Stop(Pool pool, Mailbox mailbox) {
        this.pool = pool;
        this.mailbox = mailbox;
    }

    /// True if items may begin.
    boolean running() {
        return phase.get() == Phase.RUNNING;
    }

    /// True if what ends now may do so because it was interrupted.
    boolean cancelling() {
        return phase.get() == Phase.CANCELLING;
    }

    /// Stops in an orderly way; cancels if that was asked for before.
    ///
    /// @param code the exit code, unless another reason came first
    /// @return true if this was the first reason to stop
    boolean drain(int code) {
        exit.compareAndSet(NO_EXIT, code);
        if (!phase.compareAndSet(Phase.RUNNING, Phase.DRAINING)) {
            cancel(code);
            return false;
        }
        pool.resume(); // what is queued ends at once, but not in a pool that somebody has paused
        pool.shutdown();
        var _ = ForkJoinPool.commonPool().schedule(() -> cancel(code), PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    /// Stops at once.
    ///
    /// @param code the exit code, unless another reason came first
    void cancel(int code) {
        exit.compareAndSet(NO_EXIT, code);
        synchronized (this) {
            if (cancelling()) {
                return;
            }
            cancelledAt = System.nanoTime();
            phase.set(Phase.CANCELLING);
        }
        mailbox.unbound();
        pool.shutdownNow();
    }

    /// True if what was interrupted has had its time.
    boolean overdue() {
        return cancelling() && System.nanoTime() - cancelledAt > LAST_PATIENCE.toNanos();
    }

    /// Sets the exit code, unless there is a reason to stop already, and lets everything go on.
    void exitWith(int code) {
        exit.compareAndSet(NO_EXIT, code);
    }

    /// The exit code: that of the first reason to stop, or the given one if there was none.
    int exitOr(int code) {
        int first = exit.get();
        return first == NO_EXIT ? code : first;
    }
}
