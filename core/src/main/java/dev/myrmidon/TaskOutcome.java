package dev.myrmidon;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a task ended.
///
/// ```java
/// String line = switch (task.outcome().orElseThrow()) {
///     case TaskOutcome.Completed(var receipt) -> "paid " + receipt;
///     case TaskOutcome.Failed(var cause) -> "failed: " + cause;
///     case TaskOutcome.TimedOut(var cause) -> "gave up after " + cause.ran();
///     case TaskOutcome.Cancelled() -> "cancelled";
///     case TaskOutcome.Shed(var waited) -> "never started, in " + waited;
/// };
/// ```
///
/// @param <T> the type of the result
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public sealed interface TaskOutcome<T extends @Nullable Object> {

    /// It returned.
    ///
    /// @param <T> the type of the result
    /// @param result what it returned
    record Completed<T extends @Nullable Object>(T result) implements TaskOutcome<T> {}

    /// It threw.
    ///
    /// @param <T> the type of the result
    /// @param cause what it threw
    record Failed<T extends @Nullable Object>(Throwable cause) implements TaskOutcome<T> {}

    /// It ran longer than it may.
    ///
    /// @param <T> the type of the result
    /// @param cause tells how long it ran
    record TimedOut<T extends @Nullable Object>(TaskTimeoutException cause) implements TaskOutcome<T> {}

    /// It was cancelled.
    ///
    /// @param <T> the type of the result
    record Cancelled<T extends @Nullable Object>() implements TaskOutcome<T> {}

    /// It was dropped before it started.
    ///
    /// @param <T> the type of the result
    /// @param waited how long after its submission
    record Shed<T extends @Nullable Object>(Duration waited) implements TaskOutcome<T> {}
}
