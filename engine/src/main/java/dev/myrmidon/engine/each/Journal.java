package dev.myrmidon.engine.each;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// Which lines are done, in a file that outlives the run: `--journal`.
///
/// The file is a [JournalHeader] and then an array: four bytes for each line of the input, 0 while it is not
/// done, and a hash of the line when it is. So an entry says by itself what it belongs to, and there is
/// nothing to replay, to compact or to keep in memory, whatever the number of lines. Four bytes that are
/// aligned never straddle pages or sectors: they are written as a whole or not at all, and a hole that a
/// crash left reads as lines that are not done.
///
/// Two threads use it. One reads the input and asks [#look(Item)]; each line once, before it runs. Another
/// one writes down what became of items: [#done(Item)] for each that completed and whose output is written to a
/// buffer, [#commit()] when the buffers are with the operating system. From there on a death of this process
/// changes nothing. Every second what was written is forced to the disk, the `--out` file first and nothing
/// written in between, so that no line is forced whose outcome isn't. What the system writes to the disk of its
/// own accord within that second has no such order.
///
/// While it is open the file is locked against other runs.
final class Journal implements AutoCloseable {
    /// What there is to know of a line.
    enum Knowledge {
        /// It is not done.
        UNKNOWN,
        /// It is done.
        DONE,
        /// Another line was done in its place.
        CHANGED
    }

    /// Brings to the disk what was written before.
    @FunctionalInterface
    interface Forced {
        /// Blocks until it is there.
        void force() throws IOException;
    }

    /// How many items may wait for [#commit()], which bounds the memory for them.
    static final int MAX_PENDING = 4096;

    private static final long FORCE_INTERVAL_MILLIS = 1000;
    private static final int ENTRY_BYTES = Integer.BYTES;
    private static final int BUFFER_BYTES = 1 << 16;

    /// How long the end of a run waits for a disk that doesn't answer.
    private static final long PATIENCE_SECONDS = 5;

    private final FileChannel channel;
    private final long knownLines;
    private final CountDownLatch closed = new CountDownLatch(1);

    // Used by the thread that reads.
    private final ByteBuffer read = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private long readFrom;

    // Used by the thread that writes.
    private final List<Entry> pending = new ArrayList<>();
    private final ByteBuffer run = ByteBuffer.allocate(BUFFER_BYTES);

    /// Held while the file is written or forced, so that what is forced has its outcome forced too.
    private final ReentrantLock turn = new ReentrantLock();

    // All guarded by turn.
    private Forced before = () -> {};
    private Consumer<IOException> onFailure = _ -> {};
    private boolean dirty;
    private boolean failed;

    private Journal(FileChannel channel, long knownLines) {
        this.channel = channel;
        this.knownLines = knownLines;
    }

    private record Entry(long line, int hash) {}

    /// Opens the journal of this work, or makes one; waits for nobody.
    ///
    /// @throws UsageException if the file is in use, or the journal of something else, or can't be used
    static Journal open(Path file, EachOptions.Work work) throws UsageException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new UsageException("--journal " + file + ": is no regular file");
        }
        FileChannel channel = null;
        boolean opened = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                throw new UsageException("--journal " + file + ": is in use by another run");
            }
            prepare(channel, file, JournalHeader.of(work));
            Journal journal = new Journal(channel, (channel.size() - JournalHeader.BYTES) / ENTRY_BYTES);
            opened = true;
            return journal;
        } catch (IOException e) {
            throw new UsageException("--journal " + file + ": " + Failures.reason(e));
        } finally {
            if (channel != null && !opened) {
                closeQuietly(channel);
            }
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null; // freed with the channel
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /// Writes or checks the header.
    private static void prepare(FileChannel channel, Path file, JournalHeader mine) throws IOException, UsageException {
        ByteBuffer head = ByteBuffer.allocate(JournalHeader.BYTES);
        readAt(channel, head, 0);
        byte[] bytes = new byte[head.flip().remaining()];
        head.get(bytes);
        if (isBlank(bytes) && channel.size() <= JournalHeader.BYTES) {
            // New, or made by a run that died before its header was on the disk.
            writeAt(channel, mine.encode(), 0);
            channel.force(true);
            forceFolder(file);
            return;
        }
        JournalHeader its;
        try {
            its = JournalHeader.decode(bytes);
        } catch (JournalHeader.BadHeaderException e) {
            throw new UsageException("--journal " + file + ": " + e.getMessage() + "; name another file");
        }
        if (!its.digest().equals(mine.digest())) {
            throw new UsageException("--journal " + file + ": belongs to other work, " + its.work() + ", and this is "
                    + mine.work() + "; name another file");
        }
        long tail = (channel.size() - JournalHeader.BYTES) % ENTRY_BYTES;
        if (tail > 0) {
            channel.truncate(channel.size() - tail); // a torn entry
        }
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte b : bytes) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /// Brings the name of a new file to the disk, where folders can be forced.
    static void forceFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try (FileChannel names = FileChannel.open(folder == null ? file : folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException e) {
            System.getLogger(Journal.class.getName())
                    .log(System.Logger.Level.DEBUG, "the folder of " + file + " can't be forced", e);
        }
    }

    /// Begins to force what is written, until closed.
    ///
    /// @param first what is to be on the disk before the journal is
    /// @param whenFailed told once when the journal can't be written or forced; it takes nothing more then
    void start(Forced first, Consumer<IOException> whenFailed) {
        turn.lock();
        try {
            before = first;
            onFailure = whenFailed;
        } finally {
            turn.unlock();
        }
        Thread.ofPlatform().daemon().name("myrmidon-journal").start(this::forceNowAndThen);
    }

    private void forceNowAndThen() {
        try {
            while (!closed.await(FORCE_INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                force();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody does, the end of the run forces what is left.
            Thread.currentThread().interrupt();
        }
    }

    /// The last line that was done when the journal was opened, or 0.
    long knownLines() {
        return knownLines;
    }

    /// What earlier runs made of this line. Fast if lines are asked for in their order.
    Knowledge look(Item item) throws IOException {
        if (item.line() > knownLines) {
            return Knowledge.UNKNOWN;
        }
        long place = place(item.line());
        if (place < readFrom || place + ENTRY_BYTES > readFrom + read.limit()) {
            readFrom = place;
            readAt(channel, read.clear(), place);
            read.flip();
        }
        int entry = read.getInt((int) (place - readFrom));
        if (entry == 0) {
            return Knowledge.UNKNOWN;
        }
        return entry == hash(item.bytes()) ? Knowledge.DONE : Knowledge.CHANGED;
    }

    /// Notes that this item is done.
    ///
    /// @return true if [#commit()] is due
    boolean done(Item item) {
        pending.add(new Entry(item.line(), hash(item.bytes())));
        return pending.size() >= MAX_PENDING;
    }

    /// Forgets what was noted since the last [#commit()]: its output is lost.
    void forget() {
        pending.clear();
    }

    /// Writes down what was noted: the output of it must be with the operating system.
    void commit() {
        if (pending.isEmpty()) {
            return;
        }
        attempt(() -> {
            // Neighbours go into one write.
            pending.sort(Comparator.comparingLong(Entry::line));
            long next = -1;
            for (Entry entry : pending) {
                if (entry.line() != next || !run.hasRemaining()) {
                    writeRun(next);
                }
                run.putInt(entry.hash());
                next = entry.line() + 1;
            }
            writeRun(next);
            dirty = true;
        });
        pending.clear();
    }

    /// Writes the entries gathered so far.
    ///
    /// @param end the line after the last of them
    private void writeRun(long end) throws IOException {
        run.flip();
        writeAt(channel, run, place(end) - run.limit());
        run.clear();
    }

    /// Brings to the disk what was written.
    void force() {
        attempt(() -> {
            if (dirty) {
                before.force();
                channel.force(false);
                dirty = false;
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    /// Writes, unless that failed before.
    private void attempt(Writing writing) {
        Runnable tell = () -> {};
        turn.lock();
        try {
            if (!failed) {
                writing.run();
            }
        } catch (IOException e) {
            failed = true;
            Consumer<IOException> told = onFailure;
            tell = () -> told.accept(e);
        } finally {
            turn.unlock();
        }
        tell.run();
    }

    /// Forces what is left, and frees the file for other runs.
    @Override
    public void close() {
        closed.countDown();
        boolean free = false;
        try {
            free = turn.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (free) {
            try {
                force();
                closeQuietly(channel);
            } finally {
                turn.unlock();
            }
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // All that counts was forced, or has failed before.
            System.getLogger(Journal.class.getName()).log(System.Logger.Level.DEBUG, "the journal can't be closed", e);
        }
    }

    private static long place(long line) {
        return JournalHeader.BYTES + (line - 1) * ENTRY_BYTES;
    }

    /// CRC-32C, and never 0, which means that a line is not done.
    private static int hash(byte[] line) {
        CRC32C crc = new CRC32C();
        crc.update(line, 0, line.length);
        int hash = (int) crc.getValue();
        return hash == 0 ? 1 : hash;
    }

    /// Fills the buffer, as far as the file goes.
    private static void readAt(FileChannel channel, ByteBuffer bytes, long place) throws IOException {
        for (long from = place; bytes.hasRemaining(); ) {
            int count = channel.read(bytes, from);
            if (count < 0) {
                return;
            }
            from += count;
        }
    }

    private static void writeAt(FileChannel channel, ByteBuffer bytes, long place) throws IOException {
        for (long to = place; bytes.hasRemaining(); ) {
            to += channel.write(bytes, to);
        }
    }
}
