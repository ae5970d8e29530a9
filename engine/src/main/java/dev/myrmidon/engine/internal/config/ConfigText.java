package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gets the text of a file: no more than a configuration can have, in strict UTF-8, without characters that no editor
/// shows. Refuses what can't be text before the parser sees it.
final class ConfigText {
    /// A thousand pools with every key take a fifth of this.
    static final int MOST_BYTES = 1 << 20;

    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private ConfigText() {}

    /// @param name how the user calls the file
    /// @throws ConfigException if it can't be read or isn't text
    static String read(Path file, String name) {
        return decode(bytes(file, name), name);
    }

    private static byte[] bytes(Path file, String name) {
        if (Files.isDirectory(file)) {
            throw unusable(name, "is a directory");
        }
        byte[] bytes;
        // Devices and pipes have no size to ask for, so the limit is on what is read.
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unusable(name, "no such file");
        } catch (AccessDeniedException e) {
            throw unusable(name, "permission to read it is denied");
        } catch (FileSystemException e) {
            throw unusable(name, "can't be read: " + reason(e, e.getReason()));
        } catch (IOException e) {
            throw unusable(name, "can't be read: " + reason(e, e.getMessage()));
        }
        if (bytes.length > MOST_BYTES) {
            throw unusable(name, "is larger than 1 MiB, the most a configuration may have");
        }
        return bytes;
    }

    private static String reason(IOException e, @Nullable String reason) {
        return reason == null ? e.getClass().getSimpleName() : Shown.escaped(reason);
    }

    private static String decode(byte[] bytes, String name) {
        if (bytes.length >= 2 && (startsWith(bytes, 0xFE, 0xFF) || startsWith(bytes, 0xFF, 0xFE))) {
            throw unusable(name, "is UTF-16; save it as UTF-8");
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        String text = out.flip().toString();
        if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        checkCharacters(text, name);
        if (result.isError()) {
            Place place = endOf(text);
            int bad = Byte.toUnsignedInt(bytes[in.position()]);
            throw unusable(name + ":" + place, String.format("byte 0x%02X is not UTF-8; save the file as UTF-8", bad));
        }
        if (text.isBlank()) {
            throw unusable(name, "is empty; for the defaults, let it say \"pool:\", or give no file");
        }
        return text;
    }

    private static boolean startsWith(byte[] bytes, int first, int second) {
        return Byte.toUnsignedInt(bytes[0]) == first && Byte.toUnsignedInt(bytes[1]) == second;
    }

    private static void checkCharacters(String text, String name) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean lineOrTab = c == '\n' || c == '\r' || c == '\t' || c == 0x85;
            if ((Character.isISOControl(c) && !lineOrTab) || c == 0xFFFE || c == 0xFFFF) {
                Place place = endOf(text.substring(0, i));
                throw unusable(
                        name + ":" + place, String.format("the character U+%04X can't stand in a text file", (int) c));
            }
        }
    }

    /// The place of the next character after this text, counted as the parser counts.
    private static Place endOf(String text) {
        int line = 1;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pairs = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
            if ((c == '\n' || c == '\r' || c == 0x85) && !pairs) {
                line++;
                start = i + 1;
            }
        }
        return new Place(line, text.codePointCount(start, text.length()) + 1);
    }

    private static ConfigException unusable(String where, String why) {
        return new ConfigException(List.of(where + ": " + why));
    }
}
