package dev.myrmidon.engine.each;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file of lines that one run after the other appends to.
final class AppendedFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private AppendedFile() {}

    /// Opens it for appending, and makes it if need be. A last line without an end, which a killed run left, is
    /// cut off. What is no regular file stays as it is.
    static FileOutputStream open(Path file) throws IOException {
        boolean made = !Files.exists(file);
        if (Files.isRegularFile(file)) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long end = endOfLastLine(channel);
                if (end < channel.size()) {
                    channel.truncate(end);
                }
            }
        }
        FileOutputStream out = new FileOutputStream(file.toFile(), true);
        if (made) {
            Journal.forceFolder(file);
        }
        return out;
    }

    private static long endOfLastLine(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
        for (long to = channel.size(); to > 0; ) {
            long from = Math.max(0, to - BUFFER_BYTES);
            bytes.clear().limit((int) (to - from));
            while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {}
            for (int at = bytes.position() - 1; at >= 0; at--) {
                if (bytes.get(at) == '\n') {
                    return from + at + 1;
                }
            }
            to = from;
        }
        return 0;
    }
}
