package dev.myrmidon.manage;

import java.time.Duration;
import java.util.Locale;

/// Durations for people.
final class Millis {
    private Millis() {}

    /// In milliseconds, such as `12.3 ms`.
    static String of(Duration duration) {
        return String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6);
    }
}
