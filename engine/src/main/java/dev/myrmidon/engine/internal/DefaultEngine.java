package dev.myrmidon.engine.internal;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.TaskFunction;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.EngineReport;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// The one kind of engine there is.
///
/// It is open until the drain starts, which happens under the lock under which function pools are made: none slips in
/// afterwards.
public final class DefaultEngine implements Engine {
    private final EngineConfig config;
    private final Pool defaultPool;
    private final Object lock = new Object();
    /// All pools by name, in the order in which they were made. Guarded by lock.
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    /// Null while the engine is open. Guarded by lock; once set it stays.
    private @Nullable Drain drain;
    /// Guarded by lock.
    private boolean signalled;
    /// Guarded by lock.
    private boolean cutShort;

    private final CountDownLatch stop = new CountDownLatch(1);
    private final Runnable onSignal = this::signalled;

    /// Opens the pools.
    public DefaultEngine(EngineConfig config) {
        this.config = config;
        this.defaultPool = Pool.open(config.pool());
        pools.put(config.pool().name(), defaultPool);
        config.pools().forEach((name, pool) -> pools.put(name, Pool.open(pool)));
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
        synchronized (lock) {
            Pool pool = pools.get(name);
            if (pool == null) {
                throw new IllegalArgumentException(
                        "no pool has the name \"" + name + "\"; there are: " + String.join(", ", pools.keySet()));
            }
            return pool;
        }
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
        String name = own.name();
        synchronized (lock) {
            if (drain != null) {
                throw new IllegalStateException("the engine is closed: no pool \"" + name + "\" can be added");
            }
            if (pools.containsKey(name)) {
                throw new IllegalArgumentException("name must not be that of another pool, was \"" + name
                        + "\"; taken are: " + String.join(", ", pools.keySet()));
            }
            FunctionPool<T> functionPool = FunctionPool.of(own, function);
            pools.put(name, functionPool.pool());
            return functionPool;
        }
    }

    @Override
    public EngineReport run() {
        return run(() -> {});
    }

    /// [#run()], for callers that want to know when signals are listened to.
    ///
    /// @param whenReady called once in this thread when a signal would be heard
    public EngineReport run(Runnable whenReady) {
        StopSignals.add(onSignal);
        try {
            whenReady.run();
            boolean interrupted = false;
            try {
                stop.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
            EngineReport report = await(startDrain());
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
        boolean first;
        Drain draining;
        synchronized (lock) {
            first = drain == null;
            draining = startDrain();
        }
        EngineReport report = await(draining);
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

    /// The drain, which starts now unless it has; run() wakes up.
    private Drain startDrain() {
        synchronized (lock) {
            Drain draining = drain;
            if (draining == null) {
                draining = Drain.start(pools.values(), config.grace());
                if (cutShort) {
                    draining.cutShort();
                }
                drain = draining;
            }
            stop.countDown();
            return draining;
        }
    }

    /// Waits for the drain; an interrupt cuts it short.
    private static EngineReport await(Drain draining) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return draining.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    draining.cutShort();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The first signal asks for the end, the next one for a quick one.
    private void signalled() {
        synchronized (lock) {
            if (!signalled) {
                signalled = true;
                stop.countDown();
                return;
            }
            cutShort = true;
            if (drain != null) {
                drain.cutShort();
            }
        }
    }
}
