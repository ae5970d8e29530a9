package dev.myrmidon.engine.internal;

import dev.myrmidon.CloseReport;
import dev.myrmidon.TaskReport;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Says on one line what became of the tasks of a pool.
public final class DrainedPool {
    /// As many tasks can have been dropped as the queue holds; nobody reads more names than these.
    private static final int MOST_NAMES = 5;

    private DrainedPool() {}

    /// The line.
    public static String line(CloseReport pool) {
        return pool.name()
                + String.format(Locale.ROOT, " in %.3fs", pool.elapsed().toNanos() / 1e9)
                + ": completed=" + pool.completed()
                + " failed=" + pool.failed()
                + " cancelled=" + pool.cancelled()
                + named("dropped", pool.neverStarted())
                + named("interrupted", pool.interrupted())
                + named("still_running", pool.stillRunning());
    }

    private static String named(String what, List<TaskReport> tasks) {
        String counted = " " + what + "=" + tasks.size();
        if (tasks.isEmpty()) {
            return counted;
        }
        String names =
                tasks.stream().limit(MOST_NAMES).map(TaskReport::toString).collect(Collectors.joining(", "));
        return counted + " (" + names + (tasks.size() > MOST_NAMES ? ", ..." : "") + ")";
    }
}
