package dev.myrmidon.engine.internal;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.TaskFunction;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryReport;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// The one kind of engine there is: its pools are those of a registry, which also closes them.
public final class DefaultEngine implements Engine {
    private final EngineConfig config;
    private final PoolRegistry registry = new PoolRegistry();
    private final Pool defaultPool;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean signalled = new AtomicBoolean();
    private final Runnable onSignal = this::signalled;

    /// Opens the pools.
    public DefaultEngine(EngineConfig config) {
        this.config = config;
        this.defaultPool = registry.create(config.pool());
        config.pools().values().forEach(registry::create);
    }

    @Override
    public EngineConfig config() {
        return config;
    }

    @Override
    public Pool pool() {
        return defaultPool;
    }

    @Override
    public Pool pool(String name) {
        return registry.get(name);
    }

    @Override
    public <T> FunctionPool<T> functionPool(String name, int capacity, TaskFunction<? super T> function) {
        boolean canPreallocate = capacity >= 1 && capacity <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
        PoolConfig settings = config.pool();
        return functionPool(
                settings.toBuilder()
                        .name(name)
                        .capacity(capacity)
                        .preallocate(settings.preallocate() && canPreallocate)
                        .config(),
                function);
    }

    @Override
    public <T> FunctionPool<T> functionPool(PoolConfig own, TaskFunction<? super T> function) {
        return registry.create(own, function);
    }

    @Override
    public RegistryReport run() {
        return run(() -> {});
    }

    /// [#run()], for callers that want to know when signals are listened to.
    ///
    /// @param whenReady called once in this thread when a signal would be heard
    public RegistryReport run(Runnable whenReady) {
        StopSignals.add(onSignal);
        try {
            whenReady.run();
            boolean interrupted = false;
            try {
                stop.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            closing.set(true);
            RegistryReport report = closePools();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return report;
        } finally {
            StopSignals.remove(onSignal);
        }
    }

    @Override
    public void close() {
        boolean first = !closing.getAndSet(true);
        RegistryReport report = closePools();
        if (first && !report.clean()) {
            // Asked for only here: what stands behind a logger takes longer to start than the engine itself.
            System.Logger log = System.getLogger(Engine.class.getName());
            report.pools().stream()
                    .filter(pool -> !pool.clean())
                    .forEach(pool -> log.log(
                            System.Logger.Level.WARNING,
                            "closed before every task had ended: " + DrainedPool.line(pool)));
        }
    }

    /// Wakes up run(), which then waits for the same close.
    private RegistryReport closePools() {
        stop.countDown();
        return registry.close(config.grace());
    }

    /// The first signal asks for the end, the next one for a quick one.
    private void signalled() {
        if (signalled.getAndSet(true)) {
            registry.cutShort();
        } else {
            stop.countDown();
        }
    }
}
