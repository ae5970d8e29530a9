package dev.myrmidon.engine.internal.metrics;

import dev.myrmidon.engine.OtlpConfig;
import dev.myrmidon.manage.PoolRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends the metrics of an engine, again and again, by a thread of Micrometer's. Thread-safe.
public final class OtlpExport implements AutoCloseable {
    /// For one request: what the specification of OpenTelemetry's exporters has by default.
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// How long a close waits for the last export.
    private static final Duration LAST = Duration.ofSeconds(2);

    private static final String SERVICE_NAME = "service.name";

    private final OtlpSender sender;
    private final EngineMeters meters;
    private final Duration last;

    private OtlpExport(OtlpSender sender, EngineMeters meters, Duration last) {
        this.sender = sender;
        this.meters = meters;
        this.last = last;
    }

    /// Begins: the first export comes within the first interval.
    ///
    /// @param pools whose pools, those that come later too
    public static OtlpExport start(OtlpConfig config, PoolRegistry pools) {
        return start(config, pools, TIMEOUT, LAST);
    }

    /// @param timeout for one request
    /// @param last how long a close waits for the last export
    static OtlpExport start(OtlpConfig config, PoolRegistry pools, Duration timeout, Duration last) {
        OtlpSender sender = new OtlpSender(config, timeout);
        try {
            MeterRegistry registry = OtlpMeterRegistry.builder(new Settings(config))
                    .metricsSender(sender)
                    .threadFactory(
                            Thread.ofPlatform().name("myrmidon-otlp").daemon().factory())
                    .build();
            return new OtlpExport(sender, new EngineMeters(registry, pools), last);
        } catch (Throwable failure) {
            sender.close();
            throw failure;
        }
    }

    /// What Micrometer asks for. Resource attributes come from the environment, as for every exporter of
    /// OpenTelemetry: `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME`.
    private record Settings(OtlpConfig config) implements io.micrometer.registry.otlp.OtlpConfig {
        @Override
        public @Nullable String get(String key) {
            return null;
        }

        /// Only shown, in the log.
        @Override
        public String url() {
            return config.endpoint();
        }

        @Override
        public Duration step() {
            return config.interval();
        }

        /// The sender has them.
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public Map<String, String> resourceAttributes() {
            Map<String, String> attributes =
                    new LinkedHashMap<>(io.micrometer.registry.otlp.OtlpConfig.super.resourceAttributes());
            attributes.putIfAbsent(SERVICE_NAME, "myrmidon");
            return attributes;
        }

        /// As OpenTelemetry's conventions have it.
        @Override
        public TimeUnit baseTimeUnit() {
            return TimeUnit.SECONDS;
        }
    }

    /// Lets everything stay as it is, though pools come and go: they are about to be closed.
    public void stay() {
        meters.stay();
    }

    /// Exports once more, and ends it: within 2 seconds, and at once if the thread is or was interrupted, whose
    /// interrupt status is kept.
    @Override
    public void close() {
        Thread closer = Thread.ofPlatform().name("myrmidon-otlp-last").daemon().start(meters::close);
        try {
            closer.join(last);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            sender.close();
        }
    }

    /// As [#close()], in a thread of its own.
    public void closeInBackground() {
        Thread.ofPlatform().name("myrmidon-otlp-close").daemon().start(this::close);
    }
}
