package dev.myrmidon.manage.alarm;

import java.time.Duration;
import java.util.Objects;

/// When an alarm is raised, when it is resolved, and how often it speaks. Immutable.
///
/// It is raised when every sample for as long as `sustained` had a value of `threshold` or more, and resolved
/// by the first one below `resolve`. In between, the way up or down changes nothing.
///
/// For the time of `quiet` after an alarm has been raised it isn't raised a second time: if it is resolved
/// and the condition comes back, it is held, and raised when the time is over if it is there still. A raised
/// alarm is repeated, as a reminder, each time that `quiet` has passed. With zero nothing is held and nothing
/// repeated.
///
/// @param threshold the least value that is alarming; positive and finite
/// @param resolve the value that is no longer alarming lies below this one; positive, and at most the threshold
/// @param sustained how long the value must have been alarming; zero for one sample. Time is counted from
///     sample to sample
/// @param quiet the shortest time between two notifications that the alarm is up; zero or more
public record AlarmLevels(double threshold, double resolve, Duration sustained, Duration quiet) {

    /// How long an alarm keeps quiet, unless said otherwise: 10 minutes.
    public static final Duration DEFAULT_QUIET = Duration.ofMinutes(10);

    /// What an alarm resolves at, unless said otherwise: this share of its threshold.
    public static final double DEFAULT_RESOLVE = 0.9;

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if a field is out of its range; names the field, the value and the rule
    public AlarmLevels {
        requirePositive("threshold", threshold);
        requirePositive("resolve", resolve);
        if (resolve > threshold) {
            throw new IllegalArgumentException(
                    "resolve must be at most the threshold, " + threshold + ", was " + resolve);
        }
        requireNotNegative("sustained", sustained);
        requireNotNegative("quiet", quiet);
    }

    /// A threshold with what is usual for the rest: resolved below 90 % of it, raised by one sample,
    /// [#DEFAULT_QUIET].
    ///
    /// @param threshold the least value that is alarming; positive and finite
    /// @return the levels
    /// @throws IllegalArgumentException if the threshold is out of its range
    public static AlarmLevels at(double threshold) {
        requirePositive("threshold", threshold);
        return new AlarmLevels(threshold, threshold * DEFAULT_RESOLVE, Duration.ZERO, DEFAULT_QUIET);
    }

    /// Sets [#resolve()].
    ///
    /// @param resolve positive, and at most the threshold
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range
    public AlarmLevels resolve(double resolve) {
        return new AlarmLevels(threshold, resolve, sustained, quiet);
    }

    /// Sets [#sustained()].
    ///
    /// @param sustained zero or more
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is negative
    public AlarmLevels sustained(Duration sustained) {
        return new AlarmLevels(threshold, resolve, sustained, quiet);
    }

    /// Sets [#quiet()].
    ///
    /// @param quiet zero or more
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is negative
    public AlarmLevels quiet(Duration quiet) {
        return new AlarmLevels(threshold, resolve, sustained, quiet);
    }

    private static void requirePositive(String field, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(field + " must be positive and finite, was " + value);
        }
    }

    private static void requireNotNegative(String field, Duration value) {
        if (Objects.requireNonNull(value, field).isNegative()) {
            throw new IllegalArgumentException(field + " must not be negative, was " + value);
        }
    }
}
