package dev.myrmidon.manage.alarm;

import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Which of the usual alarms there are, and their levels. Immutable.
///
/// ```java
/// AlarmsConfig.NONE.with(AlarmType.POOL_USAGE, 0.9).with(AlarmType.OVERDUE, 1).rules();
/// ```
///
/// @param levels the alarms that there are, each with its levels
/// @param leastTasks below so many tasks that ended recently there is no failure rate; at least 1
/// @param growthWindow over which time the heap and threads are seen to grow; 1 minute to 24 hours, and better
///     twenty samples or more
public record AlarmsConfig(Map<AlarmType, AlarmLevels> levels, int leastTasks, Duration growthWindow) {

    private static final Duration LEAST_WINDOW = Duration.ofMinutes(1);
    private static final Duration MOST_WINDOW = Duration.ofHours(24);

    /// No alarms: 20 tasks make a failure rate, and growth is seen over an hour.
    public static final AlarmsConfig NONE = new AlarmsConfig(Map.of(), 20, Duration.ofHours(1));

    /// Checks each field, and copies the map.
    ///
    /// @throws IllegalArgumentException if a field is out of its range; names the field, the value and the rule
    public AlarmsConfig {
        Map<AlarmType, AlarmLevels> copy = new EnumMap<>(AlarmType.class);
        copy.putAll(levels);
        copy.forEach(AlarmType::requireInRange);
        levels = Collections.unmodifiableMap(copy);
        if (leastTasks < 1) {
            throw new IllegalArgumentException("leastTasks must be at least 1, was " + leastTasks);
        }
        Objects.requireNonNull(growthWindow, "growthWindow");
        if (growthWindow.compareTo(LEAST_WINDOW) < 0 || growthWindow.compareTo(MOST_WINDOW) > 0) {
            throw new IllegalArgumentException("growthWindow must be 1 minute to 24 hours, was " + growthWindow);
        }
    }

    /// Adds an alarm with what is [usual][AlarmType#at] for it.
    ///
    /// @param type which
    /// @param threshold in the unit of the alarm
    /// @return a copy with it, in place of one of the same type
    /// @throws IllegalArgumentException if the threshold is out of its range
    public AlarmsConfig with(AlarmType type, double threshold) {
        return with(type, type.at(threshold));
    }

    /// Adds an alarm.
    ///
    /// @param type which
    /// @param levels when it is alarming
    /// @return a copy with it, in place of one of the same type
    /// @throws IllegalArgumentException if the threshold is out of its range
    public AlarmsConfig with(AlarmType type, AlarmLevels levels) {
        Map<AlarmType, AlarmLevels> more = new EnumMap<>(AlarmType.class);
        more.putAll(this.levels);
        more.put(type, levels);
        return new AlarmsConfig(more, leastTasks, growthWindow);
    }

    /// {@return the rules of these alarms, for [Alarms]}
    public List<AlarmRule> rules() {
        return levels.entrySet().stream()
                .map(alarm -> rule(alarm.getKey(), alarm.getValue()))
                .toList();
    }

    private AlarmRule rule(AlarmType type, AlarmLevels levels) {
        return switch (type) {
            case POOL_USAGE -> AlarmRule.onPools(type.key(), type.unit(), levels, PoolSample::usage);
            case QUEUE_USAGE -> AlarmRule.onPools(type.key(), type.unit(), levels, PoolSample::queueUsage);
            case WAITING ->
                AlarmRule.onPools(
                        type.key(),
                        type.unit(),
                        levels,
                        sample -> sample.stats().waiting());
            case REJECTIONS -> recent(type, levels, RecentCounts::rejected);
            case FAILURE_RATE -> recent(type, levels, recent -> recent.failureRate(leastTasks));
            case TIMEOUTS -> recent(type, levels, RecentCounts::timedOut);
            case OVERDUE ->
                onTasks(type, levels, (sample, running) -> sample.stats().overdue(), AlarmsConfig::isOverdue);
            case TASK_AGE ->
                onTasks(
                        type,
                        levels,
                        (sample, running) -> running.get().stream()
                                .mapToDouble(AlarmsConfig::age)
                                .max()
                                .orElse(0),
                        task -> age(task) >= levels.threshold());
            case WORKERS ->
                AlarmRule.onPools(
                        type.key(),
                        type.unit(),
                        levels,
                        sample -> sample.stats().workers());
            case HEAP -> AlarmRule.onJvm(type.key(), type.unit(), levels, JvmSample::heapAfterGc);
            case HEAP_USAGE ->
                AlarmRule.onJvm(type.key(), type.unit(), levels, jvm -> (double) jvm.heapAfterGc() / jvm.heapMax());
            case HEAP_GROWTH -> onJvm(type, levels, this::heapGrowth);
            case THREADS -> AlarmRule.onJvm(type.key(), type.unit(), levels, JvmSample::platformThreads);
            case THREAD_GROWTH -> onJvm(type, levels, this::threadGrowth);
            case STARVATION -> AlarmRule.onJvm(type.key(), type.unit(), levels, AlarmsConfig::starvation);
            case PINNED ->
                AlarmRule.onJvm(type.key(), type.unit(), levels, jvm -> AlarmUnit.seconds(jvm.longestPinned()));
        };
    }

    /// A gauge that adds up samples.
    private static AlarmRule recent(AlarmType type, AlarmLevels levels, ToDoubleFunction<RecentCounts> value) {
        return onTasks(
                type,
                levels,
                () -> {
                    RecentCounts recent = new RecentCounts();
                    return (sample, running) -> {
                        recent.add(sample);
                        return value.applyAsDouble(recent);
                    };
                },
                null);
    }

    private static AlarmRule onTasks(
            AlarmType type, AlarmLevels levels, PoolGauge gauge, Predicate<RunningTask> culprits) {
        return onTasks(type, levels, () -> gauge, culprits);
    }

    private static AlarmRule onTasks(
            AlarmType type, AlarmLevels levels, Supplier<PoolGauge> gauges, @Nullable Predicate<RunningTask> culprits) {
        return new OnPools(type.key(), type.unit(), levels, gauges, culprits);
    }

    private static AlarmRule onJvm(AlarmType type, AlarmLevels levels, Supplier<ToDoubleFunction<JvmSample>> gauges) {
        return new OnJvm(type.key(), type.unit(), levels, gauges);
    }

    private ToDoubleFunction<JvmSample> heapGrowth() {
        Trend trend = new Trend(growthWindow);
        return jvm -> {
            if (jvm.heapLive() == 0) {
                trend.pass(jvm.interval());
            } else {
                trend.add(jvm.interval(), (double) jvm.heapLive());
            }
            return trend.rise() / jvm.heapMax();
        };
    }

    private ToDoubleFunction<JvmSample> threadGrowth() {
        Trend trend = new Trend(growthWindow);
        return jvm -> {
            trend.add(jvm.interval(), jvm.platformThreads());
            return trend.rise();
        };
    }

    private static double starvation(JvmSample jvm) {
        return jvm.carriers().saturated() ? AlarmUnit.seconds(jvm.carriers().delay()) : 0;
    }

    private static boolean isOverdue(RunningTask running) {
        return running.task()
                .map(task -> task.status() == Task.Status.TIMED_OUT)
                .orElse(false);
    }

    private static double age(RunningTask task) {
        return task.elapsed().map(AlarmUnit::seconds).orElse(0.0);
    }
}
