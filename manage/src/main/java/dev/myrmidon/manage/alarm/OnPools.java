package dev.myrmidon.manage.alarm;

import dev.myrmidon.RunningTask;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A rule for each pool.
///
/// @param gauges makes one for each pool
/// @param culprits the running tasks to tell of when the alarm is raised; null for none
record OnPools(
        String name,
        AlarmUnit unit,
        AlarmLevels levels,
        Supplier<PoolGauge> gauges,
        @Nullable Predicate<RunningTask> culprits)
        implements AlarmRule {
    OnPools {
        requireName(name);
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(levels, "levels");
    }

    static void requireName(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("name of an alarm must not be blank, was \"" + name + "\"");
        }
    }
}
