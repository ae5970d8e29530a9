package dev.myrmidon;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// Why a task failed that ran longer than its [TaskOptions#timeout()]. To whoever waits for the task it is
/// the cause of an [java.util.concurrent.ExecutionException].
public final class TaskTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    /// How long it might run.
    private final Duration timeout;

    /// How long it had run.
    private final Duration ran;

    /// Says which task ran for too long.
    ///
    /// @param task its name
    /// @param timeout how long it might run
    /// @param ran how long it had run
    public TaskTimeoutException(String task, Duration timeout, Duration ran) {
        super(task + " timed out: it ran for " + ran.toMillis() + " ms, its timeout is " + timeout.toMillis() + " ms");
        this.timeout = timeout;
        this.ran = ran;
    }

    /// {@return how long the task might run}
    public Duration timeout() {
        return timeout;
    }

    /// {@return how long it had run when its future failed}
    public Duration ran() {
        return ran;
    }
}
