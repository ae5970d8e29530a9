package dev.myrmidon.engine.each;

import dev.myrmidon.engine.each.EachOptions.Command;
import dev.myrmidon.engine.each.EachOptions.Function;
import dev.myrmidon.engine.each.EachOptions.Http;
import dev.myrmidon.engine.each.EachOptions.Work;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// The beginning of a journal: whose it is. A few lines of text, so that `head -4` shows it, and zeros up to
/// [#BYTES].
///
/// ```text
/// myrmidon each journal
/// version 1
/// work COMMAND echo {}
/// digest (SHA-256 of the work as a whole, in hexadecimal)
/// check (CRC-32C of the lines before, in hexadecimal)
/// ```
///
/// @param version of the format
/// @param work what is done with each item, shortened
/// @param digest of all of it
record JournalHeader(int version, String work, String digest) {
    /// How long it is. A multiple of what follows, so that no entry straddles two pages.
    static final int BYTES = 1024;

    /// The version that this code writes, and the only one it reads.
    static final int VERSION = 1;

    private static final String FIRST_LINE = "myrmidon each journal";
    private static final byte[] MAGIC = (FIRST_LINE + "\n").getBytes(StandardCharsets.UTF_8);
    private static final int MAX_SHOWN = 120;

    /// A file is no journal, or a damaged one. The message says so in a few words.
    static final class BadHeaderException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        BadHeaderException(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }

    /// What a journal of this work begins with.
    static JournalHeader of(Work work) {
        List<String> words = switch (work) {
            case Command command -> command.words();
            case Http _ -> List.of();
            // Not where the class is: who fixes a function and goes on has built another jar.
            case Function function -> List.of(function.className());
        };
        String kind = switch (work) {
            case Command _ -> "COMMAND";
            case Http _ -> "--http";
            case Function _ -> "--function";
        };
        // No word has a NUL in it, so no two lists make the same text.
        String whole = kind + '\0' + String.join("\0", words);
        String shown = (kind + " " + String.join(" ", words)).strip().replaceAll("\\p{Cntrl}", "?");
        return new JournalHeader(VERSION, shortened(shown), digest(whole));
    }

    private static String shortened(String text) {
        if (text.length() <= MAX_SHOWN) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_SHOWN - 1)) ? MAX_SHOWN - 1 : MAX_SHOWN;
        return text.substring(0, end) + "…";
    }

    private static String digest(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The bytes.
    ByteBuffer encode() {
        byte[] lines = (FIRST_LINE + "\nversion " + version + "\nwork " + work + "\ndigest " + digest + "\n")
                .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(BYTES)
                .put(lines)
                .put(("check " + check(lines) + "\n").getBytes(StandardCharsets.UTF_8))
                .rewind();
    }

    /// Reads it back.
    ///
    /// @param bytes the first [#BYTES] bytes of a file, or all of it if it is shorter
    static JournalHeader decode(byte[] bytes) throws BadHeaderException {
        if (bytes.length < MAGIC.length || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new BadHeaderException("is no journal of myrmidon each");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        List<String> lines = text.lines().limit(5).toList();
        int version = lines.size() > 1 ? version(lines.get(1)) : -1;
        if (version > 0 && version != VERSION) {
            throw new BadHeaderException(
                    "is a journal of version " + version + ", and only version " + VERSION + " can be read here");
        }
        int checked = text.indexOf("\ncheck ") + 1;
        boolean whole = bytes.length == BYTES
                && lines.size() == 5
                && checked > 0
                && lines.get(2).startsWith("work ")
                && lines.get(3).startsWith("digest ")
                && lines.get(4)
                        .equals("check " + check(text.substring(0, checked).getBytes(StandardCharsets.UTF_8)));
        if (!whole) {
            throw new BadHeaderException("is damaged: its header can't be read");
        }
        return new JournalHeader(
                version, lines.get(2).substring("work ".length()), lines.get(3).substring("digest ".length()));
    }

    private static int version(String line) {
        return line.matches("version [0-9]{1,8}") ? Integer.parseInt(line.substring("version ".length())) : -1;
    }

    private static String check(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
