package dev.myrmidon.engine.internal.top;

import java.io.IOException;
import org.jline.utils.NonBlockingReader;

/// A key that was hit.
///
/// @param kind which one
/// @param character the character if it is one
record Key(Kind kind, int character) {
    enum Kind {
        CHARACTER,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        ENTER,
        ESCAPE,
        BACKSPACE,
        TAB,
        INTERRUPT,
        SUSPEND,
        REDRAW,
        /// No more keys come.
        CLOSED,
        OTHER
    }

    private static final int ESC = 0x1B;

    /// How long a terminal may take between the bytes of one key; an escape alone is the key of that name.
    private static final long PAUSE_MILLIS = 50;

    /// Any: a read without a timeout holds a lock meanwhile that a close waits for.
    private static final long PATIENCE_MILLIS = 60_000;

    static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    boolean is(char c) {
        return kind == Kind.CHARACTER && character == c;
    }

    /// Waits for a key.
    static Key read(NonBlockingReader in) throws IOException {
        int c;
        do {
            c = in.read(PATIENCE_MILLIS);
        } while (c == NonBlockingReader.READ_EXPIRED);
        return switch (c) {
            case NonBlockingReader.EOF -> of(Kind.CLOSED);
            case 0x03 -> of(Kind.INTERRUPT);
            case 0x08, 0x7F -> of(Kind.BACKSPACE);
            case '\t' -> of(Kind.TAB);
            case 0x0C -> of(Kind.REDRAW);
            case '\r', '\n' -> of(Kind.ENTER);
            case 0x1A -> of(Kind.SUSPEND);
            case ESC -> sequence(in);
            default -> c < ' ' ? of(Kind.OTHER) : character(c, in);
        };
    }

    private static Key character(int c, NonBlockingReader in) throws IOException {
        if (Character.isHighSurrogate((char) c)) {
            int low = in.read(PAUSE_MILLIS);
            return low < 0 ? of(Kind.OTHER) : new Key(Kind.CHARACTER, Character.toCodePoint((char) c, (char) low));
        }
        return new Key(Kind.CHARACTER, c);
    }

    /// What follows an escape: `[` or `O`, parameters, and a letter or `~`.
    private static Key sequence(NonBlockingReader in) throws IOException {
        int next = in.read(PAUSE_MILLIS);
        if (next != '[' && next != 'O') {
            return of(next < 0 ? Kind.ESCAPE : Kind.OTHER);
        }
        StringBuilder parameters = new StringBuilder();
        int last = in.read(PAUSE_MILLIS);
        while (last >= ' ' && last < '@') {
            parameters.append((char) last);
            last = in.read(PAUSE_MILLIS);
        }
        return of(
                switch (last) {
                    case 'A' -> Kind.UP;
                    case 'B' -> Kind.DOWN;
                    case 'H' -> Kind.HOME;
                    case 'F' -> Kind.END;
                    case 'M' -> Kind.ENTER; // of the keypad
                    case '~' ->
                        switch (parameters.toString()) {
                            case "1", "7" -> Kind.HOME;
                            case "4", "8" -> Kind.END;
                            case "5" -> Kind.PAGE_UP;
                            case "6" -> Kind.PAGE_DOWN;
                            default -> Kind.OTHER;
                        };
                    default -> Kind.OTHER;
                });
    }
}
