package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.ScalingConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An engine that notes what it is to keep account of.
record Noted(Engine engine, List<String> refused) implements ManagedEngine {
    Noted(Engine engine) {
        this(engine, new ArrayList<>());
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public Optional<AuditEntry> reload(String client) {
        return Optional.empty();
    }

    @Override
    public Optional<AuditEntry> preview(String client) {
        return Optional.empty();
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    @Override
    public void scale(String pool, Optional<ScalingConfig> scaling) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void account(String client, List<String> changes, List<String> refusals) {
        refused.add(client + " " + String.join("; ", refusals));
    }
}
