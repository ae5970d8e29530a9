package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.config.ConfigFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Brings a configuration file into a running engine. Thread-safe.
final class Reloader {
    /// What a file says.
    private sealed interface Said {
        record Right(EngineConfig config) implements Said {}

        record Wrong(List<String> mistakes) implements Said {}
    }

    private final Path file;
    private final LiveConfig live;
    /// Held from reading to applying, so that what was read last holds in the end.
    private final ReentrantLock reading = new ReentrantLock();
    /// What the file said last. Guarded by reading.
    private Said lastSaid;
    /// True if that was refused because of a pool that will end. Guarded by reading.
    private boolean worthAnotherTry;

    /// @param live has the configuration that the file said
    Reloader(Path file, LiveConfig live) {
        this.file = file;
        this.live = live;
        this.lastSaid = new Said.Right(live.config());
    }

    /// Applies what the file says now, or refuses it.
    AuditEntry reload(Asker asker) {
        reading.lock();
        try {
            return hear(read(), asker);
        } finally {
            reading.unlock();
        }
    }

    /// What that would do now, which isn't done and not accounted for.
    AuditEntry preview(Asker asker) {
        return switch (read()) {
            case Said.Right(EngineConfig config) -> live.preview(asker, config);
            case Said.Wrong(List<String> mistakes) -> asker.entry(List.of(), mistakes);
        };
    }

    /// Where it is.
    Path file() {
        return file;
    }

    /// Does so if the file says something else than the last time.
    void reloadIfNew() {
        reading.lock();
        try {
            Said said = read();
            if (!said.equals(lastSaid)) {
                hear(said, Asker.of(AuditEntry.Source.FILE));
            }
        } finally {
            reading.unlock();
        }
    }

    /// Does so again if the last time a pool stood against it that was to end, and one has.
    void poolEnded() {
        reading.lock();
        try {
            if (worthAnotherTry) {
                hear(read(), Asker.of(AuditEntry.Source.FILE));
            }
        } finally {
            reading.unlock();
        }
    }

    private Said read() {
        try {
            return new Said.Right(ConfigFile.read(file).config());
        } catch (ConfigException e) {
            return new Said.Wrong(e.mistakes());
        }
    }

    private AuditEntry hear(Said said, Asker asker) {
        lastSaid = said;
        AuditEntry entry = switch (said) {
            case Said.Right(EngineConfig config) -> live.change(asker, config);
            case Said.Wrong(List<String> mistakes) -> live.refuse(asker, mistakes);
        };
        worthAnotherTry = entry.refusals().stream().anyMatch(why -> why.endsWith(LiveConfig.NOT_ENDED));
        return entry;
    }
}
