package dev.myrmidon.bench;

import java.io.IOException;
import java.io.PrintStream;

/// One line on standard error that says how far it is, if that is a terminal.
final class Progress {
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream err;
    private final boolean shown;

    Progress(PrintStream err, boolean shown) {
        this.err = err;
        this.shown = shown;
    }

    /// Progress on standard error if that is a terminal.
    static Progress onTerminal() {
        return new Progress(System.err, isTerminal());
    }

    void show(String text) {
        if (shown) {
            err.print(ERASE_LINE + text);
            err.flush();
        }
    }

    void clear() {
        show("");
    }

    /// Asks the system's own test: the JDK knows only about standard input and output together.
    private static boolean isTerminal() {
        try {
            return new ProcessBuilder("test", "-t", "2").inheritIO().start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
