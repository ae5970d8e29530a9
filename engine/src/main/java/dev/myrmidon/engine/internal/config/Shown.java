package dev.myrmidon.engine.internal.config;

/// Shows pieces of the user's input in messages: on one line, and not for pages.
public final class Shown {
    private static final int LONGEST = 60;

    private Shown() {}

    /// In quotes, shortened, with control characters escaped.
    public static String quoted(String text) {
        return '"' + escaped(shortened(text)).replace("\"", "\\\"") + '"';
    }

    /// As it is, shortened: for numbers and the like.
    static String plain(String text) {
        return escaped(shortened(text));
    }

    /// On one line, whatever it contains.
    static String escaped(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n') {
                shown.append("\\n");
            } else if (c == '\t') {
                shown.append("\\t");
            } else if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
                shown.append(String.format("\\u%04X", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }

    private static String shortened(String text) {
        if (text.codePointCount(0, text.length()) <= LONGEST) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, LONGEST)) + "…";
    }
}
