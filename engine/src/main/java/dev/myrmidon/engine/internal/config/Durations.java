package dev.myrmidon.engine.internal.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Durations as they are written in Go (`1m30s`, `100ms`, `1.5h`) or in ISO-8601 (`PT10S`).
public final class Durations {
    private static final Pattern GO = Pattern.compile("([-+]?)((?:(?:\\d+\\.?\\d*|\\.\\d+)(?:h|ms|m|s|us|µs|μs|ns))+)");
    private static final Pattern GO_PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(h|ms|m|s|us|µs|μs|ns)");
    private static final Pattern PART_IN_WORDS =
            Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)\\s*([a-zµμ]+)[\\s,]*(?:and\\s+)?");
    private static final Map<String, Long> NANOS = nanos();
    /// Every duration can be written shorter; a longer text could keep the regular expressions busy, or overflow
    /// the stack.
    private static final int LONGEST = 200;
    private static final BigDecimal MOST_NANOS = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    /// The duration that is written there.
    ///
    /// @throws BadDuration if it isn't a duration, or one that doesn't fit into a `long` of nanoseconds
    public static Duration parse(String text) throws BadDuration {
        if (text.length() > LONGEST) {
            throw new BadDuration("is not a duration (try \"10s\")");
        }
        Matcher go = GO.matcher(text);
        if (go.matches()) {
            Duration duration = parseGo(go.group(2));
            return go.group(1).equals("-") ? duration.negated() : duration;
        }
        if (text.startsWith("P") || text.startsWith("-P")) {
            return parseIso(text);
        }
        String instead = suggest(text);
        throw new BadDuration("is not a duration (try \"" + (instead == null ? "10s" : instead) + "\")");
    }

    private static Duration parseGo(String parts) throws BadDuration {
        BigDecimal sum = BigDecimal.ZERO;
        Matcher part = GO_PART.matcher(parts);
        while (part.find()) {
            sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit(part.group(2)))));
        }
        if (sum.compareTo(MOST_NANOS) > 0) {
            throw tooLong();
        }
        BigDecimal whole = sum.setScale(0, RoundingMode.DOWN);
        if (whole.compareTo(sum) != 0) {
            throw new BadDuration("is finer than a nanosecond");
        }
        return Duration.ofNanos(whole.longValueExact());
    }

    private static Duration parseIso(String text) throws BadDuration {
        Duration duration;
        try {
            duration = Duration.parse(text);
        } catch (DateTimeParseException e) {
            // The form was right and only a number was not.
            if (e.getCause() != null) {
                throw tooLong();
            }
            throw new BadDuration("is not a duration (try \"PT10S\")");
        }
        try {
            var _ = duration.toNanos();
        } catch (ArithmeticException e) {
            throw tooLong();
        }
        return duration;
    }

    private static BadDuration tooLong() {
        return new BadDuration("is too long: at most 292 years");
    }

    private static long unit(String name) {
        Long nanos = NANOS.get(name);
        if (nanos == null) {
            throw new IllegalArgumentException(name);
        }
        return nanos;
    }

    /// What the user may have meant, which is a duration; null if there is no telling.
    private static @Nullable String suggest(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        if (lower.matches("\\d+\\.?\\d*")) {
            return lower + "s";
        }
        StringBuilder instead = new StringBuilder();
        Matcher part = PART_IN_WORDS.matcher(lower);
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            String unit = unitInWords(part.group(2));
            if (unit == null) {
                return null;
            }
            instead.append(unit.equals("d") ? days(part.group(1)) : part.group(1) + unit);
        }
        String suggestion = instead.toString();
        return end == lower.length() && GO.matcher(suggestion).matches() ? suggestion : null;
    }

    private static @Nullable String unitInWords(String word) {
        return switch (word) {
            case "h", "hr", "hrs", "hour", "hours" -> "h";
            case "m", "min", "mins", "minute", "minutes" -> "m";
            case "s", "sec", "secs", "second", "seconds" -> "s";
            case "ms", "msec", "msecs", "milli", "millis", "millisecond", "milliseconds" -> "ms";
            case "us", "µs", "μs", "usec", "micros", "microsecond", "microseconds" -> "us";
            case "ns", "nsec", "nano", "nanos", "nanosecond", "nanoseconds" -> "ns";
            case "d", "day", "days" -> "d";
            default -> null;
        };
    }

    private static String days(String number) {
        return new BigDecimal(number)
                        .multiply(BigDecimal.valueOf(24))
                        .stripTrailingZeros()
                        .toPlainString() + "h";
    }

    /// The duration as Go writes it, with no part that is zero: [#parse] makes the same duration of it.
    ///
    /// @param duration not negative, and not longer than what [#parse] gives
    public static String format(Duration duration) {
        List<String> parts = new ArrayList<>();
        long nanos = duration.toNanos();
        for (Map.Entry<String, Long> unit : NANOS.entrySet()) {
            long count = nanos / unit.getValue();
            if (count > 0) {
                parts.add(count + unit.getKey());
                nanos -= count * unit.getValue();
            }
        }
        return parts.isEmpty() ? "0s" : String.join("", parts);
    }

    /// The units, the largest first; the ways to write a microsecond that [#format] doesn't use come last.
    private static Map<String, Long> nanos() {
        Map<String, Long> nanos = new LinkedHashMap<>();
        nanos.put("h", 3_600_000_000_000L);
        nanos.put("m", 60_000_000_000L);
        nanos.put("s", 1_000_000_000L);
        nanos.put("ms", 1_000_000L);
        nanos.put("us", 1_000L);
        nanos.put("ns", 1L);
        nanos.put("µs", 1_000L);
        nanos.put("μs", 1_000L);
        return nanos;
    }

    /// Says what is wrong with a text that should be a duration, as the end of a sentence that starts with the
    /// text.
    public static final class BadDuration extends Exception {
        private static final long serialVersionUID = 1;

        BadDuration(String why) {
            super(why);
        }

        /// The end of the sentence.
        public String why() {
            return String.valueOf(getMessage());
        }
    }
}
