package dev.myrmidon;

import java.time.Duration;
import java.util.OptionalLong;

/// When a task was submitted, started and ended: readings of [System#nanoTime()], which tell durations and
/// nothing else.
///
/// @param submitted when it was submitted, before any wait for room
/// @param started when its code started; empty if it hasn't
/// @param ended when it was clear how it ended; empty until then. The code of a task that was cancelled or
///     timed out may run on
/// @param read when these times were read
public record TaskTimes(long submitted, OptionalLong started, OptionalLong ended, long read) {

    /// {@return from the submission to the start, or to the end if it never started, or until now}
    public Duration waited() {
        return Duration.ofNanos(started.orElseGet(this::last) - submitted);
    }

    /// {@return from the start to the end, or until now; zero if it hasn't started}
    public Duration ran() {
        return started.isEmpty() ? Duration.ZERO : Duration.ofNanos(last() - started.getAsLong());
    }

    /// {@return from the submission to the end, or until now}
    public Duration age() {
        return Duration.ofNanos(last() - submitted);
    }

    private long last() {
        return ended.orElse(read);
    }
}
