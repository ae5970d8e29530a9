package dev.myrmidon.manage;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A task that has ended, as a [TaskTracker] remembers it: without its result, its code and what it threw.
///
/// @param pool the name of the pool
/// @param id its [id][dev.myrmidon.Task#id()]; a pool that succeeds another one of the same name begins anew
/// @param name its name, or the class of its code; at most [TaskTracker#MAX_TEXT] characters
/// @param outcome how it ended
/// @param waited from its submission to its start, or to its end if it never started
/// @param ran from its start to its end, when its future was done: after a timeout or a cancellation its code may
///     have run on; zero if it never started
/// @param error what it threw, or why it was refused, such as `java.io.IOException: broken pipe` or `SATURATED`; at
///     most [TaskTracker#MAX_TEXT] characters. Empty if it completed, was cancelled or shed
/// @param stack the stack trace of what it threw, after its first line: `at …` for each call, the innermost first, then
///     `Caused by: …` and the calls of each cause. It is cut to what can be read: `... 12 more` stands for the rest.
///     Empty unless it failed
/// @param ended when it ended, to be shown
public record FinishedTask(
        String pool,
        long id,
        String name,
        Outcome outcome,
        Duration waited,
        Duration ran,
        Optional<String> error,
        List<String> stack,
        Instant ended) {

    /// Copies the stack.
    public FinishedTask {
        stack = List.copyOf(stack);
    }

    /// By how long they ran, the longest first.
    public static final Comparator<FinishedTask> LONGEST_RUN_FIRST =
            Comparator.comparing(FinishedTask::ran).reversed();

    /// By how long they waited, the longest first.
    public static final Comparator<FinishedTask> LONGEST_WAIT_FIRST =
            Comparator.comparing(FinishedTask::waited).reversed();

    /// How a task ended.
    public enum Outcome {
        /// It returned.
        COMPLETED,
        /// It threw.
        FAILED,
        /// It ran longer than its timeout.
        TIMED_OUT,
        /// It was cancelled.
        CANCELLED,
        /// It was dropped before it started.
        SHED,
        /// The pool refused it.
        REJECTED
    }

    /// {@return whether it threw or timed out}
    public boolean isFailure() {
        return outcome == Outcome.FAILED || outcome == Outcome.TIMED_OUT;
    }
}
