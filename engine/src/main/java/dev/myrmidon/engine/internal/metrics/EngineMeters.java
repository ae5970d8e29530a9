package dev.myrmidon.engine.internal.metrics;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryListener;
import dev.myrmidon.micrometer.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The meters of the JVM and of each pool of an engine in one registry of Micrometer's. Thread-safe.
///
/// A pool's are there while the engine has the pool: those that drain and have ended too, so that the last numbers
/// can still be read.
final class EngineMeters implements RegistryListener, AutoCloseable {
    private final MeterRegistry meters;
    private final PoolRegistry pools;
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<Pool, PoolMetrics> bound = new ConcurrentHashMap<>();

    /// Registers them.
    ///
    /// @param meters closed with this
    /// @param pools whose pools, those that come later too
    EngineMeters(MeterRegistry meters, PoolRegistry pools) {
        this.meters = meters;
        this.pools = pools;
        List<MeterBinder> ofTheJvm = List.of(
                new JvmMemoryMetrics(),
                collections,
                new JvmThreadMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics());
        ofTheJvm.forEach(own -> own.bindTo(meters));
        pools.addListener(this);
    }

    @Override
    public void created(Pool pool) {
        PoolMetrics metrics = new PoolMetrics(pool).untilClosed();
        bound.put(pool, metrics);
        metrics.bindTo(meters);
    }

    @Override
    public void destroyed(Pool pool) {
        PoolMetrics metrics = bound.remove(pool);
        if (metrics != null) {
            metrics.close();
        }
    }

    /// Lets everything stay as it is, though pools come and go: they are about to be closed.
    void stay() {
        pools.removeListener(this);
    }

    /// Closes the registry, and takes the meters out of it.
    @Override
    public void close() {
        stay();
        meters.close(); // first: it may send what it has
        bound.values().forEach(PoolMetrics::close);
        bound.clear();
        collections.close();
    }
}
