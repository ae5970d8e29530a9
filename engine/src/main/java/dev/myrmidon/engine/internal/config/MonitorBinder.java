package dev.myrmidon.engine.internal.config;

import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Makes a [MonitorConfig] and a [TrackerConfig] of the keys under `monitor` and `tracker`.
final class MonitorBinder {
    private static final List<String> MONITOR_KEYS = List.of("interval", "window", "history");
    private static final List<String> TRACKER_KEYS = List.of("per_outcome", "max_age");

    private MonitorBinder() {}

    static MonitorConfig monitor(Section section) {
        section.only(MONITOR_KEYS);
        Duration interval = section.duration(
                        "interval",
                        MonitorConfig.DEFAULT.interval(),
                        d -> d.compareTo(MonitorConfig.MIN_INTERVAL) >= 0 && d.compareTo(Duration.ofDays(1)) <= 0,
                        "10ms to 24h")
                .value();
        MonitorConfig byDefault = MonitorConfig.every(interval);
        Duration window =
                intervals(section, "window", byDefault.window(), interval, MonitorConfig.MAX_WINDOW_INTERVALS);
        Duration history =
                intervals(section, "history", byDefault.history(), interval, MonitorConfig.MAX_HISTORY_INTERVALS);
        return byDefault.window(window).history(history);
    }

    private static Duration intervals(Section section, String key, Duration byDefault, Duration interval, int most) {
        return section.duration(
                        key,
                        byDefault,
                        d -> d.compareTo(interval) >= 0 && d.dividedBy(most).compareTo(interval) <= 0,
                        "1 to " + most + " intervals of " + Durations.format(interval))
                .value();
    }

    /// Empty if the section isn't given: nothing is remembered then, and that costs nothing.
    static Optional<TrackerConfig> tracker(Section section) {
        section.only(TRACKER_KEYS);
        if (!section.isGivenOr("no task is remembered")) {
            return Optional.empty();
        }
        Setting<Integer> perOutcome = section.number(
                "per_outcome",
                TrackerConfig.DEFAULT.perOutcome(),
                n -> n >= 1 && n <= TrackerConfig.MAX_PER_OUTCOME,
                "1 to " + TrackerConfig.MAX_PER_OUTCOME);
        Duration maxAge =
                PoolBinder.neverIfZero(PoolBinder.durationOrNever(section, "max_age", TrackerConfig.DEFAULT.maxAge()));
        return Optional.of(new TrackerConfig(perOutcome.value(), maxAge));
    }
}
