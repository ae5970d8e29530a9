package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.AuditEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// The last changes of the configuration. Thread-safe.
final class Audit {
    /// Months of changes by hand; some hundred kilobytes.
    static final int MOST = 1_000;

    /// Guarded by itself.
    private final Deque<AuditEntry> entries = new ArrayDeque<>();

    void add(AuditEntry entry) {
        synchronized (entries) {
            if (entries.size() == MOST) {
                entries.removeFirst();
            }
            entries.addLast(entry);
        }
    }

    /// The oldest first.
    List<AuditEntry> entries() {
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }
}
