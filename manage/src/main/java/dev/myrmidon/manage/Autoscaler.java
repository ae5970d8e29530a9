package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.ResizeCause;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Changes the capacity of pools with their load, each as its [ScalingConfig] says.
///
/// ```java
/// try (Autoscaler autoscaler = new Autoscaler()) {
///     autoscaler.add(images, ScalingConfig.between(50, 2_000));
///     …
/// }
/// ```
///
/// One platform thread looks at all pools, and exists from the first [#add] to [#close()]. Every change is
/// logged at INFO by the [System.Logger] `dev.myrmidon.manage`, as `images: capacity 10 → 20 (threshold: usage
/// 1.00 > 0.80, queued 120, waiting 4)`, and kept for [#steps()].
///
/// A pool that others resize goes on from there. A paused one is left alone, and so is one that
/// [stops][PoolStats.State#STOPPING]. One that has terminated is forgotten at the next look. A strategy that
/// throws leaves the capacity as it is; that is logged at WARNING, once until it works again.
///
/// Thread-safe. Nothing here waits for a task.
public final class Autoscaler implements AutoCloseable {
    /// How many steps are kept, of all pools together: 256.
    public static final int KEPT_STEPS = 256;

    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    private final Periodic thread = new Periodic("myrmidon-autoscaler");
    private final Map<String, Scaled> pools = new ConcurrentHashMap<>();
    private final Consumer<? super ScalingStep> listener;

    /// Guarded by itself.
    private final Deque<ScalingStep> steps = new ArrayDeque<>();

    /// An autoscaler without pools.
    public Autoscaler() {
        this(_ -> {});
    }

    /// An autoscaler that tells somebody of each change.
    ///
    /// @param listener called after each change, in the autoscaler's thread and under no lock; what it
    ///     throws is logged and goes no further. While it takes its time no pool is looked at
    public Autoscaler(Consumer<? super ScalingStep> listener) {
        this.listener = listener;
    }

    /// Scales the pool from now on; the first look at it is after one interval. To scale it differently,
    /// [remove][#remove(String)] it first.
    ///
    /// @param pool has a capacity, and is [timed][dev.myrmidon.PoolConfig#timed()] if the strategy needs it
    /// @param config how to scale it
    /// @throws IllegalArgumentException if the pool is shut down, is [Pool#UNBOUNDED] or isn't timed but has
    ///     to be, or if a pool of this name is scaled already
    /// @throws IllegalStateException if the autoscaler is closed
    public void add(Pool pool, ScalingConfig config) {
        PoolStats stats = pool.stats();
        String name = stats.name();
        if (stats.state() != PoolStats.State.RUNNING) {
            throw new IllegalArgumentException(name + " can't be scaled: it is shut down");
        }
        if (stats.capacity() == Pool.UNBOUNDED) {
            throw new IllegalArgumentException(
                    name + " can't be scaled: its capacity must be at least 1, was Pool.UNBOUNDED");
        }
        if (config.strategy().needsTimings() && !pool.config().timed()) {
            throw new IllegalArgumentException(
                    name + " is not timed, but " + config.strategy() + " needs run times: build it with timed(true)");
        }
        Scaled added = new Scaled(name, pool, config);
        Scaled scaled = pools.merge(name, added, (old, _) -> old.pool.isTerminated() ? added : old);
        if (scaled != added) {
            throw new IllegalArgumentException("a pool named " + name + " is scaled already: remove it first");
        }
        try {
            added.future = thread.every(config.interval(), added::look);
        } catch (RejectedExecutionException e) {
            pools.remove(name, added);
            throw new IllegalStateException("the autoscaler is closed", e);
        }
    }

    /// Scales the pool of this name no more. A look under way may still end in a change, unless somebody else
    /// changes the capacity first.
    ///
    /// @param pool its name
    /// @return false if no pool of this name is scaled
    public boolean remove(String pool) {
        Scaled removed = pools.remove(pool);
        if (removed != null) {
            removed.cancel();
        }
        return removed != null;
    }

    /// {@return the names of the pools that are scaled, in no order}
    public Set<String> pools() {
        return Set.copyOf(pools.keySet());
    }

    /// How the pool of this name is scaled.
    ///
    /// @param pool its name
    /// @return as it was [added][#add]; empty if no pool of this name is scaled
    public Optional<ScalingConfig> config(String pool) {
        return Optional.ofNullable(pools.get(pool)).map(scaled -> scaled.config);
    }

    /// {@return the last changes, [#KEPT_STEPS] at most, the oldest first; also after close}
    public List<ScalingStep> steps() {
        synchronized (steps) {
            return List.copyOf(steps);
        }
    }

    /// Scales no pool any more, and ends the thread, which it interrupts. Doesn't wait: see [#remove(String)].
    /// Capacities stay what they are.
    @Override
    public void close() {
        thread.close();
        pools.clear();
    }

    /// One pool, of which all but the construction and `cancel` is done in the autoscaler's thread.
    private final class Scaled {
        private final String name;
        private final Pool pool;
        private final Sampler sampler;
        private final ScalingConfig config;
        private final ScalingStrategy.Controller controller;
        private boolean failing;

        private volatile @Nullable Future<?> future;

        Scaled(String name, Pool pool, ScalingConfig config) {
            this.name = name;
            this.pool = pool;
            this.sampler = new Sampler(pool);
            this.config = config;
            this.controller = config.controller();
        }

        void look() {
            if (pool.isTerminated()) {
                pools.remove(name, this);
            }
            if (!isScaled()) {
                cancel(); // again, if it was removed before there was a future
                return;
            }
            PoolSample sample = sampler.sample();
            if (pool.isPaused() || sample.stats().state().compareTo(PoolStats.State.STOPPING) >= 0) {
                return;
            }
            int from = sample.stats().capacity();
            ScalingStrategy.Proposal proposal;
            try {
                proposal = controller.propose(sample);
                failing = false;
            } catch (Throwable failure) {
                if (!failing) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            name + ": the scaling strategy failed, the capacity stays " + from,
                            failure);
                }
                failing = true;
                return;
            }
            if (proposal.capacity() != from && pool.stats().capacity() == from && isScaled()) {
                pool.resize(proposal.capacity(), ResizeCause.SCALING);
                made(new ScalingStep(Instant.now(), name, from, proposal.capacity(), proposal.reason()));
            }
        }

        private boolean isScaled() {
            return pools.get(name) == this;
        }

        void cancel() {
            Future<?> known = future;
            if (known != null) {
                known.cancel(false);
            }
        }
    }

    private void made(ScalingStep step) {
        LOG.log(System.Logger.Level.INFO, step.toString());
        synchronized (steps) {
            if (steps.size() == KEPT_STEPS) {
                steps.removeFirst();
            }
            steps.addLast(step);
        }
        try {
            listener.accept(step);
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed that was told of " + step, failure);
        }
    }
}
