package dev.myrmidon.manage.alarm;

import dev.myrmidon.PoolStats;
import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An alarm that was raised, is still up, or was resolved; with the very sample that made it so.
///
/// The events of one alarm of one pool alternate: raised, any number of reminders, resolved.
///
/// @param kind which of these
/// @param alarm the name of the rule
/// @param unit what the value counts
/// @param value the value in the sample
/// @param levels when it is alarming
/// @param since when the value became alarming
/// @param sample the sample
/// @param untold how often the alarm came and went in its quiet time before this event, without one
/// @param gone true if it was resolved because its pool has gone
/// @param tasks the tasks that it is about, those that have run for longest first; at most
///     [#MAX_TASKS] of them. Looked up right after the sample, so they may be fewer than the sample says
public record AlarmEvent(
        Kind kind,
        String alarm,
        AlarmUnit unit,
        double value,
        AlarmLevels levels,
        Instant since,
        Sample sample,
        int untold,
        boolean gone,
        List<LateTask> tasks) {

    /// How many tasks an event tells at most.
    public static final int MAX_TASKS = 10;

    /// How many lines of a stack [#details()] shows.
    private static final int SHOWN_FRAMES = 12;

    /// What an event tells.
    public enum Kind {
        /// The alarm is up.
        RAISED,
        /// The alarm is still up.
        REMINDER,
        /// The alarm is over.
        RESOLVED
    }

    /// Copies the tasks.
    public AlarmEvent {
        tasks = List.copyOf(tasks);
    }

    /// {@return the pool that it is about; empty if it is about the JVM}
    public Optional<String> pool() {
        return sample instanceof PoolSample pool ? Optional.of(pool.pool()) : Optional.empty();
    }

    /// One line with the numbers of the sample, without control characters: `pool_usage of pool orders raised:
    /// 94% (at least 90% for 30s): running=188/200 …`.
    ///
    /// @return the text
    public String message() {
        StringBuilder text = new StringBuilder(alarm)
                .append(pool().map(pool -> " of pool " + pool).orElse(" of the JVM"))
                .append(
                        switch (kind) {
                            case RAISED -> " raised: ";
                            case REMINDER -> " still up since " + since + ": ";
                            case RESOLVED -> gone ? " ends with its pool, last " : " resolved: ";
                        })
                .append(unit.show(value))
                .append(limits());
        if (untold > 0) {
            text.append(", came and went ").append(untold).append(untold == 1 ? " time more" : " times more");
        }
        text.append(": ").append(numbers());
        return oneLine(text);
    }

    private String limits() {
        if (kind == Kind.RESOLVED) {
            return gone ? "" : " (below " + unit.show(levels.resolve()) + ")";
        }
        return " (at least " + unit.show(levels.threshold())
                + (levels.sustained().isZero() ? "" : " for " + AlarmUnit.showSeconds(levels.sustained()))
                + ")";
    }

    /// The tasks with the innermost calls of their stacks, several lines each.
    ///
    /// @return the text; empty if there are no tasks
    public String details() {
        StringBuilder text = new StringBuilder();
        for (LateTask task : tasks) {
            text.append(oneLine(task.name() + " has run for " + AlarmUnit.showSeconds(task.elapsed()) + " on "
                            + task.thread()))
                    .append('\n');
            task.stack().stream()
                    .limit(SHOWN_FRAMES)
                    .forEach(call -> text.append("    at ").append(call).append('\n'));
            if (task.stack().size() > SHOWN_FRAMES) {
                text.append("    … ").append(task.stack().size() - SHOWN_FRAMES).append(" more\n");
            }
        }
        return text.toString();
    }

    private String numbers() {
        return switch (sample) {
            case PoolSample pool -> numbers(pool);
            case JvmSample jvm -> numbers(jvm);
        };
    }

    private static String numbers(PoolSample pool) {
        PoolStats stats = pool.stats();
        return "running=" + stats.running() + "/" + bound(stats.capacity()) + " queued=" + stats.queued() + "/"
                + bound(stats.queueCapacity()) + " waiting=" + stats.waiting() + " overdue=" + stats.overdue()
                + "; in " + AlarmUnit.showSeconds(pool.interval()) + " submitted=" + pool.submitted()
                + " rejected=" + pool.rejected() + " ended=" + pool.ended() + " failed=" + pool.failed()
                + " timed out=" + pool.timedOut();
    }

    private static String bound(int capacity) {
        return capacity < 0 ? "unbounded" : Integer.toString(capacity);
    }

    private static String numbers(JvmSample jvm) {
        JvmSample.Carriers carriers = jvm.carriers();
        return "heap=" + AlarmUnit.BYTES.show((double) jvm.heapUsed()) + "/"
                + AlarmUnit.BYTES.show((double) jvm.heapMax())
                + " after gc=" + AlarmUnit.BYTES.show((double) jvm.heapAfterGc()) + " platform threads="
                + jvm.platformThreads() + " carriers=" + carriers.mounted() + "/" + carriers.parallelism()
                + " ready=" + carriers.queued() + " carrier wait="
                + AlarmUnit.showSeconds(carriers.delay()) + "; in "
                + AlarmUnit.showSeconds(jvm.interval()) + " pinned=" + jvm.pinned() + " collections="
                + jvm.collections() + " gc=" + AlarmUnit.showSeconds(jvm.gcTime());
    }

    /// Names come from anywhere, and must not make lines of their own in a log.
    private static String oneLine(CharSequence text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i)) || line.charAt(i) == '\u2028' || line.charAt(i) == '\u2029') {
                line.setCharAt(i, ' ');
            }
        }
        return line.toString();
    }

    /// {@return `raised`, `reminder` or `resolved`}
    String kindInWords() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
