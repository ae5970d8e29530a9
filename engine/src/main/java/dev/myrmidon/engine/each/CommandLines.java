package dev.myrmidon.engine.each;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Carries arguments that are bytes through [ProcessBuilder], which takes text.
///
/// The JDK turns the text back into bytes in the charset of the locale. An argument that survives that goes
/// as it is, which is nearly always. One that doesn't (a Latin-1 file name in a UTF-8 locale, any accent in
/// the C locale) is written in octal into the script of a `sh` that puts the bytes together again and
/// becomes the command. That shell never sees the argument as words: the script is digits and backslashes.
final class CommandLines {
    /// What `ProcessBuilder` encodes arguments in.
    static final Charset PLATFORM = platformCharset();

    private CommandLines() {}

    /// The words to give to `ProcessBuilder` so that the command gets these bytes.
    static List<String> of(List<byte[]> arguments, Charset platform) {
        List<String> words = new ArrayList<>(arguments.size());
        for (byte[] argument : arguments) {
            String word = new String(argument, platform);
            if (!Arrays.equals(word.getBytes(platform), argument)) {
                return List.of("/bin/sh", "-c", script(arguments));
            }
            words.add(word);
        }
        return words;
    }

    /// `a0=$(printf %b '\0141\0142x') … ; exec "${a0%x}" …`. The x keeps newlines at the end, which `$()` would
    /// drop.
    private static String script(List<byte[]> arguments) {
        StringBuilder assignments = new StringBuilder();
        StringBuilder exec = new StringBuilder("exec");
        for (int i = 0; i < arguments.size(); i++) {
            assignments.append('a').append(i).append("=$(printf %b '");
            for (byte b : arguments.get(i)) {
                assignments.append(String.format("\\0%03o", b & 0xFF));
            }
            assignments.append("x')\n");
            exec.append(" \"${a").append(i).append("%x}\"");
        }
        return assignments.append(exec).toString();
    }

    private static Charset platformCharset() {
        String name = System.getProperty("sun.jnu.encoding");
        return name != null && Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
    }
}
