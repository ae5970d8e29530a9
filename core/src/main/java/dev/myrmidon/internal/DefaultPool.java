package dev.myrmidon.internal;

import dev.myrmidon.Batch;
import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.TaskGroup;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.ThrowingFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
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
    private final @Nullable Listeners listeners;
    private final TaskRunner runner;
    private final Workers workers;
    private final PaddedAtomicLong ids = new PaddedAtomicLong();

    /// The pool's own limits, for tasks that don't say; `Long.MAX_VALUE` is none.
    private final long taskTimeoutNanos;

    private final long startWithinNanos;

    /// True if a task needs a [SubmittedTask] around it even if nobody wants its future.
    private final boolean wrapsAll;

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
        this.workers = new Workers(gate, ring, runner, books, threads, nanos(config.expiry()), config.isolated());
        this.listeners = config.listeners().isEmpty() ? null : new Listeners(config.name(), config.listeners());
        this.taskTimeoutNanos = nanos(config.taskTimeout());
        this.startWithinNanos = nanos(config.startWithin());
        this.wrapsAll = listeners != null
                || !config.decorators().isEmpty()
                || taskTimeoutNanos != Long.MAX_VALUE
                || startWithinNanos != Long.MAX_VALUE;
    }

    @Override
    public void execute(Runnable given) {
        admit(prepared(given));
    }

    @Override
    public void execute(Runnable given, TaskOptions options) {
        admit(weighed(SubmittedTask.executed(
                this, Objects.requireNonNull(given, "task"), Objects.requireNonNull(options, "options"))));
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
    public boolean tryExecute(Runnable given) {
        Runnable task = prepared(given);
        tellSubmitted(task);
        if (gate.tryEnter()) {
            dispatch(task);
            return true;
        }
        return settleOrDecline(task, admitInTime(task));
    }

    @Override
    public boolean tryExecute(Runnable given, Duration maxWait) throws InterruptedException {
        Runnable task = prepared(given);
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, was " + maxWait);
        }
        tellSubmitted(task);
        if (Thread.interrupted()) {
            reject(task, PoolEvent.Rejected.Reason.INTERRUPTED);
            throw new InterruptedException();
        }
        Admission admission = admitInTime(task);
        if (admission == Admission.FULL && !maxWait.isZero()) {
            admission = awaitRoom(task, nanos(maxWait));
        }
        if (admission == Admission.INTERRUPTED) {
            reject(task, PoolEvent.Rejected.Reason.INTERRUPTED);
            throw new InterruptedException();
        }
        return settleOrDecline(task, admission);
    }

    @Override
    public void resize(int capacity) {
        int before = gate.resize(PoolConfig.requireCapacity(capacity));
        workers.signalIfAny();
        if (listeners != null) {
            listeners.tell(new PoolEvent.Resized(config.name(), before, capacity));
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
                books.nested.sum(),
                books.timedOut.sum(),
                books.shed.sum(),
                (int) Math.max(0, books.deadlinesPassed.sum() - books.timedOut.sum()));
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
        if (advanceTo(PoolStats.State.DRAINING) == PoolStats.State.RUNNING) {
            tellClosed();
        }
        gate.close();
        workers.signalIfAny();
    }

    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> neverStarted = stop();
        workers.interruptAll();
        List<Runnable> given = neverStarted.stream().map(TaskRunner::given).toList();
        neverStarted.forEach(task -> {
            if (task instanceof SubmittedTask<?> submitted) {
                submitted.cancel(false);
            }
        });
        return given;
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
        requireForeignThread("closed");
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
        requireForeignThread("closed");
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
        return new SubmittedTask<>(this, callable, TaskOptions.NONE);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new SubmittedTask<>(this, runnable, value, TaskOptions.NONE);
    }

    String name() {
        return config.name();
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

    void tellStarted(SubmittedTask<?> task) {
        if (listeners != null) {
            listeners.tell(new PoolEvent.Started(config.name(), task));
        }
    }

    void tellEnded(SubmittedTask<?> task) {
        if (listeners != null) {
            listeners.tell(new PoolEvent.Ended(config.name(), task));
        }
    }

    /// Takes a cancelled task out of the queue, if it is there, and counts its end.
    void cancelQueued(SubmittedTask<?> task, Outcome outcome) {
        gate.cancel(task, outcome);
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
        if (self == null || config.isolated() || Thread.currentThread().isInterrupted() || !gate.remove(task)) {
            return false;
        }
        books.nested.increment();
        self.runNested(task);
        return true;
    }

    /// True if the current thread runs a task of this set.
    boolean isInsideTaskOf(TaskSet set) {
        Worker self = workers.current();
        return self != null
                && self.tasks().stream().anyMatch(task -> task instanceof MemberTask<?> member && member.isOf(set));
    }

    /// Submits a task as if the policy were to wait. One that finds no room in the time in which it must start
    /// is shed. Throws what [#execute(Runnable)] throws.
    void submitPatiently(SubmittedTask<?> given) {
        SubmittedTask<?> task = weighed(given);
        tellSubmitted(task);
        if (gate.tryEnter()) {
            dispatch(task);
            return;
        }
        Admission admission = admitInTime(task);
        if (admission == Admission.FULL) {
            admission = awaitRoom(task, Long.MAX_VALUE);
        }
        if (admission == Admission.TIMED_OUT) {
            reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
            var _ = task.shed();
        } else {
            settle(task, admission);
        }
    }

    /// Whether a newcomer would not have to wait at this moment.
    boolean hasRoom() {
        return gate.hasRoom();
    }

    int capacity() {
        return gate.capacity();
    }

    /// What goes through the pool in the place of a task.
    private Runnable prepared(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            return submitted.belongsTo(this) ? weighed(submitted) : prepared(() -> submitted.run());
        }
        Objects.requireNonNull(task, "task");
        int weight = timings == null ? 0 : timings.drawWeight();
        if (weight == 0 && !wrapsAll) {
            return task;
        }
        SubmittedTask<?> wrapped = SubmittedTask.executed(this, task, TaskOptions.NONE);
        wrapped.weigh(weight);
        return wrapped;
    }

    private <T extends SubmittedTask<?>> T weighed(T task) {
        if (timings != null) {
            task.weigh(timings.drawWeight());
        }
        return task;
    }

    private <T extends SubmittedTask<?>> T admitted(T task) {
        admit(weighed(task));
        return task;
    }

    private void admit(Runnable task) {
        tellSubmitted(task);
        if (gate.tryEnter()) {
            dispatch(task);
            return;
        }
        Admission admission = admitInTime(task);
        settle(task, admission == Admission.FULL ? whenSaturated(task) : admission);
    }

    /// Takes a slot or a place in the queue, which the task leaves again if it doesn't start in time.
    private Admission admitInTime(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.startTimerUntilStart();
        }
        return gate.admit(task);
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
                reject(task, PoolEvent.Rejected.Reason.NO_WORKER);
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
                reject(task, PoolEvent.Rejected.Reason.SATURATED);
                handler.onSaturated(TaskRunner.given(task), this);
                yield Admission.ACCEPTED;
            }
        };
    }

    /// Waits for room, or, inside a task of this pool, which would wait for itself, runs the task there.
    private Admission awaitRoom(Runnable task, long nanos) {
        Worker self = workers.current();
        if (self != null) {
            return runNested(self, task);
        }
        if (task instanceof SubmittedTask<?> submitted) {
            return gate.await(task, Math.min(nanos, startWithinNanos(submitted.options())));
        }
        return gate.await(task, nanos);
    }

    private Admission runNested(Worker self, Runnable task) {
        if (isShutdown()) {
            return Admission.CLOSED;
        }
        if (config.isolated() || self.nesting() >= MAX_NESTING) {
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
        if (displaced.dropped() instanceof SubmittedTask<?> submitted) {
            var _ = submitted.shed();
        }
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
            case FULL -> {
                reject(task, PoolEvent.Rejected.Reason.SATURATED);
                throw saturated();
            }
            case TIMED_OUT -> {
                reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
                throw saturated();
            }
            case CLOSED -> {
                reject(task, PoolEvent.Rejected.Reason.CLOSED);
                throw closed();
            }
            case INTERRUPTED -> {
                reject(task, PoolEvent.Rejected.Reason.INTERRUPTED);
                Thread.currentThread().interrupt();
                throw new RejectedExecutionException(
                        load(gate.numbers(), "refused a task: its submitter was interrupted while it waited"));
            }
        }
    }

    /// [#settle(Runnable, Admission)] for those who take a false for want of room.
    private boolean settleOrDecline(Runnable task, Admission admission) {
        switch (admission) {
            case FULL -> reject(task, PoolEvent.Rejected.Reason.SATURATED);
            case TIMED_OUT -> reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
            default -> {
                settle(task, admission);
                return true;
            }
        }
        return false;
    }

    /// Counts a task that was not accepted.
    private void reject(Runnable task, PoolEvent.Rejected.Reason reason) {
        books.rejected.increment();
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.stopTimer();
            if (listeners != null) {
                listeners.tell(new PoolEvent.Rejected(config.name(), submitted, reason));
            }
        }
    }

    private void tellSubmitted(Runnable task) {
        if (listeners != null && task instanceof SubmittedTask<?> submitted) {
            listeners.tell(new PoolEvent.Submitted(config.name(), submitted));
        }
    }

    private void tellClosed() {
        if (listeners != null) {
            listeners.tell(new PoolEvent.Closed(config.name()));
        }
    }

    /// Closes the gate and takes back what never started, which is counted as cancelled before its slot
    /// comes back.
    private List<Runnable> stop() {
        if (advanceTo(PoolStats.State.STOPPING) == PoolStats.State.RUNNING) {
            tellClosed();
        }
        gate.close();
        List<Runnable> neverStarted = new ArrayList<>();
        for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
            neverStarted.add(task);
            books.ended(Outcome.CANCELLED);
            Runnable next = gate.exit();
            if (next != null) {
                ring.offer(next);
            }
        }
        for (Runnable task = gate.cancelOldest(); task != null; task = gate.cancelOldest()) {
            neverStarted.add(task);
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

    /// Moves on, if the pool isn't that far yet; returns the state before.
    private PoolStats.State advanceTo(PoolStats.State next) {
        return state.getAndAccumulate(next, (now, then) -> now.compareTo(then) < 0 ? then : now);
    }

    private void requireForeignThread(String what) {
        if (workers.current() != null) {
            throw new IllegalStateException(
                    config.name() + " can't be " + what + " from one of its own tasks, which would wait for itself");
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
