package dev.myrmidon;

import java.time.Duration;

/// Collects a [PoolConfig], field by field; each is explained there. Not thread-safe.
public final class PoolBuilder {
    private static final int NOT_SET = 0;

    private final String name;
    private int capacity = NOT_SET;
    private int queueCapacity = 0;
    private int maxBlockingTasks = Pool.UNBOUNDED;
    private SaturationPolicy whenSaturated = SaturationPolicy.await();
    private Duration expiry = PoolConfig.DEFAULT_EXPIRY;
    private boolean preallocate = false;
    private boolean timed = false;
    private TaskFailureHandler onFailure = TaskFailureHandler.LOG;

    PoolBuilder(String name) {
        this.name = PoolConfig.requireName(name);
    }

    PoolBuilder(PoolConfig config) {
        this.name = config.name();
        this.capacity = config.capacity();
        this.queueCapacity = config.queueCapacity();
        this.maxBlockingTasks = config.maxBlockingTasks();
        this.whenSaturated = config.whenSaturated();
        this.expiry = config.expiry();
        this.preallocate = config.preallocate();
        this.timed = config.timed();
        this.onFailure = config.onFailure();
    }

    /// Sets [PoolConfig#capacity()]; there is no default.
    ///
    /// @param capacity the most tasks that run at once
    /// @return this builder
    /// @throws IllegalArgumentException if it is neither at least 1 nor [Pool#UNBOUNDED]
    public PoolBuilder capacity(int capacity) {
        this.capacity = PoolConfig.requireCapacity(capacity);
        return this;
    }

    /// Sets [PoolConfig#queueCapacity()]; the default is 0.
    ///
    /// @param queueCapacity the most tasks that are accepted and wait for a slot
    /// @return this builder
    /// @throws IllegalArgumentException if it is neither at least 0 nor [Pool#UNBOUNDED]
    public PoolBuilder queueCapacity(int queueCapacity) {
        this.queueCapacity = PoolConfig.requireQueueCapacity(queueCapacity);
        return this;
    }

    /// Sets [PoolConfig#maxBlockingTasks()]; the default is [Pool#UNBOUNDED].
    ///
    /// @param maxBlockingTasks the most submitters that wait for room
    /// @return this builder
    /// @throws IllegalArgumentException if it is neither at least 1 nor [Pool#UNBOUNDED]
    public PoolBuilder maxBlockingTasks(int maxBlockingTasks) {
        this.maxBlockingTasks = PoolConfig.requireMaxBlockingTasks(maxBlockingTasks);
        return this;
    }

    /// Sets [PoolConfig#whenSaturated()]; the default is [SaturationPolicy#await()].
    ///
    /// @param policy what a submitter does that finds no room
    /// @return this builder
    /// @throws IllegalArgumentException if it is null
    public PoolBuilder whenSaturated(SaturationPolicy policy) {
        this.whenSaturated = PoolConfig.requireSet("whenSaturated", policy);
        return this;
    }

    /// Short for `whenSaturated(SaturationPolicy.refuse())`: submitters never wait.
    ///
    /// @return this builder
    public PoolBuilder nonblocking() {
        return whenSaturated(SaturationPolicy.refuse());
    }

    /// Sets [PoolConfig#expiry()]; the default is 10 seconds.
    ///
    /// @param expiry how long a worker stays idle
    /// @return this builder
    /// @throws IllegalArgumentException if it is null or not positive
    public PoolBuilder expiry(Duration expiry) {
        this.expiry = PoolConfig.requireExpiry(expiry);
        return this;
    }

    /// Sets [PoolConfig#preallocate()]; the default is false.
    ///
    /// @param preallocate whether to allocate the ring at start
    /// @return this builder
    public PoolBuilder preallocate(boolean preallocate) {
        this.preallocate = preallocate;
        return this;
    }

    /// Sets [PoolConfig#timed()]; the default is false.
    ///
    /// @param timed whether to measure how long tasks wait and run
    /// @return this builder
    public PoolBuilder timed(boolean timed) {
        this.timed = timed;
        return this;
    }

    /// Sets [PoolConfig#onFailure()]; the default is [TaskFailureHandler#LOG].
    ///
    /// @param handler told of what a task throws
    /// @return this builder
    /// @throws IllegalArgumentException if it is null
    public PoolBuilder onFailure(TaskFailureHandler handler) {
        this.onFailure = PoolConfig.requireSet("onFailure", handler);
        return this;
    }

    /// Makes the configuration without opening a pool.
    ///
    /// @return the configuration
    /// @throws IllegalArgumentException if the capacity was not set, or the fields don't go together
    public PoolConfig config() {
        if (capacity == NOT_SET) {
            throw new IllegalArgumentException(
                    "capacity of pool \"" + name + "\" must be set: at least 1, or Pool.UNBOUNDED");
        }
        return new PoolConfig(
                name, capacity, queueCapacity, maxBlockingTasks, whenSaturated, expiry, preallocate, timed, onFailure);
    }

    /// Opens the pool. Starts no thread.
    ///
    /// @return the open pool; close it
    /// @throws IllegalArgumentException if the capacity was not set, or the fields don't go together
    public Pool build() {
        return Pool.open(config());
    }
}
