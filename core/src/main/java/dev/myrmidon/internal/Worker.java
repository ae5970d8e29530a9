package dev.myrmidon.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A virtual thread that runs tasks, one after the other, for as long as it finds some.
///
/// Each task it performs holds a slot of the [Gate], which comes back exactly once, in the `finally` of
/// [#perform(Runnable)]; between tasks the worker holds none. Its next task is the oldest of those that
/// have a slot: from the ring, or the one whose turn its own exit made it. If there is none it waits to be
/// called. (Yields before that, in case a task comes, cost more than the calls that they saved.)
///
/// **Age**: a worker that has lived for a while, or whose tasks are long, leaves what there is to do to a new
/// one. The memory of a thread that lives long is old to the collector, and each of its parks costs more then:
/// workers that stayed ran tasks that sleep at 0.6 of the rate.
///
/// What the worker writes for others to read (the tasks it is at, its counters) it writes with release and
/// they read with acquire: nothing decides by it, so it may be a moment old.
final class Worker implements Runnable {
    /// How long a worker may keep its carrier before others get it. Nothing preempts a virtual thread. Long
    /// against the cost of a timed park (some 10 µs), short against what a user notices.
    private static final long MAX_STRETCH_NANOS = 1_000_000;

    /// How long workers that follow each other may keep a carrier. It first runs what was started or woken
    /// on it, so that threads that come from outside starve beside workers that merely yield or call each
    /// other; a timed park comes back from outside too. Two stretches: one worker works while the other one
    /// is on its way through the timer.
    private static final long MAX_CHAIN_NANOS = 2 * MAX_STRETCH_NANOS;

    /// A worker looks at the clock once in so many tasks, since a look can cost as much as a task.
    private static final int TASKS_PER_CLOCK_LOOK = 16;

    /// How long a worker lives, give or take the tasks between two looks at the clock. Long against the start of a
    /// thread and what tasks put into thread locals; short against the time in which memory becomes old.
    private static final long MAX_AGE_NANOS = 250_000_000;

    /// A worker that is still in a stretch that began so long ago has long tasks, and ends as if it were old: the
    /// start of a thread is little against them, and less than waiting to be called again.
    private static final long LONG_STRETCH_NANOS = 5_000_000;

    private static final VarHandle COMPLETED = FieldHandles.of(MethodHandles.lookup(), "completed", long.class);
    private static final VarHandle FAILED = FieldHandles.of(MethodHandles.lookup(), "failed", long.class);
    private static final VarHandle CANCELLED = FieldHandles.of(MethodHandles.lookup(), "cancelled", long.class);
    private static final VarHandle CURRENT = FieldHandles.of(MethodHandles.lookup(), "current", Runnable.class);
    private static final VarHandle NESTED = FieldHandles.of(MethodHandles.lookup(), "nested", Nested.class);

    /// A task that runs inside another one.
    private record Nested(Runnable task, @Nullable Nested outer, int depth) {}

    private final Workers crew;
    private final Gate gate;
    private final Ready ready;
    private final TaskRunner runner;

    /// How many tasks ended how. Written by the worker alone, through [#COMPLETED] and its like. Fields, and
    /// no array: that is one cold cache line less for each task of a worker that has slept.
    private long completed;
    private long failed;
    private long cancelled;

    /// The task on the slot. Written by the worker alone.
    @SuppressWarnings("UnusedVariable") // read through CURRENT
    private @Nullable Runnable current;

    /// The innermost of the tasks inside it. Written by the worker alone.
    private @Nullable Nested nested;

    /// What the clock said when this worker began to look for its next task; 0 if it didn't look at it then.
    private long lastLook;

    private int tasksSinceClockLook;

    /// When it was made, and whether that is long ago.
    private final long born = System.nanoTime();

    private boolean isOld;

    /// Since when this worker has kept its carrier, as far as it knows.
    private long stretchStart;

    /// Since when it and those before it, each called by the one before, have kept it.
    private long chainStart;

    /// @param chainStart since when those who start this worker have kept their carrier
    Worker(Workers crew, Gate gate, Ready ready, TaskRunner runner, long chainStart) {
        this.crew = crew;
        this.gate = gate;
        this.ready = ready;
        this.runner = runner;
        this.chainStart = chainStart;
    }

    /// Begins as the searching worker, for which it was started.
    @Override
    public void run() {
        try {
            beginStretch();
            Runnable task = search();
            while (task != null || (task = awaitTask()) != null) {
                Runnable handed = perform(task);
                // what made it old made it take a turn first: without, long tasks starved other threads for seconds
                if (crew.isolates() || isOld) {
                    passOn(handed);
                    return;
                }
                if (isStretchOver() || ready.isBusy()) {
                    if (handed != null) {
                        ready.offer(handed);
                    }
                    task = takeTurns();
                } else {
                    task = handed == null ? ready.poll() : oldestOf(handed);
                }
            }
        } finally {
            crew.farewell(this);
        }
    }

    /// Looks for a task as the searching worker, which it isn't any more afterwards. If it leaves others
    /// behind, the next worker is sent for them before this one starts its own: so tasks that block fan
    /// out, and short ones are drained.
    ///
    /// Where another worker is at it already, this one stays away for a moment first: two that take turns pass
    /// the line from core to core.
    private @Nullable Runnable search() {
        if (ready.isBusy()) {
            leaveCarrier();
        }
        do {
            Runnable task = ready.poll();
            crew.endSearch();
            if (task != null) {
                crew.signalIfAny(chainStart);
                return task;
            }
            // a submitter that saw the search under way sent nobody, so its task must be seen here
        } while (!ready.isEmpty() && crew.claimSearch());
        return null;
    }

    /// Waits for a task; null if the worker is to end.
    private @Nullable Runnable awaitTask() {
        while (crew.awaitCall(this)) {
            beginStretch();
            Runnable task = search();
            if (task != null) {
                return task;
            }
        }
        return null;
    }

    /// Lets others have the carrier: by a timed park, which one worker at a time may do, or by leaving what
    /// there is to do to the worker that is on its way. So a flood of short tasks keeps few workers busy, and
    /// few in each other's way.
    ///
    /// What it has put into the ring before this needs no signal: it takes one task out itself, or whoever
    /// is searching looks again after the search.
    private @Nullable Runnable takeTurns() {
        if (ready.isEmpty()) {
            return null;
        }
        if (crew.claimRest()) {
            try {
                leaveCarrier();
            } finally {
                crew.endRest();
            }
            return ready.poll();
        }
        if (crew.claimSearch()) {
            leaveCarrier();
            return search();
        }
        return null;
    }

    /// Leaves a task that was handed over, and all others, to the next worker.
    private void passOn(@Nullable Runnable handed) {
        if (handed != null) {
            ready.offer(handed);
        }
        crew.signalIfAny();
    }

    /// Runs a task on the slot it holds and gives the slot back.
    ///
    /// @return the task that got the slot instead, or null
    private @Nullable Runnable perform(Runnable task) {
        if (gate.isOverCapacity() && gate.handBack(task)) {
            crew.signalIfAny();
            return null;
        }
        if (crew.isInterrupting()) {
            Thread.currentThread().interrupt();
        }
        CURRENT.setRelease(this, task);
        Runnable next;
        try {
            count(runner.run(task, lastLook));
            lastLook = task instanceof SubmittedTask<?> submitted ? submitted.returned() : 0;
        } finally {
            CURRENT.setRelease(this, null);
            var _ = Thread.interrupted(); // an interrupt is meant for the task, and that is over
            next = gate.exit(task);
        }
        if (task instanceof SubmittedTask<?> submitted && submitted.settle()) {
            announce(submitted, next);
            return null;
        }
        return next;
    }

    /// Tells of an end those whose code is the user's, while others see to the task that got the slot: this one
    /// may take long, or wait for that very task.
    private void announce(SubmittedTask<?> task, @Nullable Runnable handed) {
        passOn(handed);
        task.announce();
        lastLook = 0;
        var _ = Thread.interrupted(); // nobody's
    }

    /// The task that was handed over by an exit, or one that has had its slot for longer.
    private Runnable oldestOf(Runnable handed) {
        Runnable older = ready.poll();
        if (older == null) {
            return handed;
        }
        ready.offer(handed);
        crew.signalIfAny();
        return older;
    }

    /// Runs a task inside the one this worker is at. Neither gets an interrupt that is meant for the other.
    /// Called by the worker's own thread.
    void runNested(Runnable task) {
        Nested outer = nested;
        Runnable caller = outer == null ? current : outer.task();
        if (caller instanceof SubmittedTask<?> submitted) {
            submitted.detach();
        }
        boolean callersInterrupt = Thread.interrupted();
        if (crew.isInterrupting()) {
            Thread.currentThread().interrupt();
        }
        NESTED.setRelease(this, new Nested(task, outer, nesting() + 1));
        try {
            count(runner.run(task, 0));
        } catch (StackOverflowError tooDeep) {
            count(runner.fail(task, tooDeep)); // there was no room on the stack even to run it
        } finally {
            NESTED.setRelease(this, outer);
            var _ = Thread.interrupted();
            if (callersInterrupt || crew.isInterrupting()) {
                Thread.currentThread().interrupt();
            }
            if (caller instanceof SubmittedTask<?> submitted) {
                submitted.attach();
            }
        }
        TaskRunner.publish(task);
    }

    /// True while it is at a task, and so holds a slot. Called by the worker's own thread.
    boolean isAtTask() {
        return current != null;
    }

    /// How many tasks run inside one another below the one on the slot. Called by the worker's own thread.
    int nesting() {
        return nested == null ? 0 : nested.depth();
    }

    /// The tasks the worker is at, the outermost first.
    List<Runnable> tasks() {
        List<Runnable> tasks = new ArrayList<>();
        for (Nested n = (Nested) NESTED.getAcquire(this); n != null; n = n.outer()) {
            tasks.addFirst(n.task());
        }
        Runnable outermost = (Runnable) CURRENT.getAcquire(this);
        if (outermost != null) {
            tasks.addFirst(outermost);
        }
        return tasks;
    }

    /// How many tasks ended so on this worker, but for those it counts in the [Books] at once.
    long ended(Outcome outcome) {
        return switch (outcome) {
            case COMPLETED -> (long) COMPLETED.getAcquire(this);
            case FAILED -> (long) FAILED.getAcquire(this);
            case CANCELLED -> (long) CANCELLED.getAcquire(this);
            case TIMED_OUT, SHED, DISPLACED -> 0;
        };
    }

    private void count(Outcome outcome) {
        switch (outcome) {
            case COMPLETED -> COMPLETED.setRelease(this, completed + 1);
            case FAILED -> FAILED.setRelease(this, failed + 1);
            case CANCELLED -> CANCELLED.setRelease(this, cancelled + 1);
            case TIMED_OUT, SHED, DISPLACED -> crew.books().ended(outcome); // too few for a counter of their own
        }
    }

    /// Follows workers that have kept their carrier for so long.
    void followChain(long start) {
        chainStart = start;
    }

    private void beginStretch() {
        stretchStart = System.nanoTime();
        lastLook = 0;
        if (stretchStart - chainStart > MAX_CHAIN_NANOS) {
            leaveCarrier();
        }
    }

    /// Whether it is the turn of others. Asked after each task, and answered by the clock once in so many;
    /// a look at it also tells whether this worker is old.
    private boolean isStretchOver() {
        if (++tasksSinceClockLook < TASKS_PER_CLOCK_LOOK) {
            return false;
        }
        tasksSinceClockLook = 0;
        long now = System.nanoTime();
        long stretch = now - stretchStart;
        isOld = now - born > MAX_AGE_NANOS || stretch > LONG_STRETCH_NANOS;
        return stretch > MAX_STRETCH_NANOS;
    }

    private void leaveCarrier() {
        LockSupport.parkNanos(this, 1);
        lastLook = 0;
        stretchStart = System.nanoTime();
        chainStart = stretchStart;
    }

    /// Initializes the class. Two virtual threads that race for an initialization pin their carriers, so a
    /// pool has it done before there are any.
    static void initialize() {}
}
