package dev.myrmidon.engine.internal.config;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.OtlpConfig;
import dev.myrmidon.manage.Aimd;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import dev.myrmidon.manage.Threshold;
import dev.myrmidon.manage.TrackerConfig;
import dev.myrmidon.manage.alarm.AlarmLevels;
import dev.myrmidon.manage.alarm.AlarmUnit;
import dev.myrmidon.manage.alarm.WebhookConfig;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Writes a configuration that came from a file as a file again, with every key.
public final class ConfigWriter {
    private final StringBuilder yaml = new StringBuilder();
    private final UnaryOperator<String> secret;

    private ConfigWriter(UnaryOperator<String> secret) {
        this.secret = secret;
    }

    /// YAML of which [ConfigFile#read] makes an equal configuration.
    public static String write(EngineConfig config) {
        return new ConfigWriter(UnaryOperator.identity()).config(config);
    }

    /// The same for others to see: in the place of each secret stands what tells it from another one.
    public static String writeWithoutSecrets(EngineConfig config) {
        return new ConfigWriter(ConfigWriter::fingerprint).config(config);
    }

    private static String fingerprint(String secret) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return "…" + HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }

    private String config(EngineConfig config) {
        yaml.append("pool:\n");
        pool("  ", config.pool(), config);
        if (!config.pools().isEmpty()) {
            yaml.append("pools:\n");
            config.pools().forEach((name, pool) -> {
                // In quotes, because some names are numbers or words of YAML.
                yaml.append("  \"").append(name).append("\":\n");
                pool("    ", pool, config);
            });
        }
        monitor(config.monitor());
        config.tracker().ifPresent(this::tracker);
        alarms(config);
        config.management().ifPresent(this::management);
        config.otlp().ifPresent(this::otlp);
        yaml.append("shutdown: { grace: ").append(quoted(config.grace())).append(" }\n");
        return yaml.toString();
    }

    private void pool(String indent, PoolConfig pool, EngineConfig config) {
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
        ScalingConfig scaling = config.scaling().get(pool.name());
        if (scaling != null) {
            key(indent, "scaling", scaling(scaling));
        }
    }

    /// The keys of a section `scaling`.
    static String scaling(ScalingConfig scaling) {
        return "{ min: " + scaling.min() + ", max: " + scaling.max() + ", " + strategy(scaling.strategy())
                + ", interval: " + quoted(scaling.interval()) + ", cool_down: " + quoted(scaling.coolDown()) + " }";
    }

    private static String strategy(ScalingStrategy strategy) {
        return switch (strategy) {
            case Threshold(double growAbove, double shrinkBelow) ->
                "strategy: threshold, grow_above: " + decimal(growAbove) + ", shrink_below: " + decimal(shrinkBelow);
            case Aimd(int increase, double decrease, double maxFailureRate, Duration maxRunTime) ->
                "strategy: aimd, increase: " + increase + ", decrease: " + decimal(decrease) + ", max_failure_rate: "
                        + decimal(maxFailureRate) + ", max_run_time: " + quoted(maxRunTime);
            case ScalingStrategy other when other.equals(ScalingStrategy.gradient()) -> "strategy: gradient";
            case ScalingStrategy other when other.equals(ScalingStrategy.fixed()) -> "strategy: fixed";
            default -> "strategy: custom"; // of an application, and no file has it
        };
    }

    private void monitor(MonitorConfig monitor) {
        yaml.append("monitor: { interval: ")
                .append(quoted(monitor.interval()))
                .append(", window: ")
                .append(quoted(monitor.window()))
                .append(", history: ")
                .append(quoted(monitor.history()))
                .append(" }\n");
    }

    private void tracker(TrackerConfig tracker) {
        yaml.append("tracker: { per_outcome: ")
                .append(tracker.perOutcome())
                .append(", max_age: ")
                .append(quoted(tracker.maxAge()))
                .append(" }\n");
    }

    private void alarms(EngineConfig config) {
        yaml.append("alarms:\n");
        config.alarms().levels().forEach((type, levels) -> key("  ", type.key(), levels(type.unit(), levels)));
        key("  ", "least_tasks", config.alarms().leastTasks());
        key("  ", "growth_window", quoted(config.alarms().growthWindow()));
        config.webhook().ifPresent(this::webhook);
    }

    private static String levels(AlarmUnit unit, AlarmLevels levels) {
        return "{ threshold: " + value(unit, levels.threshold()) + ", resolve: " + value(unit, levels.resolve())
                + ", for: " + quoted(levels.sustained()) + ", quiet: " + quoted(levels.quiet()) + " }";
    }

    private static String value(AlarmUnit unit, double value) {
        return switch (unit) {
            case SHARE, COUNT -> decimal(value);
            case BYTES -> '"' + Sizes.format(value) + '"';
            case SECONDS -> quoted(AlarmsBinder.duration(value));
        };
    }

    private void webhook(WebhookConfig webhook) {
        yaml.append("  webhook:\n");
        String url = webhook.url().toString();
        String path = url.substring(webhook.host().length());
        key("    ", "url", text(webhook.host() + (path.isEmpty() ? "" : secret.apply(path))));
        key("    ", "template", webhook.template().name().toLowerCase(Locale.ROOT));
        key("    ", "timeout", quoted(webhook.timeout()));
        key("    ", "retries", webhook.retries());
        key("    ", "backoff", quoted(webhook.backoff()));
        webhook.secret().ifPresent(own -> key("    ", "secret", text(secret.apply(own))));
    }

    private void management(ManagementConfig management) {
        yaml.append("management: { host: ")
                .append(text(management.host()))
                .append(", port: ")
                .append(management.port());
        management.tokenFile().ifPresent(file -> yaml.append(", token_file: ").append(text(file.toString())));
        management
                .tls()
                .ifPresent(tls -> yaml.append(", tls: { certificate: ")
                        .append(text(tls.certificate().toString()))
                        .append(", key: ")
                        .append(text(tls.key().toString()))
                        .append(" }"));
        yaml.append(" }\n");
    }

    private void otlp(OtlpConfig otlp) {
        yaml.append("metrics:\n  otlp:\n");
        String query = otlp.url().toString().substring(otlp.endpoint().length());
        key("    ", "url", text(otlp.endpoint() + (query.isEmpty() ? "" : secret.apply(query))));
        key("    ", "interval", quoted(otlp.interval()));
        if (!otlp.headers().isEmpty()) {
            yaml.append("    headers:\n");
            otlp.headers().forEach((name, value) -> key("      ", text(name), text(secret.apply(value))));
        }
    }

    private static String decimal(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /// In double quotes, as JSON has it, which is YAML too.
    private static String text(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ') {
                quoted.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
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
