package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.Engine;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells when a file may have changed: was written, replaced, or one of the symbolic links on the way to it was.
///
/// The operating system tells of what happens in the folders on that way. Where it doesn't, as with many network file
/// systems, a look at the file's time, size and identity now and then is what is left. After the last event it waits
/// a moment, since a file that is being written tells of each piece.
final class FileWatcher implements AutoCloseable {
    /// How often to look without being told.
    static final Duration POLL = Duration.ofSeconds(5);

    /// How long nothing must have happened to the file.
    private static final Duration QUIET = Duration.ofMillis(100);

    /// A file that is written all the time is looked at this often.
    private static final Duration LONGEST_UNREST = Duration.ofSeconds(2);

    /// As many links in a row as Linux follows.
    private static final int MOST_LINKS = 40;

    /// What shows that a file is another one, or was written.
    ///
    /// @param key which file of the file system it is, where that can be told
    private record Stamp(
            FileTime modified, long size, @Nullable Object key) {
        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(now.lastModifiedTime(), now.size(), now.fileKey());
            } catch (IOException e) {
                return NONE;
            }
        }
    }

    private final Path file;
    private final Duration poll;
    private final @Nullable WatchService service;
    private final CountDownLatch closed = new CountDownLatch(1);

    // The watcher's thread alone has these.
    private Stamp stamp;
    /// Of each folder on the way to the file the names in it that matter.
    private Map<Path, Set<Path>> way = Map.of();

    private final Map<Path, WatchKey> keys = new HashMap<>();

    /// Starts nothing yet, but remembers what the file is now.
    ///
    /// @param poll how often to look without being told
    FileWatcher(Path file, Duration poll) {
        this.file = file.toAbsolutePath();
        this.poll = poll;
        this.stamp = Stamp.of(file);
        this.service = newService(file);
    }

    /// Starts to watch.
    ///
    /// @param onChange called in a thread of the watcher whenever the file may have changed since it was made
    void start(Runnable onChange) {
        // A platform thread: it has to go on looking when virtual threads don't get a carrier.
        Thread.ofPlatform().name("watch-" + file.getFileName()).daemon().start(() -> {
            try {
                watch(onChange);
            } catch (ClosedWatchServiceException | InterruptedException e) {
                // That was close().
            }
        });
    }

    /// Tells nothing more, but for what it is telling.
    @Override
    public void close() {
        closed.countDown();
        if (service != null) {
            try {
                service.close();
            } catch (IOException e) {
                log(System.Logger.Level.DEBUG, "can't be closed", e);
            }
        }
    }

    private void watch(Runnable onChange) throws InterruptedException {
        boolean told = false;
        while (closed.getCount() > 0) {
            followWay(); // before the look, so that nothing is missed in between
            Stamp now = Stamp.of(file);
            if (told || !now.equals(stamp)) {
                awaitQuiet();
                stamp = Stamp.of(file);
                followWay();
                run(onChange);
            }
            told = awaitEvent(poll);
        }
    }

    private void run(Runnable onChange) {
        try {
            onChange.run();
        } catch (Throwable failure) { // the next change has to be told all the same
            log(System.Logger.Level.ERROR, "a change could not be dealt with", failure);
        }
    }

    private void awaitQuiet() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_UNREST.toNanos();
        while (awaitEvent(QUIET) && System.nanoTime() < end) {
            followWay();
        }
    }

    /// Waits for something that may have to do with the file.
    ///
    /// @return false if nothing came in time
    private boolean awaitEvent(Duration longest) throws InterruptedException {
        if (service == null) {
            var _ = closed.await(longest.toNanos(), TimeUnit.NANOSECONDS);
            return false;
        }
        long end = System.nanoTime() + longest.toNanos();
        for (long left = longest.toNanos(); left > 0; left = end - System.nanoTime()) {
            WatchKey key = service.poll(left, TimeUnit.NANOSECONDS);
            if (key != null && matters(key)) {
                return true;
            }
        }
        return false;
    }

    private boolean matters(WatchKey key) {
        Set<Path> names = way.getOrDefault(key.watchable(), Set.of());
        boolean matters = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            matters |= event.kind().equals(StandardWatchEventKinds.OVERFLOW) || names.contains(event.context());
        }
        return !key.reset() || matters; // a folder that has gone may come again
    }

    /// Has the system tell of the folders that are on the way now. One that isn't there is left to the next look.
    private void followWay() {
        way = wayTo(file);
        if (service == null) {
            return;
        }
        keys.entrySet().removeIf(entry -> {
            boolean gone = !way.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        for (Path folder : way.keySet()) {
            try {
                // Known folders too: another one may have their name by now.
                WatchKey key = folder.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
                WatchKey before = keys.put(folder, key);
                if (before != null && !before.equals(key)) {
                    before.cancel();
                }
            } catch (IOException e) {
                log(System.Logger.Level.DEBUG, folder + " can't be watched", e);
            }
        }
    }

    /// Where the links on the way to a file are, and where the file is in the end: names by folder. What is missing
    /// or makes a loop ends the way.
    static Map<Path, Set<Path>> wayTo(Path file) {
        Map<Path, Set<Path>> way = new HashMap<>();
        Deque<Path> ahead = new ArrayDeque<>();
        Path at = start(file, ahead);
        int links = 0;
        while (!ahead.isEmpty() && links <= MOST_LINKS) {
            Path name = ahead.pop();
            if (name.toString().equals("..")) {
                Path parent = at.getParent(); // there is no link in the path so far
                at = parent == null ? at : parent;
                continue;
            }
            Path next = at.resolve(name);
            Path target = target(next);
            if (target != null || ahead.isEmpty()) {
                way.computeIfAbsent(at, _ -> new HashSet<>()).add(name);
            }
            if (target == null) {
                at = next;
            } else {
                links++;
                at = target.isAbsolute() ? start(target, ahead) : push(target, ahead, at);
            }
        }
        return way;
    }

    /// Puts the names of an absolute path ahead.
    ///
    /// @return its root
    private static Path start(Path absolute, Deque<Path> ahead) {
        return push(absolute, ahead, Objects.requireNonNull(absolute.getRoot()));
    }

    private static Path push(Path path, Deque<Path> ahead, Path from) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            if (!path.getName(i).toString().equals(".")) {
                ahead.push(path.getName(i));
            }
        }
        return from;
    }

    /// Where a symbolic link points; null if it isn't one.
    private static @Nullable Path target(Path path) {
        try {
            return Files.isSymbolicLink(path) ? Files.readSymbolicLink(path) : null;
        } catch (IOException e) {
            return null; // gone meanwhile
        }
    }

    private @Nullable WatchService newService(Path file) {
        try {
            return file.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            log(System.Logger.Level.INFO, "no events: it is looked at every " + poll.toSeconds() + " seconds", e);
            return null;
        }
    }

    private void log(System.Logger.Level level, String what, Throwable why) {
        System.getLogger(Engine.class.getName()).log(level, "watching " + file + ": " + what, why);
    }
}
