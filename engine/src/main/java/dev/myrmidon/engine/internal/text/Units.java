package dev.myrmidon.engine.internal.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers as people read them. What isn't known is a dash.
public final class Units {
    /// What stands for a number that isn't known.
    public static final String UNKNOWN = "-";

    private static final double MICRO = 1e-6;
    private static final double MILLI = 1e-3;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final MathContext THREE_DIGITS = new MathContext(3, RoundingMode.HALF_UP);

    private Units() {}

    /// A duration in three digits or two units: `0`, `12.3us`, `341ms`, `1.20s`, `3m20s`, `2h05m`, `4d07h`.
    ///
    /// @param seconds NaN if it isn't known
    public static String time(double seconds) {
        if (Double.isNaN(seconds)) {
            return UNKNOWN;
        }
        if (seconds <= 0) {
            return "0";
        }
        // Rounded first: 0.9999 s is 1 s, and not 1000 ms.
        double rounded = new BigDecimal(seconds).round(THREE_DIGITS).doubleValue();
        if (rounded < MILLI) {
            return digits(rounded / MICRO) + "us";
        }
        if (rounded < 1) {
            return digits(rounded / MILLI) + "ms";
        }
        if (seconds < MINUTE && rounded < MINUTE) {
            return digits(rounded) + "s";
        }
        long whole = Math.round(seconds);
        if (whole < HOUR) {
            return two(whole, MINUTE, "m", 1, "s");
        }
        return whole < DAY ? two(whole, HOUR, "h", MINUTE, "m") : two(whole, DAY, "d", HOUR, "h");
    }

    private static String two(long seconds, int large, String largeUnit, int small, String smallUnit) {
        return String.format(Locale.ROOT, "%d%s%02d%s", seconds / large, largeUnit, seconds % large / small, smallUnit);
    }

    /// A number in at most three digits and a letter: `0`, `0.25`, `12.0`, `999`, `1.20k`, `34.5M`.
    ///
    /// @param number NaN if it isn't known
    public static String brief(double number) {
        if (Double.isNaN(number)) {
            return UNKNOWN;
        }
        double rounded = new BigDecimal(number).round(THREE_DIGITS).doubleValue();
        if (rounded < 1e3) {
            return digits(rounded);
        }
        if (rounded < 1e6) {
            return digits(rounded / 1e3) + "k";
        }
        return rounded < 1e9 ? digits(rounded / 1e6) + "M" : digits(rounded / 1e9) + "G";
    }

    /// A count: as it is up to 999, then as [#brief(double)] has it.
    public static String brief(long count) {
        return Math.abs(count) < 1_000 ? Long.toString(count) : brief((double) count);
    }

    /// Three digits, of which two at most are behind the point.
    private static String digits(double number) {
        BigDecimal rounded = new BigDecimal(number).round(THREE_DIGITS);
        if (rounded.signum() == 0) {
            return "0";
        }
        int behind =
                rounded.precision() - rounded.scale() >= 3 ? 0 : rounded.precision() - rounded.scale() == 2 ? 1 : 2;
        return rounded.setScale(behind, RoundingMode.HALF_UP).toPlainString();
    }

    /// A share in whole percent.
    ///
    /// @param share NaN if it isn't known
    public static String percent(double share) {
        return Double.isNaN(share) ? UNKNOWN : Math.round(share * 100) + "%";
    }
}
