package dev.myrmidon.engine.each;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks about the terminal, which the JDK can't: [System#console()] is about standard input and output together.
public final class Terminal {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int STANDARD_INPUT = 0;
    private static final int STANDARD_OUTPUT = 1;
    private static final int STANDARD_ERROR = 2;

    private static final Pattern TERMINAL = Pattern.compile("/dev/(pts/.*|tty.*|console)");
    private static final Pattern PIPE = Pattern.compile("(pipe|socket):.*");

    /// What `stty size` prints: rows and columns.
    private static final Pattern SIZE = Pattern.compile("\\d+ ([1-9]\\d{0,4})\\s*");

    private static final int DEFAULT_COLUMNS = 80;

    private Terminal() {}

    /// True if standard input is a terminal.
    public static boolean onStandardInput() {
        return on(STANDARD_INPUT);
    }

    /// True if standard error is a terminal.
    static boolean onStandardError() {
        return on(STANDARD_ERROR);
    }

    /// True if standard output is a terminal.
    public static boolean onStandardOutput() {
        return on(STANDARD_OUTPUT);
    }

    /// True if standard output is a pipe or a socket, whose reader may go away; a failed write says so only
    /// in words, and those in the language of the user. Where there is no telling, false.
    public static boolean outputIsPipe() {
        return PIPE.matcher(target(STANDARD_OUTPUT)).matches();
    }

    /// True if standard input was closed when the JVM started, which then opened a file of its own by that number.
    static boolean inputIsTaken() {
        return target(STANDARD_INPUT).startsWith(System.getProperty("java.home"));
    }

    /// How wide the terminal is, in columns.
    public static int columns() {
        try {
            Process stty = new ProcessBuilder("/bin/sh", "-c", "stty size < /dev/tty 2> /dev/null").start();
            String printed = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            Matcher size = SIZE.matcher(printed);
            return size.matches() ? Integer.parseInt(size.group(1)) : DEFAULT_COLUMNS;
        } catch (IOException e) {
            return DEFAULT_COLUMNS;
        }
    }

    private static boolean on(int descriptor) {
        return Files.isDirectory(DESCRIPTORS)
                ? TERMINAL.matcher(target(descriptor)).matches()
                : asked(descriptor);
    }

    /// What the file descriptor leads to, or nothing if there is no telling.
    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(DESCRIPTORS.resolve(String.valueOf(descriptor)))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }

    /// Asks the system's own test, where there is no `/proc`.
    private static boolean asked(int descriptor) {
        try {
            return new ProcessBuilder("test", "-t", String.valueOf(descriptor))
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
