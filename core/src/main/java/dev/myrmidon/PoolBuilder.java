package dev.myrmidon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Collects a [PoolConfig], field by field; each is explained there. Not thread-safe.
public final class PoolBuilder {
    private static final int NOT_SET = 0;

    private String name;
    private int capacity = NOT_SET;
    private int queueCapacity = 0;
    private int maxBlockingTasks = Pool.UNBOUNDED;
    private SaturationPolicy whenSaturated = SaturationPolicy.await();
    private QueueOrder queueOrder = QueueOrder.fifo();
    private Duration expiry = PoolConfig.DEFAULT_EXPIRY;
    private Duration taskTimeout = Pool.NEVER;
    private Duration startWithin = Pool.NEVER;
    private boolean preallocate = false;
    private boolean isolated = false;
    private boolean timed = false;
    private final List<TaskDecorator> decorators = new ArrayList<>();
    private final List<PoolListener> listeners = new ArrayList<>();
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
        this.queueOrder = config.queueOrder();
        this.expiry = config.expiry();
        this.taskTimeout = config.taskTimeout();
        this.startWithin = config.startWithin();
        this.preallocate = config.preallocate();
        this.isolated = config.isolated();
        this.timed = config.timed();
        this.decorators.addAll(config.decorators());
        this.listeners.addAll(config.listeners());
        this.onFailure = config.onFailure();
    }

    /// Sets [PoolConfig#name()].
    ///
    /// @param name names the pool
    /// @return this builder
    /// @throws IllegalArgumentException if it is blank
    public PoolBuilder name(String name) {
        this.name = PoolConfig.requireName(name);
        return this;
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

    /// Sets [PoolConfig#queueOrder()]; the default is [QueueOrder#fifo()].
    ///
    /// @param order in what order tasks start that wait for a slot
    /// @return this builder
    /// @throws IllegalArgumentException if it is null
    public PoolBuilder queueOrder(QueueOrder order) {
        this.queueOrder = PoolConfig.requireSet("queueOrder", order);
        return this;
    }

    /// Sets [PoolConfig#expiry()]; the default is 10 seconds.
    ///
    /// @param expiry how long a worker stays idle
    /// @return this builder
    /// @throws IllegalArgumentException if it is null or not positive
    public PoolBuilder expiry(Duration expiry) {
        this.expiry = PoolConfig.requirePositive("expiry", expiry);
        return this;
    }

    /// Sets [PoolConfig#taskTimeout()]; the default is [Pool#NEVER].
    ///
    /// @param timeout how long a task may run
    /// @return this builder
    /// @throws IllegalArgumentException if it is null or not positive
    public PoolBuilder taskTimeout(Duration timeout) {
        this.taskTimeout = PoolConfig.requirePositive("taskTimeout", timeout);
        return this;
    }

    /// Sets [PoolConfig#startWithin()]; the default is [Pool#NEVER].
    ///
    /// @param startWithin how long the start of a task may take
    /// @return this builder
    /// @throws IllegalArgumentException if it is null or not positive
    public PoolBuilder startWithin(Duration startWithin) {
        this.startWithin = PoolConfig.requirePositive("startWithin", startWithin);
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

    /// Short for `isolated(true)`: each task runs in a thread of its own.
    ///
    /// @return this builder
    public PoolBuilder isolated() {
        return isolated(true);
    }

    /// Sets [PoolConfig#isolated()]; the default is false.
    ///
    /// @param isolated whether to run each task in a thread of its own
    /// @return this builder
    public PoolBuilder isolated(boolean isolated) {
        this.isolated = isolated;
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

    /// Adds to [PoolConfig#decorators()]; by default there are none.
    ///
    /// @param decorator put around the code of each task, inside those added before
    /// @return this builder
    /// @throws IllegalArgumentException if it is null
    public PoolBuilder decorator(TaskDecorator decorator) {
        decorators.add(PoolConfig.requireSet("decorator", decorator));
        return this;
    }

    /// Adds to [PoolConfig#listeners()]; by default there are none.
    ///
    /// @param listener told of what happens
    /// @return this builder
    /// @throws IllegalArgumentException if it is null
    public PoolBuilder listener(PoolListener listener) {
        listeners.add(PoolConfig.requireSet("listener", listener));
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
                name,
                capacity,
                queueCapacity,
                maxBlockingTasks,
                whenSaturated,
                queueOrder,
                expiry,
                taskTimeout,
                startWithin,
                preallocate,
                isolated,
                timed,
                decorators,
                listeners,
                onFailure);
    }

    /// Opens the pool. Starts no thread.
    ///
    /// @return the open pool; close it
    /// @throws IllegalArgumentException if the capacity was not set, or the fields don't go together
    public Pool build() {
        return Pool.open(config());
    }
}
