package dev.myrmidon.engine.each;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Outcomes on disk, found by the sequence number of their item.
///
/// A file for each [#SPAN] items: first a table with the place of each outcome, then the outcomes in the
/// order they came. The file goes when nothing is left in it. Memory doesn't grow with what is spilled, but
/// for a few dozen bytes a file, and only a few files are open at a time. Used by one thread.
final class Spill implements AutoCloseable {
    /// How many items share a file.
    static final int SPAN = 1 << 16;

    private static final int ENTRY_BYTES = Long.BYTES;
    private static final long TABLE_BYTES = (long) SPAN * ENTRY_BYTES;

    /// A place is an offset, and in the low bits a length. Three bytes suffice: lines are at most 1 MiB,
    /// longer payloads have files of their own.
    private static final int LENGTH_BITS = 24;

    private static final int MAX_OPEN = 4;

    private final Scratch scratch;
    private final TreeMap<Long, Segment> segments = new TreeMap<>();
    private final Deque<Segment> open = new ArrayDeque<>();
    private final ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    private long last = -1;

    Spill(Scratch scratch) {
        this.scratch = scratch;
    }

    private static final class Segment {
        private final Path file;
        private long end = TABLE_BYTES;
        private int count;
        private @Nullable FileChannel channel;

        private Segment(Path file) {
            this.file = file;
        }
    }

    /// Adds an outcome.
    void put(Outcome outcome) throws IOException {
        long sequence = outcome.item().sequence();
        Segment segment = segments.get(sequence / SPAN);
        if (segment == null) {
            segment = new Segment(scratch.file("spill-" + sequence / SPAN));
            segments.put(sequence / SPAN, segment);
        }
        byte[] bytes = OutcomeCodec.encode(outcome);
        if (bytes.length >= 1 << LENGTH_BITS) {
            throw new IllegalStateException("an outcome of " + bytes.length + " bytes can't be spilled");
        }
        FileChannel channel = channel(segment);
        write(channel, ByteBuffer.wrap(bytes), segment.end);
        entry.clear().putLong(segment.end << LENGTH_BITS | bytes.length).flip();
        write(channel, entry, place(sequence));
        segment.end += bytes.length;
        segment.count++;
        last = Math.max(last, sequence);
    }

    /// Removes and returns the outcome with this sequence number, or returns null if it isn't here.
    @Nullable
    Outcome take(long sequence) throws IOException {
        Segment segment = segments.get(sequence / SPAN);
        if (segment == null) {
            return null;
        }
        FileChannel channel = channel(segment);
        entry.clear();
        long place = read(channel, entry, place(sequence)) ? entry.flip().getLong() : 0;
        if (place == 0) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) (place & (1 << LENGTH_BITS) - 1));
        if (!read(channel, bytes, place >>> LENGTH_BITS)) {
            throw new EOFException(segment.file + " is shorter than it was");
        }
        entry.clear().putLong(0).flip();
        write(channel, entry, place(sequence));
        if (--segment.count == 0) {
            delete(segment);
            segments.remove(sequence / SPAN);
        }
        return OutcomeCodec.decode(bytes.array());
    }

    /// The highest sequence number that was ever put, or -1.
    long last() {
        return last;
    }

    /// Deletes what is left.
    @Override
    public void close() throws IOException {
        for (Segment segment : segments.values()) {
            delete(segment);
        }
        segments.clear();
    }

    private FileChannel channel(Segment segment) throws IOException {
        FileChannel channel = segment.channel;
        if (channel == null) {
            if (open.size() == MAX_OPEN) {
                shut(open.removeFirst());
            }
            channel = FileChannel.open(
                    segment.file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            segment.channel = channel;
            open.addLast(segment);
        }
        return channel;
    }

    private void delete(Segment segment) throws IOException {
        open.remove(segment);
        shut(segment);
        Files.deleteIfExists(segment.file);
    }

    private static void shut(Segment segment) throws IOException {
        FileChannel channel = segment.channel;
        if (channel != null) {
            segment.channel = null;
            channel.close();
        }
    }

    private static long place(long sequence) {
        return sequence % SPAN * ENTRY_BYTES;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        for (long to = at; bytes.hasRemaining(); ) {
            to += channel.write(bytes, to);
        }
    }

    /// @return false if the file ends before the buffer is full
    private static boolean read(FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        for (long from = at; bytes.hasRemaining(); ) {
            int read = channel.read(bytes, from);
            if (read < 0) {
                return false;
            }
            from += read;
        }
        return true;
    }
}
