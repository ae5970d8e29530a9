package dev.myrmidon.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A change of an engine's configuration or of its pools that was applied or refused.
///
/// @param at when
/// @param source what asked for it
/// @param client the address and port that it came from; empty unless it came over HTTP
/// @param changes what changed or was to change, one line each, such as `images.size 200 → 400`, `audio
///     added (size 5)`, `video removed` or `images.paused false → true`; empty if nothing differed, or
///     the file couldn't be read as a configuration
/// @param refusals why nothing was changed, one line each: the mistakes of the file, what a running pool
///     can't take, or what was wrong with a request; empty if the change was applied
public record AuditEntry(
        Instant at, Source source, Optional<String> client, List<String> changes, List<String> refusals) {

    /// What asked for a change.
    public enum Source {
        /// The file changed.
        FILE("file"),
        /// The process got a SIGHUP.
        SIGHUP("SIGHUP"),
        /// The application called [Engine#reload()].
        RELOAD("reload()"),
        /// A request to the HTTP API.
        HTTP("http");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        /// {@return how it is shown to people}
        @Override
        public String toString() {
            return text;
        }
    }

    /// Copies the lists.
    public AuditEntry {
        changes = List.copyOf(changes);
        refusals = List.copyOf(refusals);
    }

    /// A change that nobody asked for over HTTP.
    ///
    /// @param at when
    /// @param source what asked for it
    /// @param changes what changed or was to change
    /// @param refusals why nothing was changed
    public AuditEntry(Instant at, Source source, List<String> changes, List<String> refusals) {
        this(at, source, Optional.empty(), changes, refusals);
    }

    /// {@return true if the configuration is in effect as it was asked for; false if nothing was
    /// changed}
    public boolean applied() {
        return refusals.isEmpty();
    }

    /// {@return one line, without the time: `file: images.size 200 → 400`, `http 127.0.0.1:51344:
    /// images.capacity 200 → 400`, or `file: refused: ...`}
    @Override
    public String toString() {
        String asked = source + client.map(address -> " " + address).orElse("");
        if (!applied()) {
            return asked + ": refused: " + String.join("; ", refusals);
        }
        return asked + ": " + (changes.isEmpty() ? "nothing changed" : String.join("; ", changes));
    }
}
