package dev.myrmidon.manage.alarm;

import dev.myrmidon.manage.JvmSample;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// A rule for the JVM.
///
/// @param gauges makes the one that reads its value, sample after sample
record OnJvm(String name, AlarmUnit unit, AlarmLevels levels, Supplier<ToDoubleFunction<JvmSample>> gauges)
        implements AlarmRule {
    OnJvm {
        OnPools.requireName(name);
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(levels, "levels");
    }
}
