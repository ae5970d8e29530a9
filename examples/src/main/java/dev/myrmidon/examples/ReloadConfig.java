package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Changes pools while they run, by editing the file they were configured in.
///
/// `Engine.load(file)` applies an edit by itself, a moment after it was made. Here nobody watches the file, so that
/// the recipe decides when.
final class ReloadConfig {
    static void main() throws IOException {
        Path folder = Files.createTempDirectory("config");
        Path file = folder.resolve("config.yaml");
        try {
            replace(file, "pools: { images: { size: 200 } }");
            try (Engine engine = Engine.load(file, false)) {
                Pool images = engine.pool("images");

                replace(file, "pools: { images: { size: 400 }, audio: { size: 5 } }");
                print(engine.reload(), file);
                IO.println("images: capacity=" + images.config().capacity());

                images.resize(300); // by hand: it stays until the file says another size
                replace(file, "pools: { images: { size: 400, task_timeout: 30s } }");
                print(engine.reload(), file);
                IO.println("images: capacity=" + images.config().capacity());

                replace(file, "pools: { images: { size: many } }");
                print(engine.reload(), file);

                replace(file, "pools: { images: { size: 500, task_timeout: 30s, queue: { order: priority } } }");
                print(engine.reload(), file);
                IO.println("images: capacity=" + images.config().capacity());

                IO.println(engine.audit().size() + " entries in the audit");
            }
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }

    /// Whoever reads the file finds the old one or the new one, and never half of it.
    private static void replace(Path file, String text) throws IOException {
        Path next = Files.writeString(file.resolveSibling("config.yaml.next"), text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void print(AuditEntry entry, Path file) {
        IO.println(entry.toString().replace(file.toString(), "config.yaml")); // its path is new each time
    }
}
