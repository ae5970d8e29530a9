package dev.myrmidon.manage.alarm;

import java.time.Duration;

/// Where one alarm stands: fed with values and their times, tells what changes. Not thread-safe.
///
/// ```
///            value ≥ threshold         that for `sustained`
///   CALM ────────────────────▶ PENDING ──────┬──────────────▶ RAISED ──┐ every `quiet`: a reminder
///    ▲ ▲                          │          │ told less than     ▲ │  ◀┘
///    │ └── value < threshold ─────┘          │ `quiet` ago        │ │
///    │                                       ▼                    │ │
///    ├──────── value < resolve ──────────── HELD ── `quiet` over ─┘ │
///    └──────── value < resolve ─────────────────────────────────────┘
/// ```
///
/// What is told alternates: raised, any number of reminders, resolved.
final class AlarmState {

    /// What a value changed.
    enum Step {
        /// Nothing that anybody must know.
        NONE,
        /// It is alarming again, and that is not told yet.
        HELD,
        /// What was held is over before it was told.
        CLEARED,
        /// It is up, and that is to be told.
        RAISED,
        /// It still is, and that is to be told again.
        REMINDED,
        /// It is over, and that is to be told.
        RESOLVED
    }

    private enum Phase {
        CALM,
        PENDING,
        HELD,
        RAISED
    }

    private final AlarmLevels levels;
    private final long sustained;
    private final long quiet;

    private Phase phase = Phase.CALM;
    private long since;
    private boolean told;
    private long toldAt;
    private int untold;

    AlarmState(AlarmLevels levels) {
        this.levels = levels;
        this.sustained = nanos(levels.sustained());
        this.quiet = nanos(levels.quiet());
    }

    /// Takes the next value.
    ///
    /// @param now when it was, in nanoseconds of any clock; never less than the time before
    /// @param value the value; one that is not a number is not known, and changes nothing
    Step next(long now, double value) {
        if (Double.isNaN(value)) {
            return Step.NONE;
        }
        return switch (phase) {
            case CALM, PENDING -> value < levels.threshold() ? calm(Step.NONE) : rising(now);
            case HELD -> {
                if (value < levels.resolve()) {
                    untold++;
                    yield calm(Step.CLEARED);
                }
                yield isQuiet(now) ? Step.NONE : tell(now, Step.RAISED);
            }
            case RAISED -> {
                if (value < levels.resolve()) {
                    yield calm(Step.RESOLVED);
                }
                yield quiet == 0 || isQuiet(now) ? Step.NONE : tell(now, Step.REMINDED);
            }
        };
    }

    private Step rising(long now) {
        if (phase == Phase.CALM) {
            phase = Phase.PENDING;
            since = now;
        }
        if (now - since < sustained) {
            return Step.NONE;
        }
        if (isQuiet(now)) {
            phase = Phase.HELD;
            return Step.HELD;
        }
        return tell(now, Step.RAISED);
    }

    private Step calm(Step step) {
        phase = Phase.CALM;
        return step;
    }

    private Step tell(long now, Step step) {
        phase = Phase.RAISED;
        told = true;
        toldAt = now;
        return step;
    }

    private boolean isQuiet(long now) {
        return told && now - toldAt < quiet;
    }

    /// When the value became alarming, as long as it is.
    long since() {
        return since;
    }

    /// How often it came and went without being told, since this was last asked.
    int takeUntold() {
        int count = untold;
        untold = 0;
        return count;
    }

    /// 292 years are for ever.
    private static long nanos(Duration duration) {
        Duration longest = Duration.ofNanos(Long.MAX_VALUE);
        return duration.compareTo(longest) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
