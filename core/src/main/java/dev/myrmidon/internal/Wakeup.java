package dev.myrmidon.internal;

import java.util.concurrent.locks.LockSupport;

/// A wake-up that can't be lost: a thread may block in other places between two waits, which uses up the
/// permit of an unpark, but not what is noted here.
///
/// Belongs to the thread that made it: that one waits, any may wake it.
final class Wakeup {
    private final Thread owner = Thread.currentThread();
    private volatile boolean pending;

    /// Makes the current or the next wait end.
    void wake() {
        pending = true;
        LockSupport.unpark(owner);
    }

    /// Waits until it was woken since the last wait, at most so long; `Long.MAX_VALUE` is forever. May
    /// return early, and does when interrupted.
    void await(long nanos) {
        if (!pending) {
            if (nanos == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        pending = false; // what was noted up to here, the owner now looks at
    }
}
