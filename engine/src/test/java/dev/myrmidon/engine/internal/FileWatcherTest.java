package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileWatcherTest {
    private static final Path NAME = Path.of("f");

    @TempDir
    Path temp;

    /// Without links on the way to it, as it has on some systems.
    private Path folder;

    @BeforeEach
    void resolve() throws IOException {
        folder = temp.toRealPath();
    }

    @Test
    void theWayToAPlainFileIsItsFolder() {
        assertThat(FileWatcher.wayTo(folder.resolve("f"))).isEqualTo(Map.of(folder, Set.of(NAME)));
        assertThat(FileWatcher.wayTo(folder.resolve("x/.././f"))).isEqualTo(Map.of(folder, Set.of(NAME)));
    }

    @Test
    void theWayLeadsAlongEveryLink() throws IOException {
        Path real = Files.createDirectories(folder.resolve("real/deep"));
        Files.createSymbolicLink(folder.resolve("dir"), Path.of("real"));
        Files.createSymbolicLink(real.resolve("f"), Path.of("..", "g"));
        Files.createSymbolicLink(folder.resolve("real/g"), folder.resolve("h"));

        assertThat(FileWatcher.wayTo(folder.resolve("dir/deep/f")))
                .isEqualTo(Map.of(
                        folder,
                        Set.of(Path.of("dir"), Path.of("h")),
                        real,
                        Set.of(NAME),
                        folder.resolve("real"),
                        Set.of(Path.of("g"))));
    }

    @Test
    void aLoopEnds() throws IOException {
        Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
        Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));

        assertThat(FileWatcher.wayTo(folder.resolve("a")))
                .isEqualTo(Map.of(folder, Set.of(Path.of("a"), Path.of("b"))));
    }

    @Test
    void whatChangedBeforeTheStartIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "1");
        AtomicInteger told = new AtomicInteger();
        try (FileWatcher watcher = new FileWatcher(file, Duration.ofHours(1))) {
            Files.writeString(file, "22");
            watcher.start(told::incrementAndGet);

            await().until(() -> told.get() == 1);
        }
    }

    /// In a zip file nobody tells of events.
    @Test
    void withoutEventsItLooks() throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"))) {
            Path file = Files.writeString(zip.getPath("/f"), "1");
            AtomicInteger told = new AtomicInteger();
            try (FileWatcher watcher = new FileWatcher(file, Duration.ofMillis(10))) {
                watcher.start(told::incrementAndGet);
                Files.writeString(file, "22");
                await().until(() -> told.get() == 1);
                Files.delete(file);
                await().until(() -> told.get() == 2);
                Files.writeString(file, "333");
                await().until(() -> told.get() == 3);
            }
        }
    }

    @Test
    void aFolderThatIsReplacedIsFound() throws IOException {
        Path file = Files.writeString(Files.createDirectory(folder.resolve("d")).resolve("f"), "1");
        AtomicInteger told = new AtomicInteger();
        try (FileWatcher watcher = new FileWatcher(file, Duration.ofMillis(10))) {
            watcher.start(told::incrementAndGet);
            Files.move(folder.resolve("d"), folder.resolve("old"));
            await().until(() -> told.get() >= 1);
            int before = told.get();
            Files.writeString(Files.createDirectory(folder.resolve("d")).resolve("f"), "22");
            await().until(() -> told.get() > before);
        }
    }

    @Test
    void oneFailureIsNotItsEnd() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "1");
        AtomicReference<String> seen = new AtomicReference<>(); // not how often: a write may be told piece by piece
        try (FileWatcher watcher = new FileWatcher(file, Duration.ofHours(1))) {
            watcher.start(() -> {
                seen.set(text(file));
                throw new IllegalStateException("on purpose");
            });
            Files.writeString(file, "22");
            await().until(() -> "22".equals(seen.get()));
            Files.writeString(file, "333");
            await().until(() -> "333".equals(seen.get()));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
