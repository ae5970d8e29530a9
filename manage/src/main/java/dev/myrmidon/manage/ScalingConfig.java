package dev.myrmidon.manage;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Between which bounds, how and how often an [Autoscaler] changes the capacity of a pool. Immutable.
///
/// ```java
/// ScalingConfig.between(50, 2_000).strategy(ScalingStrategy.gradient()).interval(Duration.ofSeconds(1));
/// ```
///
/// @param min the least capacity: at least 1
/// @param max the largest capacity: at least min
/// @param strategy proposes the capacity, from one sample after the other; [ScalingStrategy#threshold()] unless
///     said otherwise
/// @param interval from the end of one look at the pool to the next: 1 ms to 1 day; 5 s unless said otherwise
/// @param coolDown how long after a change, whoever made it, the strategy's proposals are not followed, for
///     its effect to show; zero or more, zero unless said otherwise. A capacity out of its bounds is
///     corrected at once
public record ScalingConfig(int min, int max, ScalingStrategy strategy, Duration interval, Duration coolDown) {

    /// How often a pool is looked at, unless said otherwise: every 5 seconds.
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    private static final Duration LEAST_INTERVAL = Duration.ofMillis(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofDays(1);

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if a field is out of its range or null; names the field, the value
    ///     and the rule
    public ScalingConfig {
        if (min < 1) {
            throw new IllegalArgumentException("min must be at least 1, was " + min);
        }
        if (max < min) {
            throw new IllegalArgumentException("max must be at least min (" + min + "), was " + max);
        }
        requireSet("strategy", strategy);
        requireSet("interval", interval);
        if (interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            throw new IllegalArgumentException("interval must be from 1 ms to 1 day, was " + interval);
        }
        if (requireSet("coolDown", coolDown).isNegative()) {
            throw new IllegalArgumentException("coolDown must not be negative, was " + coolDown);
        }
    }

    /// Bounds, with everything else as it is unless said otherwise.
    ///
    /// @param min the least capacity: at least 1
    /// @param max the largest capacity: at least min
    /// @return the configuration
    /// @throws IllegalArgumentException if one of them is out of its range
    public static ScalingConfig between(int min, int max) {
        return new ScalingConfig(min, max, ScalingStrategy.threshold(), DEFAULT_INTERVAL, Duration.ZERO);
    }

    /// Sets [#strategy()].
    ///
    /// @param strategy proposes the capacity
    /// @return a copy with it
    public ScalingConfig strategy(ScalingStrategy strategy) {
        return new ScalingConfig(min, max, strategy, interval, coolDown);
    }

    /// Sets [#interval()].
    ///
    /// @param interval from one look to the next: 1 ms to 1 day
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range
    public ScalingConfig interval(Duration interval) {
        return new ScalingConfig(min, max, strategy, interval, coolDown);
    }

    /// Sets [#coolDown()].
    ///
    /// @param coolDown how long no proposal is followed after a change: zero or more
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is negative
    public ScalingConfig coolDown(Duration coolDown) {
        return new ScalingConfig(min, max, strategy, interval, coolDown);
    }

    /// Makes what decides for one pool: the strategy's controller, kept within the bounds and the cool-down,
    /// and given each sample but those of a pool that is out of bounds. An [Autoscaler] does what it proposes;
    /// alone it shows what this configuration would have made of recorded samples, which may be of an unbounded
    /// pool, too.
    ///
    /// @return a new one
    public ScalingStrategy.Controller controller() {
        return new BoundedController(this);
    }

    private static <T> T requireSet(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set, was null");
        }
        return value;
    }
}
