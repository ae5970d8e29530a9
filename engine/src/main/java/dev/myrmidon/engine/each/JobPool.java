package dev.myrmidon.engine.each;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.each.EachOptions.Function;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.http.ManagementServer;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The pool that runs the items; with `--management` it is one of an engine, which others can look at and steer.
final class JobPool implements AutoCloseable {
    private static final String NAME = "each";

    /// Accepted items that have no slot yet. Functions can be so short that handing over one at a time
    /// would be most of the work; commands and requests never are. With keys, items of others pass those of a
    /// busy one there.
    private static final int READ_AHEAD = 1024;

    /// A job may be over before an engine would have looked twice.
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Pool pool;
    private final @Nullable DefaultEngine engine;

    private JobPool(Pool pool, @Nullable DefaultEngine engine) {
        this.pool = pool;
        this.engine = engine;
    }

    /// Opens it.
    ///
    /// @throws UsageException if it can't be managed at the port
    static JobPool open(EachOptions options) throws UsageException, InterruptedException {
        PoolConfig config = Pool.builder(NAME)
                .capacity(options.effectiveCapacity())
                .queueCapacity(options.work() instanceof Function || options.keyField() != null ? READ_AHEAD : 0)
                .timed(options.management() != null)
                .config();
        if (options.management() == null) {
            return new JobPool(Pool.open(config), null);
        }
        ManagementServer.limitConnections();
        try {
            DefaultEngine engine = new DefaultEngine(managed(config, options.management()));
            engine.registry()
                    .destroy(EngineConfig.DEFAULT_POOL, Duration.ZERO); // an engine has one, a job no use for it
            return new JobPool(engine.pool(NAME), engine);
        } catch (ConfigException e) {
            throw new UsageException("--management " + options.management() + ": "
                    + e.mistakes().getFirst().replaceFirst("^management\\.", ""));
        }
    }

    private static EngineConfig managed(PoolConfig config, int port) {
        return new EngineConfig(
                        EngineConfig.defaults().pool().toBuilder()
                                .preallocate(false)
                                .config(),
                        Map.of(NAME, config),
                        Duration.ZERO)
                .monitor(MonitorConfig.every(LOOK))
                .tracker(TrackerConfig.DEFAULT)
                .management(ManagementConfig.DEFAULT.port(port));
    }

    Pool pool() {
        return pool;
    }

    /// True if others can steer it.
    boolean isManaged() {
        return engine != null;
    }

    /// Where it can be looked at and steered, on one line; empty if it can't.
    Optional<String> invitation() {
        return Optional.ofNullable(engine).flatMap(DefaultEngine::invitation);
    }

    /// Interrupts what still runs, and lets nobody look at it any more. No effect if it is closed.
    @Override
    public void close() {
        if (engine != null) {
            engine.close();
        }
    }
}
