package dev.myrmidon.manage;

import java.io.Serial;
import java.time.Duration;
import java.util.List;

/// Why a [RetryingTask] failed: no attempt succeeded, and there is no further one.
///
/// The failure of the last attempt is the cause, those of up to nine attempts before it are suppressed
/// exceptions, the earliest of them first. There is no cause if no attempt failed: what they returned was
/// not wanted.
public final class AttemptsFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /// How many failures are kept.
    static final int MOST_FAILURES = 10;

    /// Why there is no further attempt.
    public enum Reason {
        /// The policy allows no more of them.
        ATTEMPTS_USED_UP("no attempt is left"),
        /// The policy doesn't want this failure retried, it is an [Error], or the policy itself threw; what it
        /// threw is the last suppressed exception then.
        NOT_RETRIED("a failure of this kind is not retried"),
        /// The next attempt could not start before the deadline.
        DEADLINE("the deadline leaves no time for the next one"),
        /// The pool is shut down and takes no further attempt.
        POOL_CLOSED("the pool is shut down");

        private final String text;

        Reason(String text) {
            this.text = text;
        }
    }

    /// Why there is no further attempt.
    private final Reason reason;
    /// How many there were.
    private final int attempts;

    /// @param task the name of the pool, a slash and the name of the task
    /// @param failures the latest ones, the last of them last
    AttemptsFailedException(String task, Reason reason, int attempts, Duration elapsed, List<Throwable> failures) {
        super(
                task + " failed after " + attempts + (attempts == 1 ? " attempt in " : " attempts in ")
                        + elapsed.toMillis() + " ms: " + reason.text
                        + (failures.isEmpty() ? "" : "; the last one failed with " + failures.getLast()),
                failures.isEmpty() ? null : failures.getLast());
        this.reason = reason;
        this.attempts = attempts;
        failures.stream().limit(Math.max(0, failures.size() - 1)).forEach(this::addSuppressed);
    }

    /// {@return why there is no further attempt}
    public Reason reason() {
        return reason;
    }

    /// {@return how many attempts there were}
    public int attempts() {
        return attempts;
    }
}
