package dev.myrmidon.internal;

import dev.myrmidon.Batch;
import dev.myrmidon.CloseReport;
import dev.myrmidon.LevelStats;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolCauses;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.ResizeCause;
import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.TaskGroup;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.ThrowingFunction;
import dev.myrmidon.TimingsListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one kind of pool there is: puts together the [Gate], the [Ring], the [Workers], the [Intake] and the
/// [Lifecycle], and answers what is asked of it.
public final class DefaultPool extends AbstractExecutorService implements Pool {
    /// Written under `reconfiguring`. Its capacity is the one it was opened or last reconfigured with.
    private volatile PoolConfig config;

    private final Books books = new Books();
    private final Ready ready;
    private final Gate gate;
    private final @Nullable Timings timings;
    private final @Nullable Listeners listeners;
    private final TaskRunner runner;
    private final Workers workers;
    private final Intake intake;
    private final Lifecycle life;
    private final PaddedAtomicLong ids = new PaddedAtomicLong();
    private final Delays delays = new Delays(this);
    private final Scheduler scheduler = new Scheduler(this, delays);

    /// The pool's own limits, for tasks that don't say; `Long.MAX_VALUE` is none.
    private volatile long taskTimeoutNanos;

    private volatile long startWithinNanos;

    /// Held while the configuration is replaced.
    private final ReentrantLock reconfiguring = new ReentrantLock();

    /// Opens a pool.
    public DefaultPool(PoolConfig config) {
        this(
                config,
                Thread.ofVirtual()
                        .name(config.name() + "-", 0)
                        .inheritInheritableThreadLocals(false)
                        .factory());
    }

    /// Opens a pool with threads from elsewhere, for tests of what happens when there are none.
    DefaultPool(PoolConfig config, ThreadFactory threads) {
        this.config = config;
        Line queued;
        Line waiting;
        switch (config.queueOrder()) {
            case QueueOrder.Fifo _ -> {
                ready = config.preallocate() ? new Ring(config.capacity()) : new Ring();
                queued = new ArrivalLine(config.timed());
                waiting = new ArrivalLine(true);
            }
            case QueueOrder.Priority(Duration aging) -> {
                PriorityLine line = new PriorityLine(nanos(aging), config.timed());
                ready = line;
                queued = line;
                waiting = new PriorityLine(nanos(aging), false);
            }
        }
        this.gate = new Gate(
                config.capacity(),
                config.queueCapacity(),
                config.maxBlockingTasks(),
                ready,
                queued,
                waiting,
                books,
                this::dismissWorkers);
        this.timings = config.timed() ? new Timings(config.name()) : null;
        this.runner = new TaskRunner(config.name(), config.onFailure(), timings);
        this.workers = new Workers(
                gate, ready, runner, books, threads, nanos(config.expiry()), config.isolated(), this::recordClosed);
        this.listeners = config.listeners().isEmpty() ? null : new Listeners(config.name(), config.listeners());
        this.taskTimeoutNanos = nanos(config.taskTimeout());
        this.startWithinNanos = nanos(config.startWithin());
        this.intake = new Intake(this, config, books, gate, ready, workers, runner, timings, listeners);
        this.life = new Lifecycle(this, books, gate, ready, workers, delays, listeners);
    }

    @Override
    public void execute(Runnable task) {
        intake.admit(intake.prepared(task));
    }

    @Override
    public void execute(Runnable task, TaskOptions options) {
        intake.admit(intake.prepared(task, options));
    }

    @Override
    public Task<?> submit(Runnable task) {
        return submit(task, TaskOptions.NONE);
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Runnable task, T result) {
        return admitted(new SubmittedTask<>(this, Objects.requireNonNull(task, "task"), result, TaskOptions.NONE));
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Callable<T> task) {
        return submit(task, TaskOptions.NONE);
    }

    @Override
    public Task<?> submit(Runnable task, TaskOptions options) {
        return admitted(new SubmittedTask<@Nullable Void>(
                this, Objects.requireNonNull(task, "task"), null, Objects.requireNonNull(options, "options")));
    }

    @Override
    public <T extends @Nullable Object> Task<T> submit(Callable<T> task, TaskOptions options) {
        return admitted(new SubmittedTask<>(
                this, Objects.requireNonNull(task, "task"), Objects.requireNonNull(options, "options")));
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Batch<R> map(
            Iterable<? extends T> items, ThrowingFunction<? super T, ? extends R> function) {
        return map(items, function, _ -> TaskOptions.NONE);
    }

    @Override
    public <T extends @Nullable Object, R extends @Nullable Object> Batch<R> map(
            Iterable<? extends T> items,
            ThrowingFunction<? super T, ? extends R> function,
            Function<? super T, TaskOptions> options) {
        Objects.requireNonNull(function, "function");
        return DefaultBatch.of(this, items, item -> new Mapping<T, R>(function, item), options);
    }

    @Override
    public TaskGroup group() {
        return new DefaultTaskGroup(this);
    }

    @Override
    public boolean tryExecute(Runnable task) {
        return intake.tryAdmit(intake.prepared(task));
    }

    @Override
    public boolean tryExecute(Runnable task, Duration maxWait) throws InterruptedException {
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, was " + maxWait);
        }
        return intake.tryAdmit(intake.prepared(task), nanos(maxWait));
    }

    @Override
    public void resize(int capacity) {
        resize(capacity, ResizeCause.MANUAL);
    }

    @Override
    public void resize(int capacity, ResizeCause cause) {
        Objects.requireNonNull(cause, "cause");
        afterResize(gate.resize(PoolConfig.requireCapacity(capacity)), capacity, cause);
    }

    private void afterResize(int before, int capacity, ResizeCause cause) {
        workers.signalIfAny();
        if (before == capacity) {
            return;
        }
        books.resized(cause);
        FlightRecorder.resized(name(), before, capacity);
        if (listeners != null) {
            listeners.tell(new PoolEvent.Resized(name(), before, capacity));
        }
    }

    @Override
    public void reconfigure(PoolConfig changed) {
        requireReconfigurable(changed);
        int before;
        reconfiguring.lock();
        try {
            config = changed;
            taskTimeoutNanos = nanos(changed.taskTimeout());
            startWithinNanos = nanos(changed.startWithin());
            intake.reconfigure(changed);
            workers.expireAfter(nanos(changed.expiry()));
            before = gate.reconfigure(changed.capacity(), changed.queueCapacity(), changed.maxBlockingTasks());
        } finally {
            reconfiguring.unlock();
        }
        afterResize(before, changed.capacity(), ResizeCause.RELOAD);
    }

    private void requireReconfigurable(PoolConfig changed) {
        requireSame("name", config.name(), changed.name());
        requireSame("queueOrder", config.queueOrder(), changed.queueOrder());
        requireSame("isolated", config.isolated(), changed.isolated());
        requireSame("timed", config.timed(), changed.timed());
        requireSame("decorators", config.decorators(), changed.decorators());
        requireSame("listeners", config.listeners(), changed.listeners());
        requireSame("onFailure", config.onFailure(), changed.onFailure());
    }

    private static void requireSame(String field, Object is, Object wanted) {
        if (!wanted.equals(is)) {
            throw new IllegalArgumentException(
                    field + " can't be changed while a pool is open, was " + wanted + " and must stay " + is);
        }
    }

    @Override
    public void pause() {
        gate.pause();
    }

    @Override
    public void resume() {
        gate.resume();
        workers.signalIfAny();
    }

    @Override
    public boolean isPaused() {
        return gate.isPaused();
    }

    @Override
    public void awaitIdle() throws InterruptedException {
        requireForeignThread("awaited");
        var _ = gate.awaitIdle(Long.MAX_VALUE);
    }

    @Override
    public boolean awaitIdle(Duration maxWait) throws InterruptedException {
        requireForeignThread("awaited");
        return gate.awaitIdle(nanos(maxWait));
    }

    @Override
    public PoolConfig config() {
        int capacity = gate.capacity();
        boolean canPreallocate = capacity != UNBOUNDED && capacity <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
        return config.toBuilder()
                .capacity(capacity)
                .preallocate(config.preallocate() && canPreallocate)
                .config();
    }

    @Override
    public PoolStats stats() {
        Gate.Numbers atGate = gate.numbers();
        Workers.Numbers ofWorkers = workers.numbers();
        long rejected = books.rejections();
        return new PoolStats(
                config.name(),
                state(),
                atGate.capacity(),
                atGate.running(),
                config.queueCapacity(),
                atGate.queued(),
                atGate.waiting(),
                ofWorkers.workers(),
                ofWorkers.idle(),
                books.accepted.sum() + rejected,
                rejected,
                ofWorkers.completed(),
                ofWorkers.failed(),
                ofWorkers.cancelled(),
                books.nested.sum(),
                books.timedOut.sum(),
                books.late.sum() + books.displaced.sum(),
                (int) Math.max(0, books.deadlinesPassed.sum() - books.timedOut.sum()));
    }

    @Override
    public PoolCauses causes() {
        return books.causes();
    }

    @Override
    public Optional<Duration> queueAge() {
        long nanos = gate.longestInLine();
        return nanos == Line.UNKNOWN ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public PoolTimings timings() {
        return requireTimings().read();
    }

    @Override
    public void addTimingsListener(TimingsListener listener) {
        requireTimings().add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void removeTimingsListener(TimingsListener listener) {
        if (timings != null) {
            timings.remove(listener);
        }
    }

    private Timings requireTimings() {
        if (timings == null) {
            throw new IllegalStateException(config.name() + " is not timed: build it with timed(true)");
        }
        return timings;
    }

    @Override
    public List<LevelStats> levels() {
        return gate.levels();
    }

    @Override
    public List<RunningTask> running() {
        return workerTasks().stream()
                .filter(WorkerTask::hasStarted)
                .map(RunningTask.class::cast)
                .toList();
    }

    /// The tasks that workers are at.
    List<WorkerTask> workerTasks() {
        List<WorkerTask> tasks = new ArrayList<>();
        workers.forEach((thread, worker) -> worker.tasks()
                .forEach(task ->
                        tasks.add(new WorkerTask(config.name(), task, worker, thread, TaskRunner.ownName(task)))));
        return tasks;
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public void shutdown() {
        var _ = life.drain();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return life.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return life.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return life.state() == PoolStats.State.TERMINATED;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return life.gone().await(timeout, unit);
    }

    @Override
    public void close() {
        requireForeignThread("closed");
        life.close();
    }

    @Override
    public CloseReport close(Duration patience) {
        return close(patience, Closing.INTERRUPT_GRACE);
    }

    /// [#close(Duration)] with another time for those that were interrupted.
    public CloseReport close(Duration patience, Duration grace) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative, was " + patience);
        }
        requireForeignThread("closed");
        return new Closing(this, life, workers, runner).close(nanos(patience), nanos(grace));
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return AllResults.await(this, tasks, Long.MAX_VALUE);
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return AllResults.await(this, tasks, unit.toNanos(timeout));
    }

    /// What is left of a time that began then; `Long.MAX_VALUE` is forever.
    static long left(long nanos, long start) {
        return nanos <= 0 || nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks) throws InterruptedException, ExecutionException {
        try {
            return new FirstResult<>(this, tasks).await(Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new AssertionError("292 years are over", e);
        }
    }

    @Override
    public <T> T invokeAny(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return new FirstResult<>(this, tasks).await(unit.toNanos(timeout));
    }

    @Override
    public String toString() {
        return intake.describe();
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new SubmittedTask<>(this, Objects.requireNonNull(callable, "task"), TaskOptions.NONE);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new SubmittedTask<>(this, Objects.requireNonNull(runnable, "task"), value, TaskOptions.NONE);
    }

    private <T extends SubmittedTask<?>> T admitted(T task) {
        intake.admit(intake.weighed(task));
        return task;
    }

    String name() {
        return config.name();
    }

    Intake intake() {
        return intake;
    }

    long nextId() {
        return ids.incrementAndGet();
    }

    /// The code of a task, within what the pool's decorators put around it.
    Object decorated(Callable<?> code) {
        return config.decorators().isEmpty() ? code : new DecoratedCode(code, code, config.decorators());
    }

    /// The same for a `Runnable`.
    Object decorated(Runnable code, @Nullable Object result) {
        return config.decorators().isEmpty()
                ? code
                : new DecoratedCode(Executors.callable(code, result), code, config.decorators());
    }

    /// True if somebody may ask a task for its times that nobody has the future of.
    boolean keepsTimes(TaskOptions options) {
        return listeners != null || timings != null || startWithinNanos(options) != Long.MAX_VALUE;
    }

    /// How long a task with these options may run.
    long timeoutNanos(TaskOptions options) {
        return options.timeout() == null ? taskTimeoutNanos : nanos(options.timeout());
    }

    /// How long after its submission a task with these options must have started.
    long startWithinNanos(TaskOptions options) {
        return options.startWithin() == null ? startWithinNanos : nanos(options.startWithin());
    }

    /// Has something short done later, by the JDK's timer: 60 to 100 ns to set and cancel it, 80 bytes while it
    /// is set (2 cores, JDK 25).
    static Future<?> schedule(Runnable action, long nanos) {
        return ForkJoinPool.commonPool().schedule(action, nanos, TimeUnit.NANOSECONDS);
    }

    void noteOverdue() {
        books.deadlinesPassed.increment();
    }

    /// Takes a cancelled task out of the queue, if it is there, and counts its end.
    void cancelQueued(SubmittedTask<?> task, Outcome outcome) {
        gate.cancel(task, outcome);
    }

    /// Takes a task out of the queue that did not start in time, if it is there, and counts its end.
    boolean takeToShed(SubmittedTask<?> task) {
        return gate.shed(task);
    }

    /// Whether a newcomer would not have to wait at this moment.
    boolean hasRoom() {
        return gate.hasRoom();
    }

    int capacity() {
        return gate.capacity();
    }

    private void dismissWorkers() {
        workers.dismiss();
    }

    private void recordClosed() {
        life.recordEnd();
    }

    PoolStats.State state() {
        return life.state();
    }

    private void requireForeignThread(String what) {
        if (workers.current() != null) {
            throw new IllegalStateException(
                    config.name() + " can't be " + what + " from one of its own tasks, which would wait for itself");
        }
    }

    /// The time in nanoseconds, 292 years at most; those are forever.
    static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
