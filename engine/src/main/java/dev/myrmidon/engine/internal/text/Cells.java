package dev.myrmidon.engine.internal.text;

import org.jline.utils.WCWidth;

/// Text as a terminal shows it: in cells, of which some characters take two and some none.
public final class Cells {
    private static final String ELLIPSIS = "…";
    private static final int REPLACEMENT = 0xFFFD;

    private Cells() {}

    /// The text without anything that a terminal obeys instead of showing: control characters, among them
    /// the escape character; what turns the direction of text or isn't visible; line ends; halves of
    /// characters. Each becomes a replacement character.
    public static String printable(String text) {
        if (text.codePoints().noneMatch(Cells::isDangerous)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(isDangerous(c) ? REPLACEMENT : c));
        return clean.toString();
    }

    private static boolean isDangerous(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /// How many cells printable text takes.
    public static int width(String text) {
        return text.codePoints().map(Cells::width).sum();
    }

    private static int width(int c) {
        return Math.max(0, WCWidth.wcwidth(c));
    }

    /// Printable text in at most so many cells; if it is longer its end is an ellipsis.
    public static String cut(String text, int cells) {
        if (text.length() <= cells / 2 || width(text) <= cells) {
            return text;
        }
        StringBuilder begin = new StringBuilder();
        int left = cells - 1;
        for (int c : text.codePoints().toArray()) {
            left -= width(c);
            if (left < 0) {
                break;
            }
            begin.appendCodePoint(c);
        }
        return cells < 1 ? "" : begin + ELLIPSIS;
    }

    /// Printable text in exactly so many cells: cut, or filled up with spaces behind it.
    public static String left(String text, int cells) {
        String cut = cut(text, cells);
        return cut + " ".repeat(Math.max(0, cells - width(cut)));
    }

    /// Printable text in exactly so many cells: cut, or filled up with spaces before it.
    public static String right(String text, int cells) {
        String cut = cut(text, cells);
        return " ".repeat(Math.max(0, cells - width(cut))) + cut;
    }
}
