package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.ScalingConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the API needs of an engine.
public interface ManagedEngine {
    /// {@return the engine itself}
    Engine engine();

    /// {@return false as soon as it closes}
    boolean isReady();

    /// Reads the file again.
    ///
    /// @param client who asks
    /// @return what came of it; empty if there is no file
    Optional<AuditEntry> reload(String client);

    /// What a reload would do now, without doing it.
    ///
    /// @param client who asks
    /// @return what would come of it; empty if there is no file that can be read again
    Optional<AuditEntry> preview(String client);

    /// {@return the file of the configuration; empty if there is none}
    Optional<Path> file();

    /// Scales a pool, until the file changes how it is scaled.
    ///
    /// @param pool its name
    /// @param scaling how; empty for not at all
    /// @throws IllegalArgumentException if the pool can't be scaled so
    void scale(String pool, Optional<ScalingConfig> scaling);

    /// Keeps account of a change.
    ///
    /// @param client who asked
    /// @param changes what changed or was to change
    /// @param refusals why it didn't; empty if it did
    void account(String client, List<String> changes, List<String> refusals);
}
