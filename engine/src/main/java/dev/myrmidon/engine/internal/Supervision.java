package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.metrics.OtlpExport;
import dev.myrmidon.manage.Autoscaler;
import dev.myrmidon.manage.JvmMonitor;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.alarm.AlarmRule;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.Alarms;
import dev.myrmidon.manage.alarm.LogNotifier;
import dev.myrmidon.manage.alarm.Notifier;
import dev.myrmidon.manage.alarm.WebhookNotifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What looks at an engine's pools and steers them, as its configuration says: monitor, alarms, autoscaler and the
/// export of metrics. Thread-safe.
final class Supervision implements AutoCloseable {
    private final PoolRegistry registry;
    private final Autoscaler autoscaler;
    private final Optional<EngineWatcher> watcher;
    private volatile PoolMonitor monitor;
    private volatile Alarms alarms;
    /// Guarded by this.
    private @Nullable JvmMonitor jvmMonitor;

    /// Changed under this only.
    private volatile @Nullable OtlpExport export;

    /// Guarded by this.
    private boolean closed;

    /// Looks at the pools of the registry, those that come later too. What is to be scaled is told
    /// [later][#scale].
    Supervision(PoolRegistry registry, EngineConfig config, Optional<EngineWatcher> watcher) {
        this.registry = registry;
        this.watcher = watcher;
        this.autoscaler = new Autoscaler(step -> watcher.ifPresent(own -> own.onStep(step)));
        this.monitor = startMonitor(config);
        this.alarms = startAlarms(config);
        try {
            this.export = startExport(config);
        } catch (Throwable failure) { // such as no file descriptor for its client
            close();
            throw failure;
        }
    }

    Autoscaler autoscaler() {
        return autoscaler;
    }

    PoolMonitor monitor() {
        return monitor;
    }

    Alarms alarms() {
        return alarms;
    }

    /// Scales the pools that the second configuration wants to be scaled, and no others of the first one. What
    /// stays as it is isn't disturbed, and neither is what [somebody else][#scale(String, Optional)] wants.
    ///
    /// @throws IllegalArgumentException if one of the pools can't be scaled; nothing has changed then
    synchronized void scale(Map<String, ScalingConfig> before, Map<String, ScalingConfig> after) {
        Map<String, Optional<ScalingConfig>> changed = new HashMap<>();
        Stream.concat(before.keySet().stream(), after.keySet().stream())
                .filter(pool -> !Objects.equals(before.get(pool), after.get(pool)))
                .forEach(pool -> changed.put(pool, Optional.ofNullable(after.get(pool))));
        rescale(changed);
    }

    /// Scales a pool as somebody wants it, until the configuration changes how it is scaled.
    ///
    /// @param wanted empty for not at all
    /// @throws IllegalArgumentException if it can't be scaled so; nothing has changed then
    synchronized void scale(String pool, Optional<ScalingConfig> wanted) {
        rescale(Map.of(pool, wanted));
    }

    private void rescale(Map<String, Optional<ScalingConfig>> wanted) {
        if (closed) {
            return;
        }
        Map<String, Optional<ScalingConfig>> before = new HashMap<>();
        wanted.keySet().forEach(pool -> before.put(pool, autoscaler.config(pool)));
        try {
            wanted.forEach(this::rescale);
        } catch (IllegalArgumentException refused) {
            before.forEach(this::restore);
            throw refused;
        }
    }

    private void restore(String pool, Optional<ScalingConfig> before) {
        try {
            rescale(pool, before);
        } catch (IllegalArgumentException cannotBeScaled) {
            // The application has closed it, or made it unbounded; that must not keep the others from being restored.
        }
    }

    private void rescale(String name, Optional<ScalingConfig> wanted) {
        autoscaler.remove(name);
        if (wanted.isPresent()) {
            registry.find(name).ifPresent(pool -> autoscaler.add(pool, wanted.get()));
        }
    }

    /// Lets the other settings of a new configuration hold. What hasn't changed isn't disturbed.
    synchronized void follow(EngineConfig before, EngineConfig after) {
        if (closed) {
            return;
        }
        boolean looksOtherwise = !before.monitor().equals(after.monitor());
        boolean alarmsOtherwise = looksOtherwise
                || !before.alarms().equals(after.alarms())
                || !before.webhook().equals(after.webhook());
        if (alarmsOtherwise) {
            stopAlarms();
        }
        if (looksOtherwise) {
            monitor.close();
            monitor = startMonitor(after);
        }
        if (alarmsOtherwise) {
            alarms = startAlarms(after);
        }
        if (!before.otlp().equals(after.otlp())) {
            OtlpExport ended = export;
            export = null;
            if (ended != null) {
                ended.closeInBackground();
            }
            export = startExport(after);
        }
    }

    private @Nullable OtlpExport startExport(EngineConfig config) {
        return config.otlp().map(otlp -> OtlpExport.start(otlp, registry)).orElse(null);
    }

    private PoolMonitor startMonitor(EngineConfig config) {
        PoolMonitor started = PoolMonitor.start(registry::pools, config.monitor());
        watcher.ifPresent(started::addListener);
        return started;
    }

    private Alarms startAlarms(EngineConfig config) {
        List<AlarmRule> rules = config.alarms().rules();
        List<Notifier> notifiers = new ArrayList<>();
        if (!rules.isEmpty()) {
            notifiers.add(new LogNotifier());
            config.webhook().ifPresent(webhook -> notifiers.add(new WebhookNotifier(webhook)));
            watcher.ifPresent(own -> notifiers.add(own::onAlarm));
        }
        Alarms started = new Alarms(rules, notifiers, registry::find);
        if (!rules.isEmpty()) {
            monitor.addListener(started);
        }
        if (config.alarms().levels().keySet().stream().anyMatch(AlarmType::isOfJvm)) {
            boolean pinned = config.alarms().levels().containsKey(AlarmType.PINNED);
            jvmMonitor = new JvmMonitor(config.monitor().interval(), pinned, started::onSample);
        }
        return started;
    }

    private void stopAlarms() {
        monitor.removeListener(alarms);
        if (jvmMonitor != null) {
            jvmMonitor.close();
            jvmMonitor = null;
        }
        alarms.close();
    }

    /// Keeps the metrics of pools that are about to be closed, for the last export. Doesn't wait.
    void beforeClose() {
        OtlpExport current = export;
        if (current != null) {
            current.stay();
        }
    }

    /// Ends all of it. What it knows can still be read.
    @Override
    public synchronized void close() {
        closed = true;
        autoscaler.close();
        stopAlarms();
        monitor.close();
        OtlpExport ended = export;
        export = null;
        if (ended != null) {
            ended.close();
        }
    }
}
