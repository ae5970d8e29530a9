package dev.myrmidon.engine.each;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Interrupts the thread that set it, if it isn't turned off in time.
///
/// `SET → RINGING → RUNG`, or `SET → OFF`. Turning it off waits while it rings: once [#turnOff()] has returned, no
/// interrupt is under way that could hit what the thread does next.
final class Alarm implements Runnable {
    private static final int SET = 0;
    private static final int RINGING = 1;
    private static final int RUNG = 2;
    private static final int OFF = 3;

    private final Thread thread = Thread.currentThread();
    private final AtomicInteger state = new AtomicInteger(SET);
    private final Future<?> ring;

    /// Sets an alarm for the calling thread.
    Alarm(Duration after) {
        this.ring = ForkJoinPool.commonPool().schedule(this, after.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Rings.
    @Override
    public void run() {
        if (state.compareAndSet(SET, RINGING)) {
            thread.interrupt();
            state.set(RUNG);
        }
    }

    /// Called by the thread that set it, once. If it rang, clears the thread's interrupt status.
    ///
    /// @return true if it rang
    boolean turnOff() {
        if (state.compareAndSet(SET, OFF)) {
            ring.cancel(false);
            return false;
        }
        while (state.get() != RUNG) {
            Thread.onSpinWait();
        }
        Thread.interrupted();
        return true;
    }
}
