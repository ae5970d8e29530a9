package dev.myrmidon.manage.alarm;

import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/// What to look at in samples, and when it is alarming. [AlarmsConfig] has the usual ones.
public sealed interface AlarmRule permits OnPools, OnJvm {

    /// {@return the name of the alarm, not blank}
    String name();

    /// {@return what its value counts}
    AlarmUnit unit();

    /// {@return when it is alarming}
    AlarmLevels levels();

    /// A rule for each pool, by itself.
    ///
    /// ```java
    /// AlarmRule slow = AlarmRule.onPools("slow", AlarmUnit.SECONDS, AlarmLevels.at(2),
    ///         sample -> sample.runs().map(runs -> runs.p99().toMillis() / 1e3).orElse(0.0));
    /// ```
    ///
    /// @param name names the alarm; not blank
    /// @param unit what the value counts
    /// @param levels when it is alarming
    /// @param value tells the value of a sample, or [Double#NaN] if it isn't known. Must not block: it is
    ///     called in the monitor's thread. If it throws, that is logged once, and the value isn't known
    /// @return the rule
    /// @throws IllegalArgumentException if the name is blank
    static AlarmRule onPools(String name, AlarmUnit unit, AlarmLevels levels, ToDoubleFunction<PoolSample> value) {
        Objects.requireNonNull(value, "value");
        return new OnPools(name, unit, levels, () -> (sample, running) -> value.applyAsDouble(sample), null);
    }

    /// A rule for the JVM.
    ///
    /// @param name names the alarm; not blank
    /// @param unit what the value counts
    /// @param levels when it is alarming
    /// @param value as for [pools][#onPools]
    /// @return the rule
    /// @throws IllegalArgumentException if the name is blank
    static AlarmRule onJvm(String name, AlarmUnit unit, AlarmLevels levels, ToDoubleFunction<JvmSample> value) {
        Objects.requireNonNull(value, "value");
        return new OnJvm(name, unit, levels, () -> value);
    }
}
