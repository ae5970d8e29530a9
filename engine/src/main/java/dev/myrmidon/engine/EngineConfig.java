package dev.myrmidon.engine;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an [Engine] is made with. Immutable; a configuration that makes no sense can't be built.
///
/// @param pool the default pool, whose name is [#DEFAULT_POOL]
/// @param pools the named pools, each under its own name, in the order in which they are listed everywhere
/// @param grace how long the tasks of all pools together may take to end when the engine closes; zero interrupts at
///     once
public record EngineConfig(PoolConfig pool, Map<String, PoolConfig> pools, Duration grace) {

    /// The name of the default pool, which no other pool can have.
    public static final String DEFAULT_POOL = "default";

    private static final EngineConfig DEFAULTS = new EngineConfig(
            Pool.builder(DEFAULT_POOL)
                    .capacity(50_000)
                    .maxBlockingTasks(10_000)
                    .preallocate(true)
                    .config(),
            Map.of(),
            Duration.ofSeconds(30));

    /// Checks the names, and copies the map.
    ///
    /// @throws IllegalArgumentException if the default pool has another name than [#DEFAULT_POOL], a named pool
    ///     has that name or stands under a name that isn't its own, or the grace is negative
    public EngineConfig {
        if (!pool.name().equals(DEFAULT_POOL)) {
            throw new IllegalArgumentException(
                    "pool must be named \"" + DEFAULT_POOL + "\", was \"" + pool.name() + "\"");
        }
        pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        pools.forEach((name, config) -> {
            if (!config.name().equals(name)) {
                throw new IllegalArgumentException(
                        "pools must stand under their own names, \"" + config.name() + "\" was under \"" + name + "\"");
            }
            if (name.equals(DEFAULT_POOL)) {
                throw new IllegalArgumentException(
                        "pools must not have the name of the default pool, \"" + name + "\"");
            }
        });
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
    }

    /// What holds for everything that a configuration file leaves out, and for an engine without a file: one
    /// pool of capacity 50,000, preallocated, without a queue, where up to 10,000 submitters wait for room and
    /// idle workers end after 10 seconds; a grace of 30 seconds.
    ///
    /// @return always the same one
    public static EngineConfig defaults() {
        return DEFAULTS;
    }
}
