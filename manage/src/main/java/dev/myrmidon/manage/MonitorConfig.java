package dev.myrmidon.manage;

import java.time.Duration;

/// How often a [PoolMonitor] looks at its pools, and for how long it remembers. Immutable; each method returns a
/// copy.
///
/// @param interval from one look to the next: at least [#MIN_INTERVAL], at most [#MAX_INTERVAL]
/// @param window how far back the percentiles of a sample reach; rounded up to whole intervals, at least one and
///     at most [#MAX_WINDOW_INTERVALS]
/// @param history how far back the samples are kept; rounded up to whole intervals, at least one and at most
///     [#MAX_HISTORY_INTERVALS]. A sample of a timed pool that is busy takes 0.7 KB, any other less
public record MonitorConfig(Duration interval, Duration window, Duration history) {

    /// The shortest interval: 10 milliseconds.
    public static final Duration MIN_INTERVAL = Duration.ofMillis(10);

    /// The longest interval: a day.
    public static final Duration MAX_INTERVAL = Duration.ofDays(1);

    /// The most intervals in a window, each of which takes a reading of some hundred bytes to a few KB of a timed
    /// pool: 1,000.
    public static final int MAX_WINDOW_INTERVALS = 1_000;

    /// The most samples of a pool that are kept: 10,000.
    public static final int MAX_HISTORY_INTERVALS = 10_000;

    /// Every 5 seconds, with percentiles over the last minute and samples of the last quarter of an hour.
    public static final MonitorConfig DEFAULT = every(Duration.ofSeconds(5));

    /// Checks each field, then the combination.
    ///
    /// @throws IllegalArgumentException if a field is out of its range or null; names the field, the value and the
    ///     rule
    public MonitorConfig {
        requireInterval(interval);
        requireIntervals("window", window, interval, MAX_WINDOW_INTERVALS);
        requireIntervals("history", history, interval, MAX_HISTORY_INTERVALS);
    }

    /// A look at each interval. The window is a minute and the history 15 minutes, or as near to that as the
    /// interval lets them be.
    ///
    /// @param interval at least [#MIN_INTERVAL], at most [#MAX_INTERVAL]
    /// @return the configuration
    /// @throws IllegalArgumentException if it is out of its range or null
    public static MonitorConfig every(Duration interval) {
        requireInterval(interval);
        return new MonitorConfig(
                interval,
                within(Duration.ofMinutes(1), interval, MAX_WINDOW_INTERVALS),
                within(Duration.ofMinutes(15), interval, MAX_HISTORY_INTERVALS));
    }

    /// Sets [#window()].
    ///
    /// @param window one interval to [#MAX_WINDOW_INTERVALS] of them
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range or null
    public MonitorConfig window(Duration window) {
        return new MonitorConfig(interval, window, history);
    }

    /// Sets [#history()].
    ///
    /// @param history one interval to [#MAX_HISTORY_INTERVALS] of them
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range or null
    public MonitorConfig history(Duration history) {
        return new MonitorConfig(interval, window, history);
    }

    /// How many intervals make up the window.
    int windowIntervals() {
        return intervals(window, interval);
    }

    /// How many samples of a pool are kept.
    int historyIntervals() {
        return intervals(history, interval);
    }

    private static int intervals(Duration time, Duration interval) {
        return Math.toIntExact(time.plus(interval).minusNanos(1).dividedBy(interval));
    }

    private static Duration within(Duration wanted, Duration interval, int most) {
        Duration longest = interval.multipliedBy(most);
        return wanted.compareTo(interval) < 0 ? interval : wanted.compareTo(longest) > 0 ? longest : wanted;
    }

    private static void requireInterval(Duration interval) {
        requireAtLeast("interval", interval, MIN_INTERVAL, "10 ms");
        if (interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("interval must be at most a day, was " + interval);
        }
    }

    private static void requireAtLeast(String field, Duration value, Duration least, String leastText) {
        if (value == null || value.compareTo(least) < 0) {
            throw new IllegalArgumentException(field + " must be at least " + leastText + ", was " + value);
        }
    }

    private static void requireIntervals(String field, Duration value, Duration interval, int most) {
        requireAtLeast(field, value, interval, "the interval, " + interval);
        if (value.dividedBy(most).compareTo(interval) > 0) {
            throw new IllegalArgumentException(
                    field + " must be at most " + most + " intervals of " + interval + ", was " + value);
        }
    }
}
