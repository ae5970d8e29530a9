package dev.myrmidon;

import java.io.Serial;
import java.util.List;

/// Tasks of a [Batch] or a [TaskGroup] failed: how many of them ended how, and why.
///
/// The first failure, by time, is the cause, and the next nine are suppressed exceptions, since a stack
/// trace of more helps nobody. [#causes()] has the first 10,000.
public final class TasksFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private static final int MOST_SUPPRESSED = 9;

    /// The tasks that returned.
    private final long completed;
    /// The tasks that threw.
    private final long failed;
    /// The tasks that ran for too long.
    private final long timedOut;
    /// The tasks that were cancelled.
    private final long cancelled;
    /// The tasks that were dropped before they started.
    private final long shed;
    /// Why, the first one first.
    private final Throwable[] causes;

    /// For the pool itself.
    ///
    /// @param pool the name of the pool
    /// @param completed see [#completed()]
    /// @param failed see [#failed()]
    /// @param timedOut see [#timedOut()]
    /// @param cancelled see [#cancelled()]
    /// @param shed see [#shed()]
    /// @param causes see [#causes()]; not empty
    public TasksFailedException(
            String pool,
            long completed,
            long failed,
            long timedOut,
            long cancelled,
            long shed,
            List<Throwable> causes) {
        super(
                pool + ": tasks failed: completed=" + completed + " failed=" + failed + " timedOut=" + timedOut
                        + " cancelled=" + cancelled + " shed=" + shed + ", the first with " + causes.getFirst(),
                causes.getFirst());
        this.completed = completed;
        this.failed = failed;
        this.timedOut = timedOut;
        this.cancelled = cancelled;
        this.shed = shed;
        this.causes = causes.toArray(Throwable[]::new);
        causes.stream().skip(1).limit(MOST_SUPPRESSED).forEach(this::addSuppressed);
    }

    /// {@return the tasks that returned}
    public long completed() {
        return completed;
    }

    /// {@return the tasks that threw, or that the pool refused}
    public long failed() {
        return failed;
    }

    /// {@return the tasks that ran longer than their [TaskOptions#timeout()]}
    public long timedOut() {
        return timedOut;
    }

    /// {@return the tasks that were cancelled, by the batch or group too}
    public long cancelled() {
        return cancelled;
    }

    /// {@return the tasks that were dropped before they started}
    public long shed() {
        return shed;
    }

    /// {@return why tasks failed, in the order in which they ended: what they threw, a
    /// [TaskTimeoutException], or a [java.util.concurrent.CancellationException] for a task that was
    /// shed, or cancelled by anybody but the batch or group; at most the first 10,000}
    public List<Throwable> causes() {
        return List.of(causes);
    }
}
