package dev.myrmidon.engine.each;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an item wrote: in memory when it is short, in a file of the scratch directory when it isn't.
sealed interface Payload {
    /// The most bytes that are kept in memory.
    int MAX_IN_MEMORY = 1 << 16;

    /// No bytes.
    static Payload empty() {
        return InMemory.EMPTY;
    }

    /// Takes over the bytes of the file and, if they are few, deletes it. An item that wrote nothing has no file.
    static Payload of(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_IN_MEMORY) {
            return new OnDisk(file, size);
        }
        // Not through a channel: those close themselves when the thread is interrupted.
        try (InputStream in = new FileInputStream(file.toFile())) {
            return size == 0 ? empty() : new InMemory(in.readNBytes((int) size));
        } finally {
            Files.delete(file);
        }
    }

    /// How many bytes there are.
    long size();

    /// The bytes.
    InputStream open() throws IOException;

    /// Frees what it holds; it can't be read any more.
    void discard() throws IOException;

    /// Writes all bytes to the stream.
    default void writeTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    /// How many bytes of memory it takes.
    default long weight() {
        return this instanceof InMemory inMemory ? inMemory.size() : 0;
    }

    /// Bytes in memory.
    final class InMemory implements Payload {
        private static final InMemory EMPTY = new InMemory(new byte[0]);

        private final byte[] bytes;

        /// @param bytes the bytes; the payload owns the array
        InMemory(byte[] bytes) {
            this.bytes = bytes;
        }

        /// The bytes; not to be changed.
        byte[] bytes() {
            return bytes;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }

        @Override
        public void discard() {}
    }

    /// Bytes in a file of its own.
    ///
    /// @param file the file
    /// @param size how many bytes of it count: a process that outlives its item may still write to it
    record OnDisk(Path file, long size) implements Payload {
        @Override
        public InputStream open() throws IOException {
            return new Limited(new FileInputStream(file.toFile()), size);
        }

        @Override
        public void discard() throws IOException {
            Files.deleteIfExists(file);
        }
    }
}
