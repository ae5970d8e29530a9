package dev.myrmidon.engine;

import java.time.Instant;
import java.util.List;

/// A change of an engine's configuration that was applied or refused.
///
/// @param at when
/// @param source what asked for it
/// @param changes what changed or was to change, one line each, such as `images.size 200 → 400`, `audio added (size
///     5)` or `video removed`; empty if nothing differed, or the file couldn't be read as a configuration
/// @param refusals why nothing was changed, one line each: the mistakes of the file, or what a running pool
///     can't take; empty if the change was applied
public record AuditEntry(Instant at, Source source, List<String> changes, List<String> refusals) {

    /// What asked for a change.
    public enum Source {
        /// The file changed.
        FILE("file"),
        /// The process got a SIGHUP.
        SIGHUP("SIGHUP"),
        /// The application called [Engine#reload()].
        RELOAD("reload()");

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

    /// {@return true if the configuration is in effect as it was asked for; false if nothing was changed}
    public boolean applied() {
        return refusals.isEmpty();
    }

    /// {@return one line, without the time: `file: images.size 200 → 400`, or `file: refused: ...`}
    @Override
    public String toString() {
        if (!applied()) {
            return source + ": refused: " + String.join("; ", refusals);
        }
        return source + ": " + (changes.isEmpty() ? "nothing changed" : String.join("; ", changes));
    }
}
