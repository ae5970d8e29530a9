package dev.myrmidon.internal;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import dev.myrmidon.SaturationPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one kind of pool there is: puts together the [Gate], the [Ring] and the [Workers], decides what a
/// submitter does that finds no room, and moves from open to closed.
public final class DefaultPool extends AbstractExecutorService implements Pool {
    /// How deep submissions inside tasks may nest on one worker before they are refused. A task that
    /// submits itself again and again to a saturated pool would otherwise end in a stack overflow.
    private static final int MAX_NESTING = 256;

    /// How long tasks that were interrupted by [#close(Duration)] may take before they are reported as
    /// still running.
    private static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

    private final PoolConfig config;
    private final Books books = new Books();
    private final Ring ring;
    private final Gate gate;
    private final @Nullable Timings timings;
    private final TaskRunner runner;
    private final Workers workers;
    private final AtomicReference<PoolStats.State> state = new AtomicReference<>(PoolStats.State.RUNNING);

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
        this.ring = config.preallocate() ? new Ring(config.capacity()) : new Ring();
        this.gate = new Gate(
                config.capacity(),
                config.queueCapacity(),
                config.maxBlockingTasks(),
                ring,
                books,
                this::dismissWorkers);
        this.timings = config.timed() ? new Timings() : null;
        this.runner = new TaskRunner(config.name(), config.onFailure(), timings);
        this.workers = new Workers(gate, ring, runner, books, threads, nanos(config.expiry()));
    }

    @Override
    public void execute(Runnable given) {
        Runnable task = stamped(given);
        if (gate.tryEnter()) {
            dispatch(task);
            return;
        }
        Admission admission = gate.admit(task);
        settle(task, admission == Admission.FULL ? whenSaturated(task) : admission);
    }

    @Override
    public boolean tryExecute(Runnable given) {
        Runnable task = stamped(given);
        if (gate.tryEnter()) {
            dispatch(task);
            return true;
        }
        return settleOrDecline(task, gate.admit(task));
    }

    @Override
    public boolean tryExecute(Runnable given, Duration maxWait) throws InterruptedException {
        Runnable task = stamped(given);
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, was " + maxWait);
        }
        if (Thread.interrupted()) {
            books.rejected.increment();
            throw new InterruptedException();
        }
        Admission admission = gate.admit(task);
        if (admission == Admission.FULL && !maxWait.isZero()) {
            admission = awaitRoom(task, nanos(maxWait));
        }
        if (admission == Admission.INTERRUPTED) {
            books.rejected.increment();
            throw new InterruptedException();
        }
        return settleOrDecline(task, admission);
    }

    @Override
    public void resize(int capacity) {
        gate.resize(PoolConfig.requireCapacity(capacity));
        workers.signalIfAny();
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
        long rejected = books.rejected.sum();
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
                books.nested.sum());
    }

    @Override
    public PoolTimings timings() {
        if (timings == null) {
            throw new IllegalStateException(config.name() + " is not timed: build it with timed(true)");
        }
        return timings.read();
    }

    @Override
    public void shutdown() {
        advanceTo(PoolStats.State.DRAINING);
        gate.close();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> neverStarted = stop();
        workers.interruptAll();
        neverStarted.forEach(task -> {
            if (task instanceof SubmittedTask<?> submitted) {
                submitted.cancel(false);
            }
        });
        return neverStarted;
    }

    @Override
    public boolean isShutdown() {
        return state.get() != PoolStats.State.RUNNING;
    }

    @Override
    public boolean isTerminated() {
        return state() == PoolStats.State.TERMINATED;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return workers.gone().await(timeout, unit);
    }

    @Override
    public void close() {
        requireForeignThread();
        shutdown();
        boolean interrupted = false;
        while (!isTerminated()) {
            try {
                workers.gone().await();
            } catch (InterruptedException e) {
                interrupted = true;
                shutdownNow();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CloseReport close(Duration patience) {
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience must not be negative, was " + patience);
        }
        requireForeignThread();
        long start = System.nanoTime();
        PoolStats before = stats();
        shutdown();
        List<Runnable> neverStarted = List.of();
        List<Runnable> interruptedTasks = List.of();
        List<Runnable> stillRunning = List.of();
        boolean interrupted = false;
        boolean ended = false;
        try {
            ended = awaitTermination(nanos(patience), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (!ended) {
            neverStarted = stop();
            neverStarted.forEach(runner::cancel);
            interruptedTasks = runningTasks();
            interruptedTasks.forEach(runner::cancel); // before an interrupt makes them fail
            workers.interruptAll();
            try {
                ended = awaitTermination(nanos(INTERRUPT_GRACE), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            stillRunning = ended ? List.of() : runningTasks();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        PoolStats after = stats();
        return new CloseReport(
                config.name(),
                Duration.ofNanos(System.nanoTime() - start),
                after.completed() - before.completed(),
                after.failed() - before.failed(),
                after.cancelled() - before.cancelled(),
                neverStarted.stream().map(runner::name).toList(),
                interruptedTasks.stream().map(runner::name).toList(),
                stillRunning.stream().map(runner::name).toList());
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
        return load(gate.numbers(), state().name().toLowerCase(Locale.ROOT));
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> callable) {
        return new SubmittedTask<>(this, callable);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new SubmittedTask<>(this, runnable, value);
    }

    /// Takes a cancelled task out of the queue, if it is there.
    void cancelQueued(SubmittedTask<?> task) {
        gate.cancel(task);
    }

    /// True if the current thread runs a task of this pool.
    boolean isInsideTask() {
        return workers.current() != null;
    }

    /// Runs a task of this pool in the current thread, if that is one of its workers and the task is
    /// queued. A pending interrupt is the caller's to take first.
    ///
    /// @return true if it ran
    boolean runHereIfQueued(SubmittedTask<?> task) {
        Worker self = workers.current();
        if (self == null || Thread.currentThread().isInterrupted() || !gate.remove(task)) {
            return false;
        }
        books.nested.increment();
        self.runNested(task);
        return true;
    }

    /// What goes through the pool in the place of a task.
    private Runnable stamped(Runnable task) {
        Objects.requireNonNull(task, "task");
        return timings == null ? task : timings.stamp(task);
    }

    /// Hands a task that has its slot to the workers.
    private void dispatch(Runnable task) {
        boolean offered = false;
        try {
            ring.offer(task);
            offered = true;
            workers.signal();
        } catch (Throwable noWorker) {
            if (!offered || ring.remove(task)) {
                books.accepted.decrement();
                books.rejected.increment();
                giveBackSlot();
                throw noWorker;
            }
            // a worker has taken it meanwhile; others may have relied on the one that didn't start
            workers.signalIfAny();
        }
    }

    private void giveBackSlot() {
        Runnable next = gate.exit();
        if (next != null) {
            ring.offer(next);
        }
        workers.signalIfAny();
    }

    /// What a submitter does that found no room.
    private Admission whenSaturated(Runnable task) {
        return switch (config.whenSaturated()) {
            case SaturationPolicy.Await(Duration longest) -> awaitRoom(task, nanos(longest));
            case SaturationPolicy.Refuse _ -> Admission.FULL;
            case SaturationPolicy.CallerRuns _ -> runInCaller(task);
            case SaturationPolicy.DropOldest _ -> dropOldestFor(task);
            case SaturationPolicy.Handle(SaturationPolicy.Handler handler) -> {
                books.rejected.increment();
                handler.onSaturated(Timings.unwrap(task), this);
                yield Admission.ACCEPTED;
            }
        };
    }

    /// Waits for room, or, inside a task of this pool, which would wait for itself, runs the task there.
    private Admission awaitRoom(Runnable task, long nanos) {
        Worker self = workers.current();
        return self == null ? gate.await(task, nanos) : runNested(self, task);
    }

    private Admission runNested(Worker self, Runnable task) {
        if (isShutdown()) {
            return Admission.CLOSED;
        }
        if (self.nesting() >= MAX_NESTING) {
            return Admission.FULL;
        }
        books.accepted.increment();
        books.nested.increment();
        self.runNested(task);
        return Admission.ACCEPTED;
    }

    private Admission runInCaller(Runnable task) {
        Worker self = workers.current();
        if (self != null) {
            return runNested(self, task);
        }
        Outcome outcome = runner.run(task);
        books.accepted.increment();
        books.ended(outcome);
        TaskRunner.publish(task);
        return Admission.ACCEPTED;
    }

    private Admission dropOldestFor(Runnable task) {
        Gate.Displaced displaced = gate.admitForOldest(task);
        if (displaced.dropped() != null) {
            runner.cancel(displaced.dropped());
        }
        return displaced.admission();
    }

    /// Does what an answer of the gate asks for, or throws what it means.
    private void settle(Runnable task, Admission admission) {
        switch (admission) {
            case SLOT -> dispatch(task);
            case ACCEPTED -> {}
            case FULL, TIMED_OUT -> {
                books.rejected.increment();
                throw saturated();
            }
            case CLOSED -> {
                books.rejected.increment();
                throw closed();
            }
            case INTERRUPTED -> {
                books.rejected.increment();
                Thread.currentThread().interrupt();
                throw new RejectedExecutionException(
                        load(gate.numbers(), "refused a task: its submitter was interrupted while it waited"));
            }
        }
    }

    /// [#settle(Runnable, Admission)] for those who take a false for want of room.
    private boolean settleOrDecline(Runnable task, Admission admission) {
        if (admission == Admission.FULL || admission == Admission.TIMED_OUT) {
            books.rejected.increment();
            return false;
        }
        settle(task, admission);
        return true;
    }

    /// Closes the gate and takes back what never started, which is counted as cancelled before its slot
    /// comes back.
    private List<Runnable> stop() {
        advanceTo(PoolStats.State.STOPPING);
        gate.close();
        List<Runnable> neverStarted = new ArrayList<>();
        for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
            neverStarted.add(Timings.unwrap(task));
            books.ended(Outcome.CANCELLED);
            Runnable next = gate.exit();
            if (next != null) {
                ring.offer(next);
            }
        }
        for (Runnable task = gate.cancelOldest(); task != null; task = gate.cancelOldest()) {
            neverStarted.add(Timings.unwrap(task));
        }
        return neverStarted;
    }

    private List<Runnable> runningTasks() {
        List<Runnable> tasks = new ArrayList<>();
        workers.all().forEach(worker -> tasks.addAll(worker.tasks()));
        return tasks;
    }

    private void dismissWorkers() {
        workers.dismiss();
    }

    private PoolStats.State state() {
        return workers.gone().getCount() == 0 ? PoolStats.State.TERMINATED : state.get();
    }

    private void advanceTo(PoolStats.State next) {
        state.accumulateAndGet(next, (now, then) -> now.compareTo(then) < 0 ? then : now);
    }

    private void requireForeignThread() {
        if (workers.current() != null) {
            throw new IllegalStateException(
                    config.name() + " can't be closed from one of its own tasks, which would wait for itself");
        }
    }

    private PoolSaturatedException saturated() {
        Gate.Numbers n = gate.numbers();
        return new PoolSaturatedException(load(n, "is saturated"), n.running(), n.capacity(), n.queued(), n.waiting());
    }

    private PoolClosedException closed() {
        return new PoolClosedException(load(gate.numbers(), "is closed (" + state() + ")"));
    }

    /// A sentence about the pool, with the numbers that explain it.
    private String load(Gate.Numbers n, String what) {
        return config.name() + " " + what + ": running=" + n.running() + "/" + bound(n.capacity()) + " queued="
                + n.queued() + "/" + bound(config.queueCapacity()) + " waiting=" + n.waiting() + "/"
                + bound(config.maxBlockingTasks());
    }

    private static String bound(int bound) {
        return bound == UNBOUNDED ? "unbounded" : Integer.toString(bound);
    }

    /// The time in nanoseconds, 292 years at most; those are forever.
    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }
}
