package dev.myrmidon;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;

/// A pool refused a task because it had no room for it. Carries the numbers of that moment, in the message
/// too: `orders is saturated: running=200/200 queued=0/0 waiting=50/50`.
public final class PoolSaturatedException extends RejectedExecutionException {
    @Serial
    private static final long serialVersionUID = 1;

    /// The tasks that ran.
    private final int running;
    /// The capacity.
    private final int capacity;
    /// The tasks that were queued.
    private final int queued;
    /// The submitters that waited.
    private final int waiting;

    /// For the pool itself.
    ///
    /// @param message what happened, with the numbers
    /// @param running see [#running()]
    /// @param capacity see [#capacity()]
    /// @param queued see [#queued()]
    /// @param waiting see [#waiting()]
    public PoolSaturatedException(String message, int running, int capacity, int queued, int waiting) {
        super(message);
        this.running = running;
        this.capacity = capacity;
        this.queued = queued;
        this.waiting = waiting;
    }

    /// {@return the slots that were held}
    public int running() {
        return running;
    }

    /// {@return the capacity, or [Pool#UNBOUNDED]}
    public int capacity() {
        return capacity;
    }

    /// {@return the tasks that were queued}
    public int queued() {
        return queued;
    }

    /// {@return the submitters that waited for room}
    public int waiting() {
        return waiting;
    }
}
