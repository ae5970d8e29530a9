package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.TaskOptions;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// The way of a submission into a pool: asks the [Gate], does what the pool's policy says if there is no room,
/// and hands what has a slot to the [Workers]. In the thread of the submitter.
final class Intake {
    /// How deep submissions inside tasks may nest on one worker before they are refused. A task that
    /// submits itself again and again to a saturated pool would otherwise end in a stack overflow.
    private static final int MAX_NESTING = 256;

    private final DefaultPool pool;
    private final Books books;
    private final Gate gate;
    private final Ready ready;
    private final Workers workers;
    private final TaskRunner runner;
    private final @Nullable Timings timings;
    private final @Nullable Listeners listeners;

    private volatile PoolConfig config;

    /// True if a task needs a [SubmittedTask] around it even if nobody wants its future.
    private volatile boolean wrapsAll;

    private final boolean isByPriority;

    Intake(
            DefaultPool pool,
            PoolConfig config,
            Books books,
            Gate gate,
            Ready ready,
            Workers workers,
            TaskRunner runner,
            @Nullable Timings timings,
            @Nullable Listeners listeners) {
        this.pool = pool;
        this.config = config;
        this.books = books;
        this.gate = gate;
        this.ready = ready;
        this.workers = workers;
        this.runner = runner;
        this.timings = timings;
        this.listeners = listeners;
        this.isByPriority = config.queueOrder() instanceof QueueOrder.Priority;
        this.wrapsAll = wrapsAll(config);
    }

    /// Lets another configuration hold for tasks that are submitted from now on.
    void reconfigure(PoolConfig config) {
        this.config = config;
        this.wrapsAll = wrapsAll(config);
    }

    private boolean wrapsAll(PoolConfig config) {
        return listeners != null
                || !config.decorators().isEmpty()
                || !config.taskTimeout().equals(Pool.NEVER)
                || !config.startWithin().equals(Pool.NEVER);
    }

    /// What goes through the pool in the place of a task.
    Runnable prepared(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            return submitted.belongsTo(pool) ? weighed(submitted) : prepared(() -> submitted.run());
        }
        Objects.requireNonNull(task, "task");
        int weight = timings == null ? 0 : timings.drawWeight();
        return weight == 0 && !wrapsAll ? task : wrapped(task, TaskOptions.NONE, weight);
    }

    /// The same for a task with options.
    Runnable prepared(Runnable task, TaskOptions options) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(options, "options");
        int weight = timings == null ? 0 : timings.drawWeight();
        if (weight != 0 || wrapsAll || hasMoreThanPriority(options) || task instanceof SubmittedTask<?>) {
            return wrapped(task, options, weight);
        }
        return isByPriority ? new LeveledTask(task, options.priority()) : task;
    }

    private static boolean hasMoreThanPriority(TaskOptions options) {
        return options.name() != null
                || options.timeout() != null
                || options.startWithin() != null
                || options.key() != null;
    }

    private SubmittedTask<?> wrapped(Runnable task, TaskOptions options, int weight) {
        SubmittedTask<?> wrapped = SubmittedTask.executed(pool, task, options);
        wrapped.weigh(weight);
        return wrapped;
    }

    <T extends SubmittedTask<?>> T weighed(T task) {
        if (timings != null) {
            task.weigh(timings.drawWeight());
        }
        return task;
    }

    /// Submits a task as the pool's policy says.
    void admit(Runnable task) {
        admit(task, config.whenSaturated());
    }

    /// Submits a task if there is room at once.
    boolean tryAdmit(Runnable task) {
        tellSubmitted(task);
        return settleOrDecline(task, enter(task));
    }

    /// Submits a task if there is room within so long.
    boolean tryAdmit(Runnable task, long nanos) throws InterruptedException {
        tellSubmitted(task);
        Admission admission = Thread.interrupted() ? Admission.INTERRUPTED : enter(task);
        if (admission == Admission.FULL && nanos > 0) {
            admission = awaitRoom(task, nanos);
        }
        throwIfInterrupted(task, admission);
        return settleOrDecline(task, admission);
    }

    /// [#admit(Runnable)] for tasks that have come due. Their one submitter is not to be held up by
    /// any of them, so where submitters run tasks themselves it waits for room.
    void admitDue(SubmittedTask<?> task) {
        SaturationPolicy policy = config.whenSaturated();
        admit(weighed(task), policy instanceof SaturationPolicy.CallerRuns ? SaturationPolicy.await() : policy);
    }

    /// Submits a task of a bulk call, which waits for room no longer than it has time.
    ///
    /// @return false if there was no room within that time
    boolean admitWithin(SubmittedTask<?> task, long nanos) throws InterruptedException {
        long start = System.nanoTime();
        Admission admission = admission(weighed(task), config.whenSaturated(), nanos);
        throwIfInterrupted(task, admission);
        if (admission == Admission.TIMED_OUT && DefaultPool.left(nanos, start) <= 0) {
            reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
            return false;
        }
        settle(task, admission);
        return true;
    }

    /// Submits a task as if the policy were to wait. One that finds no room in the time in which it must start
    /// is shed. Throws what [#admit(Runnable)] throws.
    void admitPatiently(SubmittedTask<?> task) {
        Admission admission = admission(weighed(task), SaturationPolicy.await(), Long.MAX_VALUE);
        if (admission == Admission.TIMED_OUT) {
            reject(task, PoolEvent.Rejected.Reason.TIMED_OUT);
            var _ = task.shed();
        } else {
            settle(task, admission);
        }
    }

    private void admit(Runnable task, SaturationPolicy policy) {
        settle(task, admission(task, policy, Long.MAX_VALUE));
    }

    /// What the gate and the policy answer to a task that may wait at most so long.
    private Admission admission(Runnable task, SaturationPolicy policy, long nanos) {
        tellSubmitted(task);
        Admission admission = enter(task);
        return admission == Admission.FULL ? whenSaturated(task, policy, nanos) : admission;
    }

    /// Takes a slot or a place in the queue, without waiting; a task leaves the queue again if it does not start
    /// in time.
    private Admission enter(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted && SubmittedTask.hasKey(task)) {
            gate.joinKey(submitted);
        } else if (gate.tryEnter()) {
            return Admission.SLOT;
        }
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
            case SaturationPolicy.Await(Duration longest) ->
                awaitRoom(task, Math.min(DefaultPool.nanos(longest), nanos));
            case SaturationPolicy.Refuse _ -> Admission.FULL;
            case SaturationPolicy.CallerRuns _ -> runInCaller(task);
            case SaturationPolicy.DropOldest _, SaturationPolicy.DisplaceLowest _ -> displaceFor(task);
            case SaturationPolicy.Handle(SaturationPolicy.Handler handler) -> {
                reject(task, PoolEvent.Rejected.Reason.SATURATED);
                handler.onSaturated(TaskRunner.given(task), pool);
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
            return gate.await(task, Math.min(nanos, submitted.nanosLeftToStart()));
        }
        return gate.await(task, nanos);
    }

    private Admission runNested(Worker self, Runnable task) {
        if (pool.isShutdown()) {
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
        Outcome outcome = runner.run(task, 0);
        books.accepted.increment();
        books.ended(outcome);
        TaskRunner.publish(task);
        return Admission.ACCEPTED;
    }

    private Admission displaceFor(Runnable task) {
        Gate.Displaced displaced = gate.admitInPlaceOf(task);
        switch (displaced.dropped()) {
            case null -> {}
            case SubmittedTask<?> submitted -> submitted.shed();
            case Runnable other -> runner.cancel(other);
        }
        return displaced.admission();
    }

    /// Does what an answer of the gate asks for, or throws what it means.
    private void settle(Runnable task, Admission admission) {
        switch (admission) {
            case SLOT -> dispatch(task);
            case ACCEPTED -> {
                if (task instanceof SubmittedTask<?> submitted && submitted.nanosLeftToStart() <= 0) {
                    submitted.shedIfQueued(); // its timer may have come while it was not queued yet
                }
            }
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

    /// Refuses a task whose submitter was interrupted, for those who tell it by the exception for that.
    private void throwIfInterrupted(Runnable task, Admission admission) throws InterruptedException {
        if (admission == Admission.INTERRUPTED) {
            reject(task, PoolEvent.Rejected.Reason.INTERRUPTED);
            throw new InterruptedException();
        }
    }

    /// Counts a task that was not accepted.
    private void reject(Runnable task, PoolEvent.Rejected.Reason reason) {
        books.rejected(reason);
        FlightRecorder.rejected(config.name(), task, reason, gate, config.queueCapacity());
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
        workers.signalIfAny();
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
        return new PoolClosedException(load(gate.numbers(), "is closed (" + pool.state() + ")"));
    }

    /// The pool in a sentence.
    String describe() {
        return load(gate.numbers(), pool.state().name().toLowerCase(Locale.ROOT));
    }

    /// A sentence about the pool, with the numbers that explain it.
    private String load(Gate.Numbers n, String what) {
        return config.name() + " " + what + ": running=" + n.running() + "/" + bound(n.capacity()) + " queued="
                + n.queued() + "/" + bound(config.queueCapacity()) + " waiting=" + n.waiting() + "/"
                + bound(config.maxBlockingTasks());
    }

    private static String bound(int bound) {
        return bound == Pool.UNBOUNDED ? "unbounded" : Integer.toString(bound);
    }
}
