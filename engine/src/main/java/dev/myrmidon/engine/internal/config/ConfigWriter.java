package dev.myrmidon.engine.internal.config;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.EngineConfig;
import java.time.Duration;

/// Writes a configuration that came from a file as a file again, with every key.
public final class ConfigWriter {
    private final StringBuilder yaml = new StringBuilder();

    private ConfigWriter() {}

    /// YAML of which [ConfigFile#read] makes an equal configuration.
    public static String write(EngineConfig config) {
        return new ConfigWriter().config(config);
    }

    private String config(EngineConfig config) {
        yaml.append("pool:\n");
        pool("  ", config.pool());
        if (!config.pools().isEmpty()) {
            yaml.append("pools:\n");
            config.pools().forEach((name, pool) -> {
                // In quotes, because some names are numbers or words of YAML.
                yaml.append("  \"").append(name).append("\":\n");
                pool("    ", pool);
            });
        }
        yaml.append("shutdown: { grace: ").append(quoted(config.grace())).append(" }\n");
        return yaml.toString();
    }

    private void pool(String indent, PoolConfig pool) {
        key(indent, "size", pool.capacity());
        key(indent, "expiry_duration", quoted(pool.expiry()));
        key(indent, "pre_alloc", pool.preallocate());
        key(indent, "max_blocking_tasks", pool.maxBlockingTasks() == Pool.UNBOUNDED ? 0 : pool.maxBlockingTasks());
        key(indent, "nonblocking", pool.whenSaturated() instanceof SaturationPolicy.Refuse);
        key(indent, "queue", "{ capacity: " + pool.queueCapacity() + ", order: " + order(pool.queueOrder()) + " }");
        key(indent, "task_timeout", quoted(pool.taskTimeout()));
        key(indent, "start_within", quoted(pool.startWithin()));
        key(indent, "isolated", pool.isolated());
        key(indent, "timed", pool.timed());
    }

    private static String order(QueueOrder order) {
        return switch (order) {
            case QueueOrder.Fifo _ -> "fifo";
            case QueueOrder.Priority(Duration aging) -> "priority, aging: " + quoted(aging);
        };
    }

    private static String quoted(Duration duration) {
        return '"' + (duration.equals(Pool.NEVER) ? "0s" : Durations.format(duration)) + '"';
    }

    private void key(String indent, String key, Object value) {
        yaml.append(indent).append(key).append(": ").append(value).append('\n');
    }
}
