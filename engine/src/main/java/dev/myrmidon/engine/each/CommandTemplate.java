package dev.myrmidon.engine.each;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/// A command with the place of the item in it.
///
/// Each `{}` in each argument stands for the item; where there is none, the item is appended as the last
/// argument. Nothing else is looked at: no shell, no quoting, no splitting. Works on bytes, so that an item
/// arrives as it was read.
final class CommandTemplate {
    private static final String PLACE = "{}";

    /// Each argument as the parts between its places.
    private final List<List<byte[]>> arguments;

    /// @param command the command and its arguments, at least one
    /// @param charset what the arguments came in
    CommandTemplate(List<String> command, Charset charset) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("command must have at least 1 word, had 0");
        }
        boolean placed = command.stream().anyMatch(argument -> argument.contains(PLACE));
        this.arguments = new ArrayList<>();
        command.forEach(argument -> arguments.add(parts(argument, charset)));
        if (!placed) {
            arguments.add(parts(PLACE, charset));
        }
    }

    /// True if the program itself depends on the item.
    boolean programVaries() {
        return arguments.getFirst().size() > 1;
    }

    /// The command for this item, an array of bytes for each argument.
    List<byte[]> fill(byte[] item) {
        List<byte[]> filled = new ArrayList<>(arguments.size());
        for (List<byte[]> parts : arguments) {
            filled.add(parts.size() == 1 ? parts.getFirst() : join(parts, item));
        }
        return filled;
    }

    private static List<byte[]> parts(String argument, Charset charset) {
        List<byte[]> parts = new ArrayList<>();
        int from = 0;
        for (int at = argument.indexOf(PLACE); at >= 0; at = argument.indexOf(PLACE, from)) {
            parts.add(argument.substring(from, at).getBytes(charset));
            from = at + PLACE.length();
        }
        parts.add(argument.substring(from).getBytes(charset));
        return parts;
    }

    private static byte[] join(List<byte[]> parts, byte[] item) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(parts.getFirst());
        for (byte[] part : parts.subList(1, parts.size())) {
            joined.writeBytes(item);
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
