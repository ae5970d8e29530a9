package dev.myrmidon.internal;

import dev.myrmidon.PoolEvent;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskOutcome;
import dev.myrmidon.TaskTimeoutException;
import dev.myrmidon.TaskTimes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A task with all that one can have: a result, a name, times, a deadline, a way to cancel it.
///
/// **States**, one number that only grows:
///
/// ```
/// PENDING ──▶ RUNNING ──▶ RETURNED, THREW ──▶ COMPLETED, FAILED
///    │           └──▶ STOPPING ──▶ CANCELLED, TIMED_OUT
///    └──▶ LEAVING ──▶ CANCELLED, SHED
/// ```
///
/// A pool *performs* the task first and *publishes* its result when it has counted the end and got the slot
/// back, so that whoever waits for the result finds both done: in between it has returned, or thrown, and
/// can't be cancelled any more. Those who end it from outside hold it in `LEAVING` while they take it out of
/// the queue, or in `STOPPING` while they interrupt it.
///
/// **Interrupts**: whoever interrupts the task does so in `STOPPING`, and its thread doesn't leave the task
/// before that is over; so the interrupt can't hit the next one. While another task runs inside this one,
/// `runner` is null, and the interrupt is noted and delivered when that has ended.
///
/// **Memory ordering**: each move but the last one is a compare-and-set of `state`; `result` and `ended` are written
/// by whoever makes the move, before the last one. That is a write with release and a full fence before the look for
/// `waiters`, who come by a compare-and-set and then look at `state`: so one of the two sees the other. (A volatile
/// write for each of the fields cost a tenth of a short task.)
///
/// @param <T> the type of the result
public sealed class SubmittedTask<T extends @Nullable Object> implements Task<T>, RunnableFuture<T> permits MemberTask {
    private static final int PENDING = 0;
    private static final int RUNNING = 1;
    private static final int LEAVING = 2;
    private static final int STOPPING = 3;
    private static final int RETURNED = 4;
    private static final int THREW = 5;
    private static final int COMPLETED = 6;
    private static final int FAILED = 7;
    private static final int TIMED_OUT = 8;
    private static final int CANCELLED = 9;
    static final int SHED = 10;

    /// A start at a time that nobody noted.
    private static final long UNTIMED = 1;

    private static final VarHandle STATE = FieldHandles.of(MethodHandles.lookup(), "state", int.class);
    private static final VarHandle CODE = FieldHandles.of(MethodHandles.lookup(), "code", Object.class);
    private static final VarHandle STARTED = FieldHandles.of(MethodHandles.lookup(), "started", long.class);
    private static final VarHandle RUNNER = FieldHandles.of(MethodHandles.lookup(), "runner", Thread.class);
    private static final VarHandle WAITERS = FieldHandles.of(MethodHandles.lookup(), "waiters", Waiter.class);

    /// How the pool runs the code, and who learns of a failure.
    enum Kind {
        /// A `Callable`.
        CALLABLE,
        /// A `Runnable`; the result is given beforehand.
        RUNNABLE,
        /// A `Runnable` from `execute`, which nobody has the future of: the pool's handler gets what it
        /// throws.
        EXECUTED
    }

    // 96 bytes in all, with what follows: one more field, and each task costs 8 more.
    private final DefaultPool pool;
    private final TaskOptions options;
    private final boolean isCallable;
    private final boolean isExecuted;
    private final long id;

    /// 0 if the task keeps no times, since nobody can ask for them: a look at the clock costs as much as all the
    /// rest of a short task.
    private final long submitted;

    /// What to run; once the task has ended only its class, which gives it its name.
    private volatile Object code;

    /// 0 until the code starts, then [#UNTIMED] if nobody noted when.
    private volatile long started;

    /// Stays 0 if the task keeps no times and its code returned or threw.
    private long ended;

    private volatile int state = PENDING;

    /// In a timed pool, for how many tasks this one's times count; 0 for none. Written before the task is
    /// accepted.
    private byte weight;

    /// True if the task was interrupted, and if that found no runner. Written in `STOPPING`, by one thread.
    private boolean interrupted;

    private boolean interruptMissed;

    /// True if the pool has refused it. The submitter's alone.
    private boolean refused;

    /// True if it isn't the pool that runs it, but say a handler of refusals. Written before it runs.
    private boolean isForeign;

    /// What listeners are told of; null for a task that the pool hasn't, or has refused.
    private @Nullable TaskEvents events;

    /// The result, or what was thrown.
    private @Nullable Object result;

    /// The thread that may be interrupted for this task.
    private volatile @Nullable Thread runner;

    /// Where the task is queued, if it is. Guarded by the gate's lock.
    Line.@Nullable Entry place;

    /// The line of its key, while it is a member of it. Guarded by the gate's lock.
    Keys.@Nullable KeyLine keyLine;

    /// Set while the task is queued or runs, if it must start or end in time. Set by one thread at a time: the
    /// submitter before the task is accepted, or whoever puts it back into the queue, then whoever performs
    /// it.
    private volatile @Nullable Future<?> timer;

    /// Who wants to know of the end, as a stack.
    private volatile @Nullable Waiter waiters;

    /// True once somebody waits whose `wake` runs code of the user's. Written before that one is in `waiters`.
    private volatile boolean relays;

    private record Waiter(
            Runnable wake, boolean relays, @Nullable Waiter next) {}

    SubmittedTask(DefaultPool pool, Callable<T> callable, TaskOptions options) {
        this(pool, pool.decorated(callable), Kind.CALLABLE, options);
    }

    SubmittedTask(DefaultPool pool, Runnable runnable, T result, TaskOptions options) {
        this(pool, pool.decorated(runnable, result), Kind.RUNNABLE, options);
        this.result = result;
    }

    private SubmittedTask(DefaultPool pool, Object code, Kind kind, TaskOptions options) {
        this.pool = pool;
        this.code = code;
        this.isCallable = kind == Kind.CALLABLE;
        this.isExecuted = kind == Kind.EXECUTED;
        this.options = options;
        this.id = pool.nextId();
        this.submitted = !isExecuted || pool.keepsTimes(options) ? System.nanoTime() : 0;
    }

    /// A task whose failure is the handler's.
    static SubmittedTask<@Nullable Void> executed(DefaultPool pool, Runnable runnable, TaskOptions options) {
        return new SubmittedTask<>(pool, pool.decorated(runnable, null), Kind.EXECUTED, options);
    }

    /// One execution of a task that was decorated when it was scheduled.
    static <T extends @Nullable Object> SubmittedTask<T> due(DefaultPool pool, Object decorated, Kind kind) {
        return new SubmittedTask<>(pool, decorated, kind, TaskOptions.NONE);
    }

    boolean belongsTo(DefaultPool other) {
        return pool == other;
    }

    /// True for a task with a key.
    static boolean hasKey(Runnable task) {
        return task instanceof SubmittedTask<?> submitted && submitted.options.key() != null;
    }

    TaskOptions options() {
        return options;
    }

    /// What the user gave to the pool and gets back if it never starts.
    Runnable given() {
        Object own = code;
        Object code = own instanceof DecoratedCode decorated ? decorated.code() : own;
        return isExecuted && code instanceof Runnable runnable ? runnable : this;
    }

    /// Has the task's times counted for so many.
    void weigh(int weight) {
        this.weight = (byte) weight;
    }

    int weight() {
        return weight;
    }

    /// Has its times counted, if they count and it has started. For the thread that performed it.
    void recordTimes(Timings timings) {
        if (weight > 0 && started != 0) {
            timings.record(started - submitted, ended - started, weight);
        }
    }

    /// True if its code has started.
    boolean hasStarted() {
        return started != 0;
    }

    /// When it was submitted, in nanoseconds; 0 if it keeps no times.
    long submitted() {
        return submitted;
    }

    /// How long ago it was submitted, in nanoseconds.
    long nanosWaited() {
        return System.nanoTime() - submitted;
    }

    /// What is to be told to the handler, if anything.
    @Nullable
    Throwable unheardFailure() {
        return isExecuted && result instanceof Throwable failure ? failure : null;
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public String name() {
        String name = options.name();
        return name == null ? TaskRunner.className(code) : name;
    }

    @Override
    public Status status() {
        return switch (state) {
            case PENDING, LEAVING -> Status.QUEUED;
            case RUNNING, STOPPING, RETURNED, THREW -> Status.RUNNING;
            case COMPLETED -> Status.COMPLETED;
            case FAILED -> Status.FAILED;
            case TIMED_OUT -> Status.TIMED_OUT;
            case CANCELLED -> Status.CANCELLED;
            default -> Status.SHED;
        };
    }

    @Override
    public TaskTimes times() {
        boolean isOver = isDone();
        long start = started;
        return new TaskTimes(
                submitted,
                start == 0 || start == UNTIMED ? OptionalLong.empty() : OptionalLong.of(start),
                isOver && ended != 0 ? OptionalLong.of(ended) : OptionalLong.empty(),
                System.nanoTime());
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // the result is null only if T allows it
    public Optional<TaskOutcome<T>> outcome() {
        return switch (state) {
            case COMPLETED -> Optional.of(new TaskOutcome.Completed<>((T) result));
            case FAILED -> Optional.of(new TaskOutcome.Failed<>((Throwable) result));
            case TIMED_OUT -> Optional.of(new TaskOutcome.TimedOut<>((TaskTimeoutException) result));
            case CANCELLED -> Optional.of(new TaskOutcome.Cancelled<>());
            case SHED -> Optional.of(new TaskOutcome.Shed<>(Duration.ofNanos(ended - submitted)));
            default -> Optional.empty();
        };
    }

    @Override
    public Future.State state() {
        return switch (state) {
            case COMPLETED -> Future.State.SUCCESS;
            case FAILED, TIMED_OUT -> Future.State.FAILED;
            case CANCELLED, SHED -> Future.State.CANCELLED;
            default -> Future.State.RUNNING;
        };
    }

    @Override
    public boolean isDone() {
        return state >= COMPLETED;
    }

    @Override
    public boolean isCancelled() {
        return state >= CANCELLED;
    }

    /// For anybody but the pool, say a handler of refusals: performs and publishes.
    @Override
    public void run() {
        isForeign = true;
        var _ = perform(0);
        publish();
    }

    /// Runs the user's code, if the task hasn't ended and may still start, and keeps the result to itself.
    ///
    /// @param lastLook what the clock said when this thread began to look for the task; 0 if nobody knows. It will
    ///     do as the start if the task had been submitted by then, and spares a look, which can cost as much as
    ///     all else that the pool does for a task
    Outcome perform(long lastLook) {
        Object toRun = code; // while it is there: a timeout may come before the call
        TaskEvents told = events;
        long timeout = pool.timeoutNanos(options);
        long now = startTime(lastLook, timeout != Long.MAX_VALUE);
        if (submitted != 0 && now - submitted > pool.startWithinNanos(options)) {
            var _ = shed();
        }
        if (told != null) {
            told.expect();
        }
        if (!STATE.compareAndSet(this, PENDING, RUNNING)) {
            if (told != null) {
                told.told();
            }
            awaitEnding();
            return verdict();
        }
        STARTED.setRelease(this, now == 0 ? UNTIMED : now);
        if (told != null) {
            told.started();
        }
        int way;
        Object value;
        try {
            stopTimer();
            attach();
            if (timeout != Long.MAX_VALUE) {
                timer = DefaultPool.schedule(() -> timeOut(timeout), timeout);
            }
            value = call(toRun);
            way = RETURNED;
        } catch (Throwable thrown) {
            value = thrown;
            way = THREW;
        }
        stopTimer();
        decide(way, value);
        awaitEnding();
        if (interrupted) {
            var _ = Thread.interrupted(); // it was meant for the task alone, whose thread may be a submitter's
        }
        return verdict();
    }

    private long startTime(long lastLook, boolean hasTimeout) {
        if (submitted != 0) {
            return lastLook != 0 && lastLook - submitted >= 0 ? lastLook : System.nanoTime();
        }
        return hasTimeout ? System.nanoTime() : 0;
    }

    /// When the code has just returned, for the thread that performed it; 0 if nobody noted it, or other code of
    /// the user's may have run since.
    long returned() {
        return state == RETURNED && weight == 0 ? ended : 0;
    }

    /// Lets everybody see how the task ended. Called by the thread that performed it.
    void publish() {
        if (settle()) {
            announce();
        }
    }

    /// The first half of [#publish()], which runs no code of the user's.
    ///
    /// @return true if the second half is to follow: [#announce()]
    boolean settle() {
        int way = state;
        if (way == RETURNED || way == THREW) {
            return settle(way == RETURNED ? COMPLETED : FAILED, false);
        }
        if (started != 0) {
            returnedLate();
        }
        return false;
    }

    /// Tells those of the end whose code is the user's.
    void announce() {
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next()) {
            if (waiter.relays()) {
                waiter.wake().run();
            }
        }
        waiters = null; // who comes from now on sees the end
        TaskEvents told = events;
        if (told != null) {
            told.ended();
        }
    }

    /// Has listeners told of the task, which is about to be admitted.
    void tell(TaskEvents events) {
        this.events = events;
        events.submitted();
    }

    /// Has them told that it was refused, and of nothing more.
    void tellRejected(PoolEvent.Rejected.Reason reason) {
        TaskEvents told = events;
        if (told != null) {
            events = null;
            told.rejected(reason);
        }
    }

    /// Called when it is clear how the task ended, before those are woken who wait for it.
    ///
    /// @param codeRuns true if the code still runs, and [#returnedLate()] will follow
    /// @return true if [#announce()] is to follow whatever else there is to tell
    boolean ended(boolean codeRuns) {
        return false;
    }

    /// Called when the code has returned after the task had ended.
    void returnedLate() {}

    /// Ends the task without a run, or in the midst of it.
    void fail(Throwable failure) {
        if (STATE.compareAndSet(this, PENDING, RUNNING) || state == RUNNING) {
            decide(THREW, failure);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean isMine = end(CANCELLED, mayInterruptIfRunning);
        if (isExecuted) {
            awaitEnding(); // what it threw may still be with the handler, for long
        } else if (!isMine) {
            awaitPublication();
        }
        return isMine;
    }

    /// Drops the task, if it hasn't started.
    boolean shed() {
        return beginShed() && endPending(SHED);
    }

    /// Drops the task, if it is queued. While its submitter waits it is not, and that one doesn't wait for
    /// longer; with a slot, it looks at the time itself when it starts.
    void shedIfQueued() {
        if (pool.takeToShed(this)) {
            var _ = endTaken(SHED);
        }
    }

    /// Takes it upon the caller to end the task as one that was shed.
    boolean beginShed() {
        return STATE.compareAndSet(this, PENDING, LEAVING);
    }

    /// How long it may still take to start; `Long.MAX_VALUE` is forever.
    long nanosLeftToStart() {
        long nanos = pool.startWithinNanos(options);
        boolean isLimited = submitted != 0 && nanos != Long.MAX_VALUE; // the pool may have got its limit later
        return isLimited ? nanos - nanosWaited() : Long.MAX_VALUE;
    }

    /// Has the task shed if it doesn't start in time. Called before the task comes into the queue.
    void startTimerUntilStart() {
        long nanos = nanosLeftToStart();
        // One that is there may have come while the task had a slot, to which it does nothing.
        if (nanos != Long.MAX_VALUE && (timer == null || nanos <= 0)) {
            timer = DefaultPool.schedule(this::shedIfQueued, Math.max(0, nanos));
            if (isDone()) {
                stopTimer();
            }
        }
    }

    /// The pool has refused it.
    void noteRefusal() {
        refused = true;
        stopTimer();
    }

    /// True if the pool has refused it, even if a handler then took it and nothing was thrown. For the
    /// thread that submitted it.
    boolean wasRefused() {
        return refused;
    }

    void stopTimer() {
        Future<?> set = timer;
        if (set != null) {
            timer = null;
            set.cancel(false);
        }
    }

    /// Waits as [Future#get()] does; inside a task of the same pool it runs this task if that is queued,
    /// since the slot it waits for may be the very one the caller holds.
    @Override
    public T get() throws InterruptedException, ExecutionException {
        if (!await(Long.MAX_VALUE)) {
            throw new AssertionError("292 years are over");
        }
        return report();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        if (!await(unit.toNanos(timeout))) {
            throw new TimeoutException();
        }
        return report();
    }

    @Override
    public T join() {
        boolean interrupted = false;
        try {
            for (; ; ) {
                try {
                    return get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new CompletionException(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        CompletableFuture<T> future = new CompletableFuture<>();
        var _ = future.whenComplete((_, _) -> {
            if (future.isCancelled()) {
                cancel(true);
            }
        });
        relays = true;
        addWaiter(() -> relayTo(future), true);
        relayTo(future); // if it had ended before
        return future;
    }

    /// Has this run when the task ends, and whenever it goes back to the queue. The caller must look at both
    /// after this and after each call.
    ///
    /// @param wake short, and harmless when called for nothing
    void addWaiter(Runnable wake) {
        addWaiter(wake, false);
    }

    private void addWaiter(Runnable wake, boolean relays) {
        for (; ; ) {
            Waiter head = waiters;
            if (WAITERS.compareAndSet(this, head, new Waiter(wake, relays, head))) {
                return;
            }
        }
    }

    /// Has those look again who asked for it. Runs no code of the user's.
    void wakeWaiters() {
        for (Waiter waiter = waiters; waiter != null; waiter = waiter.next()) {
            if (!waiter.relays()) {
                waiter.wake().run();
            }
        }
    }

    /// The current thread runs another task now, and no interrupt of this one is to reach it.
    void detach() {
        runner = null;
        awaitEnding();
    }

    /// The current thread runs this task, and gets its interrupts.
    void attach() {
        runner = Thread.currentThread();
        if (state != RUNNING) {
            awaitEnding();
            if (interruptMissed) {
                interruptMissed = false;
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return pool.name() + "/" + name() + "[id=" + id + ", " + status() + "]";
    }

    private @Nullable Object call(Object toRun) throws Exception {
        if (isCallable || toRun instanceof DecoratedCode) {
            return ((Callable<?>) toRun).call();
        }
        ((Runnable) toRun).run();
        return result;
    }

    private void decide(int way, @Nullable Object value) {
        if (STATE.compareAndSet(this, RUNNING, way)) {
            result = value;
            ended = submitted == 0 ? 0 : System.nanoTime();
        }
    }

    /// How the task was decided to end.
    private Outcome verdict() {
        return switch (state) {
            case RETURNED, COMPLETED -> Outcome.COMPLETED;
            case THREW, FAILED -> Outcome.FAILED;
            case TIMED_OUT -> Outcome.TIMED_OUT;
            case SHED -> Outcome.SHED;
            default -> Outcome.CANCELLED;
        };
    }

    /// Its time, so many nanoseconds, is over; the pool's may be another one by now.
    void timeOut(long nanos) {
        if (!STATE.compareAndSet(this, RUNNING, STOPPING)) {
            return;
        }
        ended = System.nanoTime();
        result = new TaskTimeoutException(
                pool.name() + "/" + name(), Duration.ofNanos(nanos), Duration.ofNanos(ended - started));
        endRunning(TIMED_OUT, true);
    }

    /// Ends the task from outside, unless it has ended.
    private boolean end(int how, boolean interrupt) {
        if (STATE.compareAndSet(this, PENDING, LEAVING)) {
            return endPending(how);
        }
        if (!STATE.compareAndSet(this, RUNNING, STOPPING)) {
            return false;
        }
        ended = System.nanoTime();
        endRunning(how, interrupt);
        return true;
    }

    /// Frees the task's place in the queue and lets everybody see its end.
    private boolean endPending(int how) {
        pool.cancelQueued(this, how == SHED ? Outcome.SHED : Outcome.CANCELLED);
        return endTaken(how);
    }

    /// Lets everybody see the end of a task that has no place in the queue any more.
    boolean endTaken(int how) {
        ended = System.nanoTime();
        Runnable given = given(); // a task that has ended forgets it
        finish(how, false);
        if (how == SHED && isExecuted) {
            TaskRunner.cancelFuture(given, this);
        }
        return true;
    }

    private void endRunning(int how, boolean interrupt) {
        if (interrupt) {
            interrupted = true;
            Thread thread = runner;
            if (thread == null) {
                interruptMissed = true;
            } else {
                thread.interrupt();
            }
        }
        finish(how, true);
    }

    private void finish(int how, boolean codeRuns) {
        if (settle(how, codeRuns)) {
            announce();
        }
    }

    private boolean settle(int how, boolean codeRuns) {
        if (how == TIMED_OUT && !isForeign) {
            pool.noteOverdue(); // just before it is seen to have timed out, or one would be there without the other
        }
        CODE.setRelease(this, TaskRunner.codeClass(code));
        STATE.setRelease(this, how);
        RUNNER.setRelease(this, null);
        VarHandle.fullFence(); // who isn't seen below sees the end
        if (how == CANCELLED || how == SHED) {
            stopTimer(); // of a task that may never be performed
        }
        boolean hasMoreToDo = ended(codeRuns);
        wakeWaiters();
        if (!relays && events == null && !hasMoreToDo) {
            WAITERS.setRelease(this, null); // who comes from now on sees the end
            return false;
        }
        return true;
    }

    /// Lets the one come to its end who is ending the task: a matter of microseconds.
    private void awaitEnding() {
        if (isEnding()) {
            awaitPublication();
        }
    }

    private boolean isEnding() {
        int now = state;
        return now == LEAVING || now == STOPPING;
    }

    /// Lets the end be published that can't be changed any more; not for the thread that is to publish it.
    private void awaitPublication() {
        boolean interrupted = false;
        while (!isDone() && (isEnding() || runner != Thread.currentThread())) {
            interrupted |= Thread.interrupted(); // with which nobody can park
            LockSupport.parkNanos(this, 1_000);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the end, as [#get()] does, at most so long.
    boolean await(long nanos) throws InterruptedException {
        if (isDone()) {
            return true;
        }
        long start = System.nanoTime();
        boolean mayRunHere = nanos == Long.MAX_VALUE && pool.intake().isInsideTask();
        Wakeup wakeup = new Wakeup();
        Runnable wake = wakeup::wake;
        addWaiter(wake);
        try {
            while (!isDone() && !(mayRunHere && pool.intake().runHereIfQueued(this))) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long left = DefaultPool.left(nanos, start);
                if (left <= 0) {
                    return false;
                }
                wakeup.await(left);
            }
            return true;
        } finally {
            if (!isDone()) {
                removeWaiter(wake);
            }
        }
    }

    private void removeWaiter(Runnable wake) {
        Waiter head;
        do {
            head = waiters;
        } while (!WAITERS.compareAndSet(this, head, without(head, wake)));
    }

    @SuppressWarnings("ReferenceEquality") // this very one
    private static @Nullable Waiter without(@Nullable Waiter head, Runnable wake) {
        Waiter rest = null;
        for (Waiter waiter = head; waiter != null; waiter = waiter.next()) {
            if (waiter.wake() != wake) {
                rest = new Waiter(waiter.wake(), waiter.relays(), rest);
            }
        }
        return rest;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the result is null only if T allows it
    private T report() throws ExecutionException {
        return switch (state) {
            case COMPLETED -> (T) result;
            case FAILED, TIMED_OUT -> throw new ExecutionException((Throwable) result);
            default -> throw cancellation();
        };
    }

    CancellationException cancellation() {
        String after =
                submitted == 0 ? "" : " " + Duration.ofNanos(ended - submitted).toMillis() + " ms after its submission";
        return new CancellationException(pool.name() + "/" + name()
                + (state == SHED ? " was shed: it had not started" : " was cancelled") + after);
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the result is null only if T allows it
    private void relayTo(CompletableFuture<T> future) {
        switch (state) {
            case COMPLETED -> future.complete((T) result);
            case FAILED, TIMED_OUT -> future.completeExceptionally((Throwable) result);
            case CANCELLED, SHED -> future.cancel(false);
            default -> {}
        }
    }
}
