package dev.myrmidon.manage.alarm;

import java.time.Duration;
import java.util.Locale;

/// What the value of an alarm counts, and how it is shown.
public enum AlarmUnit {
    /// A part of a whole, 1 being all of it; shown as per cent.
    SHARE,
    /// A number of things.
    COUNT,
    /// Bytes; shown with 1024 bytes to the KB.
    BYTES,
    /// Seconds.
    SECONDS;

    private static final String[] SIZES = {"B", "KB", "MB", "GB", "TB", "PB", "EB"};

    /// A value as people read it: `94.5%`, `12`, `1.5GB`, `30s`.
    ///
    /// @param value in this unit
    /// @return the text
    public String show(double value) {
        return switch (this) {
            case SHARE -> number(value * 100) + "%";
            case COUNT -> number(value);
            case BYTES -> bytes(value);
            case SECONDS -> seconds(value);
        };
    }

    static String showSeconds(Duration duration) {
        return SECONDS.show(seconds(duration));
    }

    /// Without an overflow, however long it is.
    static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    private static String bytes(double value) {
        int size = 0;
        double shown = value;
        // One that would be rounded to 1024 is one of the next size.
        while (Math.abs(shown) >= 1023.95 && size < SIZES.length - 1) {
            shown /= 1024;
            size++;
        }
        return number(shown) + SIZES[size];
    }

    private static String seconds(double value) {
        return Math.abs(value) < 1 && value != 0 ? number(value * 1000) + "ms" : number(value) + "s";
    }

    /// With one decimal, if it isn't 0.
    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
