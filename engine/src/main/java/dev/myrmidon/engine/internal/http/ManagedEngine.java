package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
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

    /// Keeps account of a change.
    ///
    /// @param client who asked
    /// @param changes what changed or was to change
    /// @param refusals why it didn't; empty if it did
    void account(String client, List<String> changes, List<String> refusals);
}
