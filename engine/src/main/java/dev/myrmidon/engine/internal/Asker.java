package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.AuditEntry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who asks for a change.
///
/// @param source what asks
/// @param client the address and port that it comes from; empty unless it comes over HTTP
record Asker(AuditEntry.Source source, Optional<String> client) {

    static Asker of(AuditEntry.Source source) {
        return new Asker(source, Optional.empty());
    }

    static Asker http(String client) {
        return new Asker(AuditEntry.Source.HTTP, Optional.of(client));
    }

    /// What is kept of a change.
    AuditEntry entry(List<String> changes, List<String> refusals) {
        return new AuditEntry(Instant.now(), source, client, changes, refusals);
    }
}
