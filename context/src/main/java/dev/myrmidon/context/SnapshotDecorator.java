package dev.myrmidon.context;

import dev.myrmidon.TaskDecorator;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.Objects;

/// See [ContextDecorators#micrometer(ContextSnapshotFactory)].
final class SnapshotDecorator implements TaskDecorator {
    private final ContextSnapshotFactory snapshots;

    SnapshotDecorator(ContextSnapshotFactory snapshots) {
        this.snapshots = Objects.requireNonNull(snapshots, "snapshots");
    }

    @Override
    public Runnable decorate(Runnable task) {
        ContextSnapshot submitters = snapshots.captureAll();
        return () -> {
            try (ContextSnapshot.Scope _ = submitters.setThreadLocals()) {
                task.run();
            }
        };
    }
}
