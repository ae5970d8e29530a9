package dev.myrmidon.engine.each;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One line of the input, without its end.
///
/// Holds the bytes as they were read: file names are bytes, and a decoder would change those that aren't UTF-8. Not a
/// record, because two items are the same only if they are the same line.
final class Item {
    private static final int MAX_SHOWN = 60;

    /// More than as many characters have; what is cut off in the midst is not shown.
    private static final int MAX_SHOWN_BYTES = 4 * (MAX_SHOWN + 1);

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9F}]");

    private final long sequence;
    private final long line;
    private final byte[] bytes;
    private final @Nullable String problem;

    /// Written by one thread at a time: the one that runs it.
    private volatile int attempts;

    /// @param sequence how many items came before it; those that earlier runs did don't count
    /// @param line the number of its line, from 1; empty lines count
    /// @param bytes the line; the item owns the array
    /// @param problem why it can't be run, or null
    Item(long sequence, long line, byte[] bytes, @Nullable String problem) {
        this.sequence = sequence;
        this.line = line;
        this.bytes = bytes;
        this.problem = problem;
    }

    /// How many items came before it. Without holes, unlike [#line()].
    long sequence() {
        return sequence;
    }

    /// The number of its line in the input, from 1.
    long line() {
        return line;
    }

    /// The line itself; not to be changed.
    byte[] bytes() {
        return bytes;
    }

    /// Why it can't be run, or null if it can.
    @Nullable
    String problem() {
        return problem;
    }

    /// How often it was begun.
    int attempts() {
        return attempts;
    }

    /// It begins, for the first time or again.
    void begin() {
        setAttempts(attempts + 1);
    }

    void setAttempts(int attempts) {
        this.attempts = attempts;
    }

    /// The same line, which can't be run.
    Item failed(String why) {
        return new Item(sequence, line, bytes, why);
    }

    /// The same line, with another number of items before it.
    Item numbered(long newSequence) {
        return newSequence == sequence ? this : new Item(newSequence, line, bytes, problem);
    }

    /// The line as text; what isn't UTF-8 in it is replaced by U+FFFD.
    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// {@return as messages call it: `line 7 (its text, shortened)`}
    @Override
    public String toString() {
        String head = head();
        return "line " + line + " (" + (hasControl(head) ? CONTROL.matcher(head).replaceAll("?") : head) + ")";
    }

    /// Most have none, and each task of a run that is looked at is given a name.
    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private String head() {
        // No more than can be shown: a line may be long, and each task has its name.
        String text = new String(bytes, 0, Math.min(bytes.length, MAX_SHOWN_BYTES), StandardCharsets.UTF_8);
        if (text.length() <= MAX_SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_SHOWN - 1)) ? MAX_SHOWN - 1 : MAX_SHOWN;
        return text.substring(0, end) + "…";
    }
}
