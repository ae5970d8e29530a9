package dev.myrmidon.internal;

import dev.myrmidon.PoolEvent;
import java.util.concurrent.atomic.AtomicInteger;

/// What listeners are told of one task, in its order: whoever ends the task may be another thread than the one
/// that tells of its submission or its start, and then leaves the end to that one.
final class TaskEvents {
    /// An event before the end is on its way.
    private static final int TELLING = 1;

    /// The end came meanwhile.
    private static final int ENDED = 2;

    private final Listeners listeners;
    private final String pool;
    private final SubmittedTask<?> task;
    private final AtomicInteger state = new AtomicInteger();

    TaskEvents(Listeners listeners, String pool, SubmittedTask<?> task) {
        this.listeners = listeners;
        this.pool = pool;
        this.task = task;
    }

    void submitted() {
        expect();
        listeners.tell(new PoolEvent.Submitted(pool, task));
        told();
    }

    void rejected(PoolEvent.Rejected.Reason reason) {
        listeners.tell(new PoolEvent.Rejected(pool, task, reason));
    }

    /// Keeps the end back until the start was [told][#started()], or [won't be][#told()].
    void expect() {
        state.getAndUpdate(s -> s | TELLING);
    }

    void started() {
        listeners.tell(new PoolEvent.Started(pool, task));
        told();
    }

    void told() {
        if ((state.getAndSet(0) & ENDED) != 0) {
            tellEnded();
        }
    }

    void ended() {
        if (state.getAndUpdate(s -> s == TELLING ? TELLING | ENDED : s) == 0) {
            tellEnded();
        }
    }

    private void tellEnded() {
        listeners.tell(new PoolEvent.Ended(pool, task));
    }
}
