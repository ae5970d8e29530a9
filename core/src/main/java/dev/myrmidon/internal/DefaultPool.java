package dev.myrmidon.internal;

import dev.myrmidon.Batch;
import dev.myrmidon.CloseReport;
import dev.myrmidon.LevelStats;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.PoolStats;
import dev.myrmidon.PoolTimings;
import dev.myrmidon.QueueOrder;
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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The one kind of pool there is: puts together the [Gate], the [Ring] and the [Workers], decides what a
/// submitter does that finds no room, and moves from open to closed.
public final class DefaultPool extends AbstractExecutorService implements Pool {
    /// How deep submissions inside tasks may nest on one worker before they are refused. A task that
    /// submits itself again and again to a saturated pool would otherwise end in a stack overflow.
    private static final int MAX_NESTING = 256;

    private final PoolConfig config;
    private final Books books = new Books();
    private final Ready ready;
    private final Gate gate;
    private final @Nullable Timings timings;
    private final @Nullable Listeners listeners;
    private final TaskRunner runner;
    private final Workers workers;
    private final PaddedAtomicLong ids = new PaddedAtomicLong();
    private final Delays delays = new Delays(this);
    private final Scheduler scheduler = new Scheduler(this, delays);

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
        Line queued;
        Line waiting;
        switch (config.queueOrder()) {
            case QueueOrder.Fifo _ -> {
                ready = config.preallocate() ? new Ring(config.capacity()) : new Ring();
                queued = new ArrivalLine();
                waiting = new ArrivalLine();
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
        this.timings = config.timed() ? new Timings() : null;
        this.runner = new TaskRunner(config.name(), config.onFailure(), timings);
        this.workers = new Workers(gate, ready, runner, books, threads, nanos(config.expiry()), config.isolated());
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
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException("maxWait must not be negative, was " + maxWait);
        }
        Runnable task = prepared(given);
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
        if (listeners != null && before != capacity) {
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
    public List<LevelStats> levels() {
        return gate.levels();
    }

    @Override
    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    @Override
    public void shutdown() {
        var _ = drain();
    }

    /// Takes no more tasks, and lets those it has come to their end.
    ///
    /// @return the delayed tasks that it cancelled
    List<DelayedTask<?>> drain() {
        PoolStats.State before = advanceTo(PoolStats.State.DRAINING);
        List<DelayedTask<?>> cancelled = refuseNew();
        workers.signalIfAny();
        tellIfClosed(before);
        return cancelled;
    }

    /// Takes no more tasks.
    ///
    /// @return the delayed tasks that it cancelled
    private List<DelayedTask<?>> refuseNew() {
        List<DelayedTask<?>> cancelled = delays.cancelAll();
        gate.close();
        return cancelled;
    }

    @Override
    public List<Runnable> shutdownNow() {
        PoolStats.State before = advanceTo(PoolStats.State.STOPPING);
        List<DelayedTask<?>> notDue = refuseNew();
        List<Runnable> neverStarted = stop();
        workers.interruptAll();
        List<Runnable> given = Stream.concat(neverStarted.stream().map(TaskRunner::given), notDue.stream())
                .toList();
        neverStarted.forEach(task -> {
            if (task instanceof SubmittedTask<?> submitted) {
                submitted.cancel(false);
            }
        });
        tellIfClosed(before);
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
        return new Closing(this, workers, runner).close(nanos(patience));
    }

    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks) throws InterruptedException {
        return invokeAll(tasks, Long.MAX_VALUE);
    }

    /// The inherited one waits for room without a limit.
    @Override
    public <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long timeout, TimeUnit unit)
            throws InterruptedException {
        return invokeAll(tasks, unit.toNanos(timeout));
    }

    private <T> List<Future<T>> invokeAll(Collection<? extends Callable<T>> tasks, long nanos)
            throws InterruptedException {
        long start = System.nanoTime();
        List<SubmittedTask<T>> submitted = new ArrayList<>(tasks.size());
        try {
            for (Callable<T> task : tasks) {
                submitted.add(new SubmittedTask<>(this, Objects.requireNonNull(task, "task"), TaskOptions.NONE));
            }
            for (SubmittedTask<T> task : submitted) {
                long left = left(nanos, start);
                if (left <= 0 || !executeWithin(task, left)) {
                    return List.copyOf(submitted);
                }
            }
            for (SubmittedTask<T> task : submitted) {
                if (!task.await(left(nanos, start))) {
                    return List.copyOf(submitted);
                }
            }
            return List.copyOf(submitted);
        } finally {
            submitted.forEach(task -> task.cancel(true)); // those that have not ended
        }
    }

    /// What is left of a time that began then; `Long.MAX_VALUE` is forever.
    static long left(long nanos, long start) {
        return nanos <= 0 || nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - start);
    }

    /// Submits a task of a bulk call, which waits for room no longer than it has time.
    ///
    /// @return false if there was no room within that time
    boolean executeWithin(SubmittedTask<?> task, long nanos) throws InterruptedException {
        long start = System.nanoTime();
        Admission admission = admission(weighed(task), config.whenSaturated(), nanos);
        if (admission == Admission.INTERRUPTED) {
            reject(task, PoolEvent.Rejected.Reason.INTERRUPTED);
            throw new InterruptedException();
        }
        if (admission == Admission.TIMED_OUT && left(nanos, start) <= 0) {
            reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
            return false;
        }
        settle(task, admission);
        return true;
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
        return new SubmittedTask<>(this, Objects.requireNonNull(callable, "task"), TaskOptions.NONE);
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable runnable, T value) {
        return new SubmittedTask<>(this, Objects.requireNonNull(runnable, "task"), value, TaskOptions.NONE);
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

    /// True if the current thread runs a task of this pool.
    boolean isInsideTask() {
        return atTask() != null;
    }

    /// The worker of the current thread, if that runs a task of this pool. A worker that tells of an end
    /// doesn't: it holds no slot.
    private @Nullable Worker atTask() {
        Worker self = workers.current();
        return self != null && self.isAtTask() ? self : null;
    }

    /// Runs a task of this pool in the current thread, if that is one of its workers and the task is
    /// queued. A pending interrupt is the caller's to take first.
    ///
    /// @return true if it ran
    boolean runHereIfQueued(SubmittedTask<?> task) {
        Worker self = atTask();
        if (self == null || config.isolated() || Thread.currentThread().isInterrupted() || !gate.remove(task)) {
            return false;
        }
        books.nested.increment();
        self.runNested(task);
        leaveKey(task);
        return true;
    }

    private void leaveKey(SubmittedTask<?> task) {
        if (SubmittedTask.hasKey(task)) {
            gate.leaveKey(task);
            workers.signalIfAny();
        }
    }

    /// True if the current thread runs a task of this set.
    boolean isInsideTaskOf(TaskSet set) {
        Worker self = workers.current();
        return self != null
                && self.tasks().stream().anyMatch(task -> task instanceof MemberTask<?> member && member.isOf(set));
    }

    /// Submits a task as if the policy were to wait. One that finds no room in the time in which it must start
    /// is shed. Throws what [#execute(Runnable)] throws.
    void submitPatiently(SubmittedTask<?> task) {
        Admission admission = admission(weighed(task), SaturationPolicy.await(), Long.MAX_VALUE);
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
        admit(task, config.whenSaturated());
    }

    /// [#execute(Runnable)] for tasks that have come due. Their one submitter is not to be held up by
    /// any of them, so where submitters run tasks themselves it waits for room.
    void executeDue(SubmittedTask<?> task) {
        SaturationPolicy policy = config.whenSaturated();
        admit(weighed(task), policy instanceof SaturationPolicy.CallerRuns ? SaturationPolicy.await() : policy);
    }

    private void admit(Runnable task, SaturationPolicy policy) {
        settle(task, admission(task, policy, Long.MAX_VALUE));
    }

    /// What the gate and the policy answer to a task that may wait at most so long.
    private Admission admission(Runnable task, SaturationPolicy policy, long nanos) {
        tellSubmitted(task);
        if (task instanceof SubmittedTask<?> submitted && SubmittedTask.hasKey(task)) {
            gate.joinKey(submitted);
        } else if (gate.tryEnter()) {
            return Admission.SLOT;
        }
        Admission admission = admitInTime(task);
        return admission == Admission.FULL ? whenSaturated(task, policy, nanos) : admission;
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
            ready.offer(task);
            offered = true;
            workers.signal();
        } catch (Throwable noWorker) {
            if (!offered || ready.remove(task)) {
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
            ready.offer(next);
        }
        workers.signalIfAny();
    }

    /// What a submitter does that found no room.
    ///
    /// @param nanos the longest to wait, if that is shorter than the policy's
    private Admission whenSaturated(Runnable task, SaturationPolicy policy, long nanos) {
        return switch (policy) {
            case SaturationPolicy.Await(Duration longest) -> awaitRoom(task, Math.min(nanos(longest), nanos));
            case SaturationPolicy.Refuse _ -> Admission.FULL;
            case SaturationPolicy.CallerRuns _ -> runInCaller(task);
            case SaturationPolicy.DropOldest _, SaturationPolicy.DisplaceLowest _ -> displaceFor(task);
            case SaturationPolicy.Handle(SaturationPolicy.Handler handler) -> {
                reject(task, PoolEvent.Rejected.Reason.SATURATED);
                handler.onSaturated(TaskRunner.given(task), this);
                yield Admission.ACCEPTED;
            }
        };
    }

    /// Waits for room, or, inside a task of this pool, which would wait for itself, runs the task there.
    private Admission awaitRoom(Runnable task, long nanos) {
        Worker self = atTask();
        if (self != null) {
            return runNested(self, task);
        }
        if (task instanceof SubmittedTask<?> submitted) {
            Admission admission = gate.await(task, Math.min(nanos, submitted.nanosLeftToStart()));
            if (admission == Admission.ACCEPTED && submitted.nanosLeftToStart() <= 0) {
                submitted.shedIfQueued(); // its timer may have come while it was not queued yet
            }
            return admission;
        }
        return gate.await(task, nanos);
    }

    private Admission runNested(Worker self, Runnable task) {
        if (isShutdown()) {
            return Admission.CLOSED;
        }
        if (config.isolated() || SubmittedTask.hasKey(task) || self.nesting() >= MAX_NESTING) {
            return Admission.FULL;
        }
        books.accepted.increment();
        books.nested.increment();
        self.runNested(task);
        return Admission.ACCEPTED;
    }

    private Admission runInCaller(Runnable task) {
        Worker self = atTask();
        if (self != null) {
            return runNested(self, task);
        }
        if (SubmittedTask.hasKey(task)) {
            return Admission.FULL; // here it might overtake others
        }
        Outcome outcome = runner.run(task);
        books.accepted.increment();
        books.ended(outcome);
        TaskRunner.publish(task);
        return Admission.ACCEPTED;
    }

    private Admission displaceFor(Runnable task) {
        Gate.Displaced displaced = gate.admitInPlaceOf(task);
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
            leaveKey(submitted);
            submitted.noteRefusal();
            submitted.tellRejected(reason);
        }
    }

    private void tellSubmitted(Runnable task) {
        if (listeners != null && task instanceof SubmittedTask<?> submitted) {
            submitted.tell(new TaskEvents(listeners, config.name(), submitted));
        }
    }

    /// Tells that the pool is closed, if it wasn't before.
    private void tellIfClosed(PoolStats.State before) {
        if (listeners != null && before == PoolStats.State.RUNNING) {
            listeners.tell(new PoolEvent.Closed(config.name()));
        }
    }

    /// Closes the gate and takes back what never started, which is counted as cancelled before its slot
    /// comes back.
    List<Runnable> stop() {
        advanceTo(PoolStats.State.STOPPING);
        var _ = refuseNew();
        List<Runnable> neverStarted = new ArrayList<>();
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            neverStarted.add(task);
            books.ended(Outcome.CANCELLED);
            Runnable next = gate.exit(task);
            if (next != null) {
                ready.offer(next);
            }
        }
        for (Runnable task = gate.cancelOldest(); task != null; task = gate.cancelOldest()) {
            neverStarted.add(task);
        }
        return neverStarted;
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
        return new PoolSaturatedException(
                load(n, gate.isPaused() ? "is paused" : "is saturated"),
                n.running(),
                n.capacity(),
                n.queued(),
                n.waiting());
    }

    PoolClosedException closed() {
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
