package dev.myrmidon.engine.each;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Asks about the terminal, which the JDK can't: [System#console()] is about standard input and output only.
final class Terminal {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int STANDARD_ERROR = 2;
    private static final int STANDARD_OUTPUT = 1;
    private static final int DEFAULT_COLUMNS = 80;

    private Terminal() {}

    /// True if standard error is a terminal.
    static boolean onStandardError() {
        if (Files.isDirectory(DESCRIPTORS)) {
            String target = target(STANDARD_ERROR);
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        }
        return ask("test -t 2", ProcessBuilder.Redirect.INHERIT).exit() == 0;
    }

    /// True if standard output is a pipe or a socket, whose reader may go away; a failed write says so only in words, and
    /// those in the language of the user.
    static boolean outputIsPipe() {
        String target = target(STANDARD_OUTPUT);
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    /// How wide the terminal is, in columns.
    static int columns() {
        Answer size = ask("stty size < /dev/tty", ProcessBuilder.Redirect.DISCARD); // "24 80"
        String[] numbers = size.text().strip().split(" ", -1);
        try {
            int columns = numbers.length == 2 ? Integer.parseInt(numbers[1]) : 0;
            return columns > 0 ? columns : DEFAULT_COLUMNS;
        } catch (NumberFormatException e) {
            return DEFAULT_COLUMNS;
        }
    }

    private record Answer(int exit, String text) {}

    /// What the file descriptor leads to, or nothing if there is no telling.
    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(String.valueOf(descriptor)))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static Answer ask(String script, ProcessBuilder.Redirect errors) {
        try {
            Process shell = new ProcessBuilder("/bin/sh", "-c", script).redirectError(errors).start();
            String text = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return new Answer(shell.waitFor(), text);
        } catch (IOException e) {
            return new Answer(1, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(1, "");
        }
    }
}
