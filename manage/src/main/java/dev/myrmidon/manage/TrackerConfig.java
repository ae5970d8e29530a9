package dev.myrmidon.manage;

import java.time.Duration;

/// What a [TaskTracker] remembers. Immutable.
///
/// @param perOutcome the most tasks that are kept of each [outcome][FinishedTask.Outcome]: 1 to [#MAX_PER_OUTCOME].
///     A flood of one outcome pushes out no other one
/// @param maxAge how long after its end a task is forgotten at the latest: positive, or
///     [dev.myrmidon.Pool#NEVER]
public record TrackerConfig(int perOutcome, Duration maxAge) {

    /// The most tasks of an outcome that can be kept: a million, which take 150 to 300 MB; failed ones
    /// some GB, for their stack traces.
    public static final int MAX_PER_OUTCOME = 1_000_000;

    /// The last 1,000 tasks of each outcome, for an hour.
    public static final TrackerConfig DEFAULT = new TrackerConfig(1_000, Duration.ofHours(1));

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if a field is out of its range or null; names the field, the value and the
    ///     rule
    public TrackerConfig {
        if (perOutcome < 1 || perOutcome > MAX_PER_OUTCOME) {
            throw new IllegalArgumentException(
                    "perOutcome must be at least 1 and at most " + MAX_PER_OUTCOME + ", was " + perOutcome);
        }
        if (maxAge == null || !maxAge.isPositive()) {
            throw new IllegalArgumentException("maxAge must be positive, was " + maxAge);
        }
    }
}
