package dev.myrmidon.manage.alarm;

import static dev.myrmidon.manage.alarm.AlarmUnit.BYTES;
import static dev.myrmidon.manage.alarm.AlarmUnit.COUNT;
import static dev.myrmidon.manage.alarm.AlarmUnit.SECONDS;
import static dev.myrmidon.manage.alarm.AlarmUnit.SHARE;

import java.time.Duration;
import java.util.Locale;

/// The alarms that need no code: what each looks at, in which unit, and what is usual for it.
///
/// The first ones look at each pool by itself, those from [#HEAP] on at the JVM. "Recent" is the last minute,
/// to within five seconds. Durations in brackets are how long the value must have been alarming, unless said
/// otherwise.
public enum AlarmType {
    /// The share of the capacity that runs (30 s). Never alarming in an unbounded pool.
    POOL_USAGE(SHARE, 30),
    /// The share of the queue that is taken (30 s). Never alarming without a queue, or if it is unbounded.
    QUEUE_USAGE(SHARE, 30),
    /// Submitters that wait for room (30 s).
    WAITING(COUNT, 30),
    /// Tasks refused recently (at once).
    REJECTIONS(COUNT, 0),
    /// The share of failures among the tasks that ended recently (at once), if these are
    /// [enough][AlarmsConfig#leastTasks()].
    FAILURE_RATE(SHARE, 0),
    /// Tasks that timed out recently (at once).
    TIMEOUTS(COUNT, 0),
    /// Tasks that have timed out and run on: they hang (at once). The event tells them, with their stacks.
    OVERDUE(COUNT, 0),
    /// How long the task runs that has run for longest, in seconds (at once). The event tells the tasks that
    /// are above the threshold, with their stacks. Tasks of which the pool
    /// [keeps no times][dev.myrmidon.RunningTask#elapsed()] are not seen. It looks at every running task at
    /// every sample.
    TASK_AGE(SECONDS, 0),
    /// Threads of the pool (30 s).
    WORKERS(COUNT, 30),

    /// The heap in use after the last garbage collection of any kind, in bytes (1 min).
    HEAP(BYTES, 60),
    /// The heap in use after the last garbage collection of any kind, as a share of its maximum (1 min).
    HEAP_USAGE(SHARE, 60),
    /// By how much the heap that is really needed has risen within [AlarmsConfig#growthWindow()], as a share
    /// of the maximum (at once), if it rises steadily: what a memory leak looks like. What is needed is known
    /// from collections of the old generation, so an idle JVM isn't seen to leak.
    HEAP_GROWTH(SHARE, 0),
    /// Platform threads (1 min).
    THREADS(COUNT, 60),
    /// By how many the platform threads have become more within [AlarmsConfig#growthWindow()] (at once), if
    /// that goes on steadily.
    THREAD_GROWTH(COUNT, 0),
    /// How long a virtual thread has waited for a carrier, in seconds, while all carriers are taken and others
    /// wait (10 s). Something keeps the carriers: code that computes without a pause, or blocks in native code.
    STARVATION(SECONDS, 10),
    /// The longest time for which a virtual thread that was blocked kept its carrier, in seconds (at once).
    PINNED(SECONDS, 0);

    private final AlarmUnit unit;
    private final Duration sustained;

    AlarmType(AlarmUnit unit, int sustainedSeconds) {
        this.unit = unit;
        this.sustained = Duration.ofSeconds(sustainedSeconds);
    }

    /// {@return the name of the alarm, which is its key in a configuration: `pool_usage`}
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// {@return what its value counts}
    public AlarmUnit unit() {
        return unit;
    }

    /// What is usual for this alarm with such a threshold: [AlarmLevels#at(double)], sustained for the time above.
    ///
    /// @param threshold in the [unit][#unit()] of the alarm: positive; a share is at most 1, a count at least 1
    /// @return the levels
    /// @throws IllegalArgumentException if the threshold is out of its range
    public AlarmLevels at(double threshold) {
        return requireInRange(AlarmLevels.at(threshold).sustained(sustained));
    }

    AlarmLevels requireInRange(AlarmLevels levels) {
        if (unit == SHARE && levels.threshold() > 1) {
            throw new IllegalArgumentException(
                    "threshold of " + key() + " must be above 0 and at most 1, was " + levels.threshold());
        }
        if ((unit == COUNT || unit == BYTES) && levels.threshold() < 1) {
            throw new IllegalArgumentException(
                    "threshold of " + key() + " must be at least 1, was " + levels.threshold());
        }
        return levels;
    }
}
