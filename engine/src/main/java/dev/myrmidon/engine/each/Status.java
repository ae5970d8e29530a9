package dev.myrmidon.engine.each;

import java.util.Locale;

/// What became of an item.
enum Status {
    /// It ran to its end, and the end was good.
    COMPLETED,
    /// It couldn't be run, or its end wasn't good.
    FAILED,
    /// It was ended because its time was up; counts as failed.
    TIMED_OUT,
    /// It was ended, or not begun, because the run was stopped.
    CANCELLED;

    /// As it stands in a report: `timed_out`.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
