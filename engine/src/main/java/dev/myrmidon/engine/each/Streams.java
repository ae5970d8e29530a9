package dev.myrmidon.engine.each;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Standard output and standard error, and the line of progress between them. Thread-safe: what is written in one call
/// stays together.
///
/// When both are the same terminal the line of progress is wiped before anything else is written, and drawn again below
/// it, on a line of its own.
final class Streams {
    private static final String WIPE = "\r\u001b[K";
    private static final int BUFFER_BYTES = 1 << 16;

    /// How long a message waits for output that is being written. Output can block for good, when its
    /// reader has stopped reading, and the last words of a run must not.
    private static final long PATIENCE_SECONDS = 1;

    private final OutputStream out;
    private final OutputStream err;
    private final boolean oneTerminal;
    private final ReentrantLock turn = new ReentrantLock();

    // Both guarded by turn.
    private boolean progressShown;
    private boolean midLine;

    /// @param oneTerminal true if both are the same terminal
    Streams(OutputStream out, OutputStream err, boolean oneTerminal) {
        this.out = new LineEnds(new BufferedOutputStream(out, BUFFER_BYTES));
        this.err = err;
        this.oneTerminal = oneTerminal;
    }

    /// Writes to standard output, through a buffer.
    void out(Payload payload) throws IOException {
        turn.lock();
        try {
            if (oneTerminal) {
                wipeInTurn();
            }
            payload.writeTo(out);
        } finally {
            turn.unlock();
        }
    }

    /// Writes what the buffer holds.
    void flush() throws IOException {
        turn.lock();
        try {
            out.flush();
        } finally {
            turn.unlock();
        }
    }

    /// Writes to standard error.
    void err(Payload payload) {
        turn.lock();
        try {
            wipeInTurn();
            payload.writeTo(err);
        } catch (IOException e) {
            logLoss(e);
        } finally {
            turn.unlock();
        }
    }

    /// Writes a line to standard error.
    void say(String line) {
        say((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }

    private void say(byte[] lines) {
        boolean locked = lockForAWhile();
        try {
            wipeInTurn();
            print(lines);
        } finally {
            if (locked) {
                turn.unlock();
            }
        }
    }

    /// Standard error, for those who write whole lines and know nothing of the line of progress: what logs.
    PrintStream errors() {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        say(new byte[] {(byte) b});
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        say(Arrays.copyOfRange(bytes, offset, offset + length));
                    }
                },
                false,
                StandardCharsets.UTF_8);
    }

    /// Draws the line of progress anew, unless something else is being written.
    void progress(String line) {
        if (turn.tryLock()) {
            try {
                print((oneTerminal && midLine && !progressShown ? "\n" : "") + WIPE + line);
                midLine = false;
                progressShown = true;
            } finally {
                turn.unlock();
            }
        }
    }

    /// Takes the line of progress away.
    void wipe() {
        boolean locked = lockForAWhile();
        try {
            wipeInTurn();
        } finally {
            if (locked) {
                turn.unlock();
            }
        }
    }

    private boolean lockForAWhile() {
        try {
            return turn.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void wipeInTurn() {
        if (progressShown) {
            print(WIPE);
            progressShown = false;
        }
    }

    private void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    private void print(byte[] text) {
        try {
            err.write(text);
            err.flush();
        } catch (IOException e) {
            logLoss(e);
        }
    }

    /// Standard error is gone: there is nobody to tell, and the work isn't harmed.
    private static void logLoss(IOException e) {
        System.getLogger(Streams.class.getName()).log(System.Logger.Level.DEBUG, "standard error is gone", e);
    }

    /// Notes whether a line was left open, which the line of progress must not overwrite.
    private final class LineEnds extends OutputStream {
        private final OutputStream to;

        private LineEnds(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            to.write(b);
            midLine = b != '\n';
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            to.write(bytes, offset, length);
            if (length > 0) {
                midLine = bytes[offset + length - 1] != '\n';
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
