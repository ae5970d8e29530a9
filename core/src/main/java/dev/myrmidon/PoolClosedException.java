package dev.myrmidon;

import java.io.Serial;
import java.util.concurrent.RejectedExecutionException;

/// A pool refused a task because it is shut down, or was while the submitter waited for room.
public final class PoolClosedException extends RejectedExecutionException {
    @Serial
    private static final long serialVersionUID = 1;

    /// For the pool itself.
    ///
    /// @param message names the pool and its state
    public PoolClosedException(String message) {
        super(message);
    }
}
