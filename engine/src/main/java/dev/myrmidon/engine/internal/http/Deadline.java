package dev.myrmidon.engine.internal.http;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends what a thread waits for at a socket: when the time is up the thread is interrupted, which closes
/// the connection. Thread-safe.
final class Deadline {
    private final Thread thread;
    /// Guarded by this.
    private @Nullable Future<?> timer;
    /// Which timer counts. Guarded by this.
    private int set;

    Deadline(Thread thread) {
        this.thread = thread;
    }

    /// Sets it anew.
    synchronized void arm(Duration time) {
        disarm();
        int own = set;
        timer = ForkJoinPool.commonPool().schedule(() -> expire(own), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Lets the thread take its time. No interrupt comes after this has returned.
    synchronized void disarm() {
        set++;
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private synchronized void expire(int own) {
        if (own == set) {
            thread.interrupt();
        }
    }
}
