package dev.myrmidon.examples;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.RegistryReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Configures pools in a file, opens them together and closes them together.
///
/// Use it when somebody who doesn't write the code is to set the limits. What the file leaves out has its
/// default; if anything in it is wrong, every mistake is reported and nothing starts.
final class LoadFromConfig {
    private static final String CONFIG = """
            pool:
              size: 100
              expiry_duration: "30s"
            pools:
              images:
                size: 4
                nonblocking: true
                queue: { capacity: 20 }
            shutdown: { grace: "10s" }
            """;

    private static final String BROKEN = """
            pool:
              size: 0
              expiry_duraton: "30s"
            """;

    static void main() throws IOException {
        Path file = Files.createTempFile("config", ".yaml");
        try {
            load(Files.writeString(file, CONFIG));
            loadBroken(Files.writeString(file, BROKEN));
        } finally {
            Files.delete(file);
        }
    }

    private static void load(Path file) {
        try (Engine engine = Engine.load(file)) {
            print(engine.pool());
            print(engine.pool("images"));

            FunctionPool<String> fetch = engine.functionPool("fetch", 8, page -> IO.println("fetched " + page));
            fetch.invoke("/about");

            Thread.startVirtualThread(engine::close); // here; otherwise somebody sends a SIGTERM
            RegistryReport report = engine.run(); // until then; waits for what is under way
            IO.println("closed " + report.pools().size() + " pools, clean: " + report.clean());
        }
    }

    private static void loadBroken(Path file) {
        try (Engine engine = Engine.load(file)) {
            print(engine.pool());
        } catch (ConfigException e) {
            for (String mistake : e.mistakes()) {
                IO.println(mistake.replace(file.toString(), "config.yaml")); // its path is new each time
            }
        }
    }

    private static void print(Pool pool) {
        PoolConfig config = pool.config();
        IO.println(config.name() + ": capacity=" + config.capacity() + " queueCapacity=" + config.queueCapacity()
                + " expiry=" + config.expiry());
    }
}
