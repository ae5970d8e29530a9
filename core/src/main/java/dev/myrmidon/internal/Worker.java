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
/// have a slot: from the ring, or the one whose turn its own exit made it. If there is none it searches for
/// a little while, as the one searching worker, and then waits to be called.
///
/// What the worker writes for others to read (the tasks it is at, its counters) it writes with release and
/// they read with acquire: nothing decides by it, so it may be a moment old.
final class Worker implements Runnable {
    /// A worker that finds, at one of its looks at the clock, that it has been at it for longer than this
    /// leaves its carrier for a moment: nothing preempts a virtual thread, and those that were submitted
    /// from outside starve beside workers that merely yield. Long against the cost of a timed park (some
    /// µs), short against what a user notices.
    private static final long MAX_STRETCH_NANOS = 1_000_000;

    /// A worker looks at the clock once in so many tasks, since a look can cost as much as a task.
    private static final int TASKS_PER_CLOCK_LOOK = 16;

    /// How often a searching worker lets others run and looks again before it gives up.
    private static final int SEARCH_YIELDS = 4;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle CURRENT = fieldHandle("current", Runnable.class);
    private static final VarHandle NESTED = fieldHandle("nested", Nested.class);

    /// A task that runs inside another one.
    private record Nested(Runnable task, @Nullable Nested outer, int depth) {}

    private final Workers crew;
    private final Gate gate;
    private final Ring ring;
    private final TaskRunner runner;

    /// How many tasks ended how. Written by the worker alone, through [#COUNT].
    private final long[] counts = new long[Outcome.values().length];

    /// The task on the slot. Written by the worker alone.
    @SuppressWarnings("UnusedVariable") // read through CURRENT
    private @Nullable Runnable current;

    /// The innermost of the tasks inside it. Written by the worker alone.
    private @Nullable Nested nested;

    private int tasksSinceClockLook;
    private long stretchStart = System.nanoTime();

    Worker(Workers crew, Gate gate, Ring ring, TaskRunner runner) {
        this.crew = crew;
        this.gate = gate;
        this.ring = ring;
        this.runner = runner;
    }

    /// Begins as the searching worker, for which it was started.
    @Override
    public void run() {
        try {
            Runnable task = search();
            while (task != null || (task = awaitTask()) != null) {
                leaveCarrierNowAndThen();
                Runnable handed = perform(task);
                task = handed == null ? ring.poll() : oldestOf(handed);
            }
        } finally {
            crew.farewell(this);
        }
    }

    /// Looks for a task as the searching worker, which it isn't any more afterwards. If it leaves others
    /// behind, the next worker is sent for them before this one starts its own: so tasks that block fan
    /// out, and short ones are drained.
    @SuppressWarnings("ThreadPriorityCheck") // a hint is all the yield is for; nothing relies on it
    private @Nullable Runnable search() {
        do {
            for (int looks = 0; looks <= SEARCH_YIELDS; looks++) {
                Runnable task = ring.poll();
                if (task != null) {
                    crew.endSearch();
                    crew.signalIfAny();
                    return task;
                }
                Thread.yield();
            }
            crew.endSearch();
            // a submitter that saw the search under way sent nobody, so its task must be seen here
        } while (!ring.isEmpty() && crew.claimSearch());
        return null;
    }

    /// Waits for a task; null if none came for as long as an idle worker stays, or the pool has ended.
    private @Nullable Runnable awaitTask() {
        boolean searching = crew.claimSearch();
        while (searching || crew.awaitCall(this)) {
            Runnable task = search();
            if (task != null) {
                return task;
            }
            searching = false;
        }
        return null;
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
            count(runner.run(task));
        } finally {
            CURRENT.setRelease(this, null);
            var _ = Thread.interrupted(); // an interrupt is meant for the task, and that is over
            next = gate.exit();
        }
        TaskRunner.publish(task);
        return next;
    }

    /// The task that was handed over by an exit, or one that has had its slot for longer.
    private Runnable oldestOf(Runnable handed) {
        Runnable older = ring.poll();
        if (older == null) {
            return handed;
        }
        ring.offer(handed);
        crew.signalIfAny();
        return older;
    }

    /// Runs a task inside the one this worker is at. Neither gets an interrupt that is meant for the other.
    /// Called by the worker's own thread.
    void runNested(Runnable task) {
        Nested outer = nested;
        Runnable caller = outer == null ? current : outer.task();
        boolean callersInterrupt = Thread.interrupted();
        if (crew.isInterrupting()) {
            Thread.currentThread().interrupt();
        }
        NESTED.setRelease(this, new Nested(task, outer, nesting() + 1));
        try {
            count(runner.run(task));
        } catch (StackOverflowError tooDeep) {
            count(runner.fail(task, tooDeep)); // there was no room on the stack even to run it
        } finally {
            NESTED.setRelease(this, outer);
            var _ = Thread.interrupted();
            if (callersInterrupt || crew.isInterrupting() || TaskRunner.isCancelled(caller)) {
                Thread.currentThread().interrupt();
            }
        }
        TaskRunner.publish(task);
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

    /// How many tasks ended so on this worker.
    long ended(Outcome outcome) {
        return (long) COUNT.getAcquire(counts, index(outcome));
    }

    private void count(Outcome outcome) {
        int i = index(outcome);
        COUNT.setRelease(counts, i, counts[i] + 1);
    }

    @SuppressWarnings("EnumOrdinal") // an index into memory that outlives no change of the enum
    private static int index(Outcome outcome) {
        return outcome.ordinal();
    }

    private void leaveCarrierNowAndThen() {
        if (++tasksSinceClockLook < TASKS_PER_CLOCK_LOOK) {
            return;
        }
        tasksSinceClockLook = 0;
        long now = System.nanoTime();
        if (now - stretchStart > MAX_STRETCH_NANOS) {
            LockSupport.parkNanos(this, 1);
            stretchStart = System.nanoTime();
        }
    }

    /// Initializes the class. Two virtual threads that race for an initialization pin their carriers, so a
    /// pool has it done before there are any.
    static void initialize() {}

    private static VarHandle fieldHandle(String name, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Worker.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
