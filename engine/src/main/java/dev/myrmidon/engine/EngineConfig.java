package dev.myrmidon.engine;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.TrackerConfig;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import dev.myrmidon.manage.alarm.WebhookConfig;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What an [Engine] is made with. Immutable; a configuration that makes no sense can't be built.
///
/// @param pool the default pool, whose name is [#DEFAULT_POOL]
/// @param pools the named pools, each under its own name, in the order in which they are listed everywhere
/// @param scaling how the capacity of pools follows their load, by the names of those whose does
/// @param monitor how often the engine looks at its pools, and how long it remembers
/// @param tracker which of the tasks that have ended the engine remembers; empty for none, which costs nothing
/// @param alarms what the engine raises alarms for; they go into the log
/// @param webhook who is told of alarms, too
/// @param management where the engine serves its HTTP API; empty for nowhere
/// @param otlp where the engine sends its metrics; empty for nowhere
/// @param grace how long the tasks of all pools together may take to end when the engine closes; zero interrupts at
///     once
public record EngineConfig(
        PoolConfig pool,
        Map<String, PoolConfig> pools,
        Map<String, ScalingConfig> scaling,
        MonitorConfig monitor,
        Optional<TrackerConfig> tracker,
        AlarmsConfig alarms,
        Optional<WebhookConfig> webhook,
        Optional<ManagementConfig> management,
        Optional<OtlpConfig> otlp,
        Duration grace) {

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

    /// Checks the names and what scaling needs, and copies the maps.
    ///
    /// @throws IllegalArgumentException if the default pool has another name than [#DEFAULT_POOL], a named pool
    ///     has that name or stands under a name that isn't its own, the grace is negative, or scaling is for a
    ///     pool that isn't there, is [Pool#UNBOUNDED] or isn't timed though its strategy needs that
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
        scaling = Collections.unmodifiableMap(new LinkedHashMap<>(scaling));
        for (Map.Entry<String, ScalingConfig> scaled : scaling.entrySet()) {
            requireScalable(scaled.getKey().equals(DEFAULT_POOL) ? pool : pools.get(scaled.getKey()), scaled);
        }
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace must not be negative, was " + grace);
        }
    }

    private static void requireScalable(@Nullable PoolConfig pool, Map.Entry<String, ScalingConfig> scaled) {
        String name = scaled.getKey();
        if (pool == null) {
            throw new IllegalArgumentException("scaling must be for a pool that there is, was for \"" + name + "\"");
        }
        if (pool.capacity() == Pool.UNBOUNDED) {
            throw new IllegalArgumentException(
                    "scaling must be for a pool with a capacity, was for \"" + name + "\", which is unbounded");
        }
        if (scaled.getValue().strategy().needsTimings() && !pool.timed()) {
            throw new IllegalArgumentException("scaling of \"" + name + "\" must be for a pool that is timed, with "
                    + scaled.getValue().strategy());
        }
    }

    /// Pools, with nothing scaled, tracked, alarming, served or sent, and the usual monitor.
    ///
    /// @param pool the default pool
    /// @param pools the named pools
    /// @param grace how long their tasks may take to end when the engine closes
    /// @throws IllegalArgumentException as the canonical constructor does
    public EngineConfig(PoolConfig pool, Map<String, PoolConfig> pools, Duration grace) {
        this(
                pool,
                pools,
                Map.of(),
                MonitorConfig.DEFAULT,
                Optional.empty(),
                AlarmsConfig.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                grace);
    }

    /// Sets [#scaling()].
    ///
    /// @param scaling by the names of the pools
    /// @return a copy with it
    /// @throws IllegalArgumentException if a pool isn't there or can't be scaled so
    public EngineConfig scaling(Map<String, ScalingConfig> scaling) {
        return new EngineConfig(pool, pools, scaling, monitor, tracker, alarms, webhook, management, otlp, grace);
    }

    /// Sets [#monitor()].
    ///
    /// @param monitor how often the engine looks at its pools
    /// @return a copy with it
    public EngineConfig monitor(MonitorConfig monitor) {
        return new EngineConfig(pool, pools, scaling, monitor, tracker, alarms, webhook, management, otlp, grace);
    }

    /// Sets [#tracker()].
    ///
    /// @param tracker which tasks the engine remembers
    /// @return a copy with it
    public EngineConfig tracker(TrackerConfig tracker) {
        return new EngineConfig(
                pool, pools, scaling, monitor, Optional.of(tracker), alarms, webhook, management, otlp, grace);
    }

    /// Sets [#alarms()].
    ///
    /// @param alarms what the engine raises alarms for
    /// @return a copy with it
    public EngineConfig alarms(AlarmsConfig alarms) {
        return new EngineConfig(pool, pools, scaling, monitor, tracker, alarms, webhook, management, otlp, grace);
    }

    /// Sets [#webhook()].
    ///
    /// @param webhook who is told of alarms
    /// @return a copy with it
    public EngineConfig webhook(WebhookConfig webhook) {
        return new EngineConfig(
                pool, pools, scaling, monitor, tracker, alarms, Optional.of(webhook), management, otlp, grace);
    }

    /// Sets [#management()].
    ///
    /// @param management where the engine serves its HTTP API
    /// @return a copy with it
    public EngineConfig management(ManagementConfig management) {
        return new EngineConfig(
                pool, pools, scaling, monitor, tracker, alarms, webhook, Optional.of(management), otlp, grace);
    }

    /// Sets [#otlp()].
    ///
    /// @param otlp where the engine sends its metrics
    /// @return a copy with it
    public EngineConfig otlp(OtlpConfig otlp) {
        return new EngineConfig(
                pool, pools, scaling, monitor, tracker, alarms, webhook, management, Optional.of(otlp), grace);
    }

    /// What holds for everything that a configuration file leaves out, and for an engine without a file: one
    /// pool of capacity 50,000, preallocated, without a queue, where up to 10,000 submitters wait for room and
    /// idle workers end after 10 seconds; a look at the pools every 5 seconds; no alarms, no HTTP API, no metrics
    /// sent; a grace of
    /// 30 seconds.
    ///
    /// @return always the same one
    public static EngineConfig defaults() {
        return DEFAULTS;
    }
}
