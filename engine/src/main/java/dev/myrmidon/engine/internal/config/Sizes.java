package dev.myrmidon.engine.internal.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes in bytes as people write them: `512MB`, `1.5GB`, with 1024 bytes to the KB.
final class Sizes {
    private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,15})?) ?([KMGT]?)(?:i?B)?");

    private Sizes() {}

    /// The size in bytes; empty if the text is none.
    static OptionalDouble parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toUpperCase(Locale.ROOT).replace("IB", "B"));
        if (!size.matches() || text.strip().matches("[\\d.]+")) {
            return OptionalDouble.empty();
        }
        int unit = UNITS.indexOf(size.group(2) + "B");
        return OptionalDouble.of(Double.parseDouble(size.group(1)) * Math.pow(1024, unit));
    }

    /// Text of which [#parse] makes the same size, in the largest unit of which it is a whole number.
    static String format(double bytes) {
        int unit = 0;
        double shown = bytes;
        while (unit < UNITS.size() - 1 && shown >= 1024 && shown % 1024 == 0) {
            shown /= 1024;
            unit++;
        }
        return new BigDecimal(Double.toString(shown)).stripTrailingZeros().toPlainString() + UNITS.get(unit);
    }
}
