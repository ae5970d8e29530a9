package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.JvmSignal;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.NonBlockingReader;

/// The terminal while `top` has it: keys come one by one and aren't shown, and lines are drawn on the
/// alternate screen. However the process ends, the terminal is as it was. Thread-safe.
///
/// JLine talks to it through `stty`: its other ways are native code, which the JVM warns about.
final class Screen implements AutoCloseable {
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[2J";
    private static final String LEAVE = "\033[m\033[?7h\033[?25h\033[?1049l";
    private static final String PIPES = "org.jline.terminal.exec.redirectPipeCreationMode";
    private static final String POLLING = "org.jline.terminal.pty.nonBlockingReads";

    private final Terminal terminal;
    private final Attributes before;
    private final Thread atExit = new Thread(this::restore, "myrmidon-top-exit");
    /// What each row shows. Guarded by this.
    private final List<AttributedString> shown = new ArrayList<>();
    /// True while the terminal is ours. Guarded by this.
    private boolean taken;
    /// True as soon as it is given back for good. Guarded by this.
    private boolean closed;

    private Screen(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.getAttributes();
    }

    /// Takes the terminal of standard input and output.
    ///
    /// @throws IOException if there is none
    static Screen open(Charset charset) throws IOException {
        // It would load native code to find out about a standard error that is no terminal.
        System.setProperty(PIPES, "none");
        // It would ask for keys ten times a second, and set the terminal for that whenever it likes.
        System.setProperty(POLLING, "false");
        Terminal terminal;
        try {
            terminal = TerminalBuilder.builder()
                    .provider("exec")
                    .system(true)
                    .systemOutput(TerminalBuilder.SystemOutput.ForcedSysOut)
                    .dumb(false)
                    .encoding(charset)
                    .nativeSignals(false)
                    .build();
        } catch (IllegalStateException e) {
            throw new IOException("standard input and output are no terminal that can be drawn on", e);
        }
        Screen screen = new Screen(terminal);
        Runtime.getRuntime().addShutdownHook(screen.atExit);
        screen.take();
        return screen;
    }

    /// Makes the terminal ours, also after a stop that left no time to give it back.
    synchronized void take() {
        if (closed) {
            return;
        }
        Attributes raw = new Attributes(before);
        // Without ISIG too: Ctrl-Z must give the terminal back first.
        raw.setLocalFlags(
                EnumSet.of(
                        Attributes.LocalFlag.ICANON,
                        Attributes.LocalFlag.ECHO,
                        Attributes.LocalFlag.IEXTEN,
                        Attributes.LocalFlag.ISIG),
                false);
        raw.setInputFlags(EnumSet.of(Attributes.InputFlag.IXON, Attributes.InputFlag.ICRNL), false);
        raw.setControlChar(Attributes.ControlChar.VMIN, 1);
        raw.setControlChar(Attributes.ControlChar.VTIME, 0);
        taken = true;
        terminal.setAttributes(raw);
        shown.clear();
        write(ENTER);
    }

    private void write(String text) {
        terminal.writer().write(text);
        terminal.writer().flush();
    }

    /// The keys that are hit.
    NonBlockingReader keys() {
        return terminal.reader();
    }

    /// How large it is now; asks the terminal.
    Size size() {
        return terminal.getSize();
    }

    /// Draws the rows that have changed, in one piece.
    ///
    /// @param columns the width of the terminal, which no row is beyond
    synchronized void draw(List<AttributedString> rows, int columns) {
        if (!taken) {
            return;
        }
        StringBuilder changes = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            if (i >= shown.size() || !shown.get(i).equals(rows.get(i))) {
                changes.append("\033[").append(i + 1).append(";1H\033[m");
                changes.append(rows.get(i).toAnsi(terminal)).append("\033[m");
                if (rows.get(i).columnLength() < columns) { // else the last cell would go, too
                    changes.append("\033[K");
                }
            }
        }
        if (rows.size() < shown.size()) {
            changes.append("\033[").append(rows.size() + 1).append(";1H\033[m\033[J");
        }
        shown.clear();
        shown.addAll(rows);
        if (!changes.isEmpty()) {
            write(changes.toString());
        }
    }

    /// Forgets what is shown, so that all of it is drawn again.
    synchronized void forget() {
        shown.clear();
        if (taken) {
            write("\033[m\033[2J");
        }
    }

    /// Gives the terminal back and stops the process, and whatever runs in the foreground with it, as
    /// Ctrl-Z does. Returns when it goes on, and has the terminal again.
    void suspend(Object usualHandler) throws IOException, InterruptedException {
        giveBack();
        // Sent by another process of the group, so that the system decides as it does for Ctrl-Z: a group that nobody
        // could let go on doesn't stop.
        JvmSignal.restore("TSTP", usualHandler);
        new ProcessBuilder("sh", "-c", "kill -TSTP 0").start().waitFor();
        take();
    }

    private synchronized void giveBack() {
        if (!taken) {
            return;
        }
        taken = false;
        write(LEAVE);
        terminal.setAttributes(before);
    }

    private synchronized void restore() {
        closed = true;
        giveBack();
    }

    @Override
    public void close() throws IOException {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException _) {
            return; // the JVM ends, and JLine's own hook closes the terminal
        }
        terminal.close();
    }
}
