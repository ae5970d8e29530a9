package dev.myrmidon.engine.each;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// A directory for the files of one run that only its user can look into, gone when the run or the JVM ends.
///
/// The directory is made when the first file is asked for. Thread-safe.
final class Scratch implements AutoCloseable {
    /// Catches what ends the JVM past [#close()], such as running out of memory. `kill -9` can't be caught.
    private final Thread hook = new Thread(this::deleteQuietly, "myrmidon-scratch");

    private volatile @Nullable Path directory;

    /// A path for a file of this name; makes the directory, not the file.
    Path file(String name) throws IOException {
        Path made = directory;
        return (made != null ? made : make()).resolve(name);
    }

    private synchronized Path make() throws IOException {
        Path made = directory;
        if (made == null) {
            // Readable by its owner only: that is what createTempDirectory promises.
            made = Files.createTempDirectory("myrmidon-each-");
            directory = made;
            Runtime.getRuntime().addShutdownHook(hook);
        }
        return made;
    }

    /// Deletes the directory with all that is in it. If that fails, because an item that was given up still
    /// writes there, it is tried again when the JVM ends.
    @Override
    public void close() {
        try {
            delete();
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IOException e) {
            System.getLogger(Scratch.class.getName())
                    .log(System.Logger.Level.DEBUG, "could not delete " + directory + " yet", e);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook runs anyway, and finds nothing to delete.
            return;
        }
    }

    private void deleteQuietly() {
        try {
            delete();
        } catch (IOException e) {
            System.getLogger(Scratch.class.getName())
                    .log(System.Logger.Level.WARNING, "could not delete " + directory, e);
        }
    }

    private void delete() throws IOException {
        Path made = directory;
        if (made == null) {
            return;
        }
        Files.walkFileTree(made, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // somebody else was faster
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
