package dev.myrmidon.engine.internal.http;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// Runs each request in a virtual thread of its own, from its first byte to the last one of its answer:
/// no more than so many at once, and each with a deadline, so that a client that is slow holds nothing
/// but itself up.
final class RequestThreads implements Executor {
    /// The deadline of the request that the current thread serves.
    static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

    private final Semaphore room;
    private final Duration patience;

    /// @param most how many requests there may be at once
    /// @param patience how long a client may take to send one
    RequestThreads(int most, Duration patience) {
        this.room = new Semaphore(most);
        this.patience = patience;
    }

    /// @throws RejectedExecutionException if there are too many; the server closes the connection then
    @Override
    public void execute(Runnable request) {
        if (!room.tryAcquire()) {
            throw new RejectedExecutionException("too many requests at once");
        }
        boolean started = false;
        try {
            Thread.ofVirtual().name("myrmidon-http").start(() -> run(request));
            started = true;
        } finally {
            if (!started) {
                room.release();
            }
        }
    }

    private void run(Runnable request) {
        Deadline deadline = new Deadline(Thread.currentThread());
        try {
            deadline.arm(patience);
            ScopedValue.where(DEADLINE, deadline).run(request);
        } finally {
            deadline.disarm();
            room.release();
        }
    }
}
