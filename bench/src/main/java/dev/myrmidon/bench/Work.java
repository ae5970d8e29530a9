package dev.myrmidon.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What one task does.
///
/// @param kind nothing, computing or sleeping
/// @param nanos how long, 0 for nothing
record Work(Kind kind, long nanos) {
    private static final Pattern FORM = Pattern.compile("(spin|sleep):(\\d{1,9})(ns|us|ms|s)");

    enum Kind {
        NOOP,
        SPIN,
        SLEEP
    }

    /// Reads `noop`, `spin:1us`, `sleep:10ms` and the like.
    ///
    /// @throws IllegalArgumentException if it is none of these
    static Work parse(String text) {
        if (text.equals("noop")) {
            return new Work(Kind.NOOP, 0);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "must be noop, spin:TIME or sleep:TIME, such as spin:1us or sleep:10ms, was \"" + text + "\"");
        }
        long unit = switch (form.group(3)) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            default -> 1_000_000_000;
        };
        long nanos = Long.parseLong(form.group(2)) * unit;
        if (nanos == 0) {
            throw new IllegalArgumentException("takes no time, which is noop: \"" + text + "\"");
        }
        return new Work(Kind.valueOf(form.group(1).toUpperCase(Locale.ROOT)), nanos);
    }

    /// The body of a task.
    ///
    /// @param spinRounds how many rounds of [Spin] the time of this work is, if it is spinning
    Runnable body(long spinRounds) {
        return switch (kind) {
            case NOOP -> () -> {};
            case SPIN -> () -> Spin.spin(spinRounds);
            case SLEEP -> {
                Duration time = Duration.ofNanos(nanos);
                yield () -> {
                    try {
                        Thread.sleep(time);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts a task here", e);
                    }
                };
            }
        };
    }

    /// How it is written on the command line.
    @Override
    public String toString() {
        if (kind == Kind.NOOP) {
            return "noop";
        }
        String name = kind.name().toLowerCase(Locale.ROOT);
        if (nanos % 1_000_000_000 == 0) {
            return name + ":" + nanos / 1_000_000_000 + "s";
        }
        if (nanos % 1_000_000 == 0) {
            return name + ":" + nanos / 1_000_000 + "ms";
        }
        return name + ":" + (nanos % 1_000 == 0 ? nanos / 1_000 + "us" : nanos + "ns");
    }
}
