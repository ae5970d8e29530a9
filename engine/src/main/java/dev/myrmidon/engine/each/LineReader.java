package dev.myrmidon.engine.each;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Cuts a stream into items, one a line.
///
/// A line ends with `\n`, `\r\n` or the end of the input. Empty lines are no items, but count as lines. Of
/// a line longer than [#MAX_LINE_BYTES] only the beginning is kept, and the item says that it can't be run.
/// A byte order mark at the start of the input is not part of the first line. Everything else, bytes that
/// are no UTF-8 and NUL too, stays as it is.
///
/// Memory: one buffer, whatever the input. Not thread-safe, except for [#bytesCut()].
final class LineReader implements ItemSource {
    /// The longest line that is an item: 1 MiB, eight times what Linux takes as one argument of a command.
    static final int MAX_LINE_BYTES = 1 << 20;

    /// How much of a line that is too long is kept, to show it.
    private static final int KEPT_OF_TOO_LONG = 200;

    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final AtomicLong bytesCut = new AtomicLong();
    private long bytesRead;
    private int from;
    private int to;
    private long line;
    private long sequence;

    LineReader(InputStream in) {
        this.in = in;
    }

    /// The next item, or null at the end of the input. Blocks while the stream does.
    @Override
    public @Nullable Item next() throws IOException {
        while (true) {
            int end = endOfLine();
            Item item = end >= 0 ? itemInBuffer(end) : itemAcrossBuffers();
            bytesCut.setOpaque(bytesRead - (to - from));
            if (item == null || item.bytes().length > 0) {
                return item;
            }
        }
    }

    /// How many bytes the lines took that were cut so far.
    long bytesCut() {
        return bytesCut.getOpaque();
    }

    /// The position of the next `\n` in the buffer, or -1.
    private int endOfLine() {
        for (int at = from; at < to; at++) {
            if (buffer[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /// The usual case: the line is in the buffer as a whole.
    private Item itemInBuffer(int end) {
        int start = startOfText(buffer, from, end);
        Item item = item(Arrays.copyOfRange(buffer, start, withoutReturn(buffer, start, end)), null);
        from = end + 1;
        return item;
    }

    /// The line goes on past the buffer, or is the last one and has no end.
    private @Nullable Item itemAcrossBuffers() throws IOException {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        long length = 0;
        boolean ended = false;
        while (!ended) {
            int end = endOfLine();
            int stop = end >= 0 ? end : to;
            length += stop - from;
            kept.write(buffer, from, Math.min(stop - from, MAX_LINE_BYTES - kept.size()));
            from = end >= 0 ? end + 1 : to;
            ended = end >= 0 || !fill();
            if (ended && end < 0 && length == 0) {
                return null;
            }
        }
        byte[] bytes = kept.toByteArray();
        if (length > MAX_LINE_BYTES) {
            return item(
                    Arrays.copyOf(bytes, KEPT_OF_TOO_LONG),
                    "the line is " + length + " bytes long, the most is " + MAX_LINE_BYTES);
        }
        int start = startOfText(bytes, 0, bytes.length);
        return item(Arrays.copyOfRange(bytes, start, withoutReturn(bytes, start, bytes.length)), null);
    }

    /// Reads what the stream has, which for a terminal is a line.
    private boolean fill() throws IOException {
        int read = in.read(buffer, 0, buffer.length);
        from = 0;
        to = Math.max(read, 0);
        bytesRead += to;
        return read >= 0;
    }

    private Item item(byte[] bytes, @Nullable String problem) {
        line++;
        return new Item(bytes.length > 0 ? sequence++ : sequence, line, bytes, problem);
    }

    private int startOfText(byte[] bytes, int start, int end) {
        boolean marked = line == 0
                && end - start >= 3
                && bytes[start] == (byte) 0xEF
                && bytes[start + 1] == (byte) 0xBB
                && bytes[start + 2] == (byte) 0xBF;
        return marked ? start + 3 : start;
    }

    private static int withoutReturn(byte[] bytes, int start, int end) {
        return end > start && bytes[end - 1] == '\r' ? end - 1 : end;
    }
}
