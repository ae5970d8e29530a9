package dev.myrmidon.engine.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.manage.RegistryReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

/// What [OrderlyEndTest] runs in a JVM of its own: an application whose pools are under load until they take no more.
///
/// Arguments: the file of the token, and a file that the last task waits for.
final class LoadedEngine {
    private LoadedEngine() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        pools.put("waits", Pool.builder("waits").capacity(4).queueCapacity(100).config());
        pools.put(
                "refuses",
                Pool.builder("refuses")
                        .capacity(4)
                        .queueCapacity(2)
                        .nonblocking()
                        .config());
        pools.put("last", Pool.builder("last").capacity(1).config());
        Engine engine = Engine.create(new EngineConfig(EngineConfig.defaults().pool(), pools, Duration.ofSeconds(40))
                .management(ManagementConfig.DEFAULT.port(0).tokenFile(Path.of(args[0]))));
        Path awaited = Path.of(args[1]);
        engine.pool("last").execute(() -> {
            while (!Files.exists(awaited)) {
                LockSupport.parkNanos(10_000_000);
            }
        });
        for (String name : pools.keySet()) {
            for (int i = 0; i < 8 && !name.equals("last"); i++) {
                Pool pool = engine.pool(name);
                Thread.startVirtualThread(() -> submit(pool));
            }
        }
        System.out.println("serves at " + engine.management().orElseThrow());
        RegistryReport report = engine.run();
        if (!report.clean()) {
            System.exit(1);
        }
    }

    /// Goes on after the pools are closed: what is refused then must be in the books, too.
    private static void submit(Pool pool) {
        for (int i = 0; true; i++) {
            boolean fails = i % 10 == 0;
            try {
                var task = pool.submit(() -> {
                    LockSupport.parkNanos(100_000);
                    if (fails) {
                        throw new IllegalStateException("one in ten");
                    }
                    return null;
                });
                if (i % 7 == 0) {
                    task.cancel(true);
                }
            } catch (RejectedExecutionException _) {
                LockSupport.parkNanos(50_000);
            }
        }
    }
}
