package dev.myrmidon.internal;

import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolStats;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Registered;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import jdk.jfr.Throttle;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// What the JVM's flight recorder is told of pools. Nothing here throws: a recording that fails harms no task.
///
/// While nothing is recorded, an event's `isEnabled()` is a constant to the compiler (the recorder writes the
/// methods of event classes anew when it starts), or two fields to read once it has started. So the way of a
/// task asks just that, of an object that is there already.
final class FlightRecorder {
    /// Always on the module path, since the module asks for it; a class path may belong to a runtime image that
    /// was made without it. The event classes are not touched then.
    private static final boolean IS_PRESENT =
            ModuleLayer.boot().findModule("jdk.jfr").isPresent();

    static {
        if (IS_PRESENT) {
            try {
                Registration.whenStarted();
            } catch (Throwable failure) {
                TaskRunner.log("the flight recorder can't be told of pools", failure);
            }
        }
    }

    private FlightRecorder() {}

    /// A run of a task. The recorder keeps the times of an event in the event itself, and asks for the thread when
    /// it is written; so it may begin on one carrier and end on another.
    @Name("dev.myrmidon.Task")
    @Label("Task")
    @Category("Myrmidon")
    @Description("A task ran, from the start of its code until that returned")
    @Registered(false)
    @StackTrace(false)
    @Threshold("10 ms")
    @Throttle("1000/s")
    static final class TaskRun extends Event {
        private static final TaskRun PROBE = new TaskRun();

        @Label("Pool")
        @Nullable
        String pool;

        @Label("Task")
        @Description("The name of the task, or the class of its code")
        @Nullable
        String task;

        @Label("Task Id")
        @Description("Unique in its pool; 0 if the pool keeps nothing about the task")
        long id;

        @Label("Wait Time")
        @Description("From the submission to the start; not available if the pool keeps no times of the task")
        @Timespan(Timespan.NANOSECONDS)
        long waitTime;

        @Label("Outcome")
        @Description("COMPLETED, FAILED, TIMED_OUT or CANCELLED")
        @Nullable
        String outcome;
    }

    /// Has a stack trace: whose submissions are refused is what one wants to know.
    @Name("dev.myrmidon.TaskRejected")
    @Label("Task Rejected")
    @Category("Myrmidon")
    @Description("A pool refused a task")
    @Registered(false)
    @Throttle("100/s")
    static final class TaskRejected extends Event {
        private static final TaskRejected PROBE = new TaskRejected();

        @Label("Pool")
        @Nullable
        String pool;

        @Label("Task")
        @Description("The name of the task, or the class of its code")
        @Nullable
        String task;

        @Label("Reason")
        @Description("SATURATED, TIMED_OUT, INTERRUPTED, CLOSED or NO_WORKER")
        @Nullable
        String reason;

        @Label("Running")
        @Description("Slots held")
        int running;

        @Label("Capacity")
        @Description("The most tasks that may run at once; -1 is unbounded")
        int capacity;

        @Label("Queued")
        @Description("Tasks accepted that have no slot yet")
        int queued;

        @Label("Queue Capacity")
        @Description("The most tasks that may be queued; -1 is unbounded")
        int queueCapacity;

        @Label("Waiting")
        @Description("Submitters that wait for room")
        int waiting;
    }

    /// Has a stack trace: there are few, and who did it matters.
    @Name("dev.myrmidon.PoolResized")
    @Label("Pool Resized")
    @Category("Myrmidon")
    @Description("The capacity of a pool was changed")
    @Registered(false)
    static final class PoolResized extends Event {
        private static final PoolResized PROBE = new PoolResized();

        @Label("Pool")
        @Nullable
        String pool;

        @Label("From")
        @Description("The capacity before; -1 is unbounded")
        int from;

        @Label("To")
        @Description("The capacity now; -1 is unbounded")
        int to;
    }

    /// The end of a pool, whose counts are final but for what it goes on to refuse.
    @Name("dev.myrmidon.PoolClosed")
    @Label("Pool Closed")
    @Category("Myrmidon")
    @Description("A pool closed, from the shutdown until its last task had ended; with its counts since it was opened")
    @Registered(false)
    @StackTrace(false)
    static final class PoolClosed extends Event {
        @Label("Pool")
        @Nullable
        String pool;

        @Label("Submitted")
        @Description("Tasks accepted or refused")
        long submitted;

        @Label("Rejected")
        @Description("Tasks refused")
        long rejected;

        @Label("Completed")
        @Description("Tasks that returned")
        long completed;

        @Label("Failed")
        @Description("Tasks that threw or timed out")
        long failed;

        @Label("Cancelled")
        @Description("Tasks cancelled, dropped or taken back before they ended by themselves")
        long cancelled;

        @Label("Nested")
        @Description("Tasks that ran inside another task of the pool, on its slot")
        long nested;

        @Label("Timed Out")
        @Description("Those of the failed that ran longer than their timeout")
        long timedOut;

        @Label("Shed")
        @Description("Those of the cancelled that were dropped before they started")
        long shed;
    }

    /// Registers the events when the recorder starts, or at once if it has. That loads several hundred
    /// classes of the recorder's, which a JVM that isn't recorded is spared. A class of its own, since to
    /// verify it loads the recorder's listener.
    private static final class Registration implements FlightRecorderListener {
        static void whenStarted() {
            jdk.jfr.FlightRecorder.addListener(new Registration());
        }

        @Override
        public void recorderInitialized(jdk.jfr.FlightRecorder recorder) {
            jdk.jfr.FlightRecorder.register(TaskRun.class);
            jdk.jfr.FlightRecorder.register(TaskRejected.class);
            jdk.jfr.FlightRecorder.register(PoolResized.class);
            jdk.jfr.FlightRecorder.register(PoolClosed.class);
            jdk.jfr.FlightRecorder.removeListener(this);
        }
    }

    /// Initializes this class and those of the events, before a pool has threads: see [Worker#initialize()].
    static void initialize() {
        if (IS_PRESENT) {
            var _ = TaskRun.PROBE;
            var _ = TaskRejected.PROBE;
            var _ = PoolResized.PROBE;
            var _ = new PoolClosed();
        }
    }

    /// The event of a task that is about to run; null unless tasks are recorded.
    static @Nullable TaskRun beginTask() {
        return IS_PRESENT && TaskRun.PROBE.isEnabled() ? begunTask() : null;
    }

    private static @Nullable TaskRun begunTask() {
        try {
            TaskRun event = new TaskRun();
            event.begin();
            return event;
        } catch (Throwable noMemory) {
            return null;
        }
    }

    /// The code of the task has returned, or never started.
    static void endTask(TaskRun event, String pool, Runnable task, Outcome outcome) {
        try {
            event.end();
            if (!event.shouldCommit()) {
                return;
            }
            event.waitTime = Long.MIN_VALUE; // the recorder's way to say that there is none
            if (task instanceof SubmittedTask<?> submitted) {
                if (!submitted.hasStarted()) {
                    return;
                }
                event.id = submitted.id();
                if (submitted.submitted() != 0) {
                    event.waitTime = submitted.times().waited().toNanos();
                }
            }
            event.pool = pool;
            event.task = TaskRunner.ownName(task);
            event.outcome = outcome.name();
            event.commit();
        } catch (Throwable failure) {
            // no memory or no stack left for it
        }
    }

    static void rejected(String pool, Runnable task, PoolEvent.Rejected.Reason reason, Gate gate, int queueCapacity) {
        if (!IS_PRESENT || !TaskRejected.PROBE.isEnabled()) {
            return;
        }
        try {
            TaskRejected event = new TaskRejected();
            if (event.shouldCommit()) {
                Gate.Numbers now = gate.numbers();
                event.pool = pool;
                event.task = TaskRunner.ownName(task);
                event.reason = reason.name();
                event.running = now.running();
                event.capacity = now.capacity();
                event.queued = now.queued();
                event.queueCapacity = queueCapacity;
                event.waiting = now.waiting();
                event.commit();
            }
        } catch (Throwable failure) {
            // no memory or no stack left for it
        }
    }

    static void resized(String pool, int from, int to) {
        if (!IS_PRESENT || !PoolResized.PROBE.isEnabled()) {
            return;
        }
        try {
            PoolResized event = new PoolResized();
            event.pool = pool;
            event.from = from;
            event.to = to;
            event.commit();
        } catch (Throwable failure) {
            // no memory for it
        }
    }

    /// The event of a pool that is being shut down, recorded or not: a recording may start before the last task has
    /// ended. Null if there is no recorder.
    static @Nullable PoolClosed beginClose() {
        try {
            if (IS_PRESENT) {
                PoolClosed event = new PoolClosed();
                event.begin();
                return event;
            }
        } catch (Throwable noMemory) {
            // then nothing is recorded
        }
        return null;
    }

    static void endClose(PoolClosed event, DefaultPool pool) {
        try {
            event.end();
            if (event.shouldCommit()) {
                PoolStats last = pool.stats();
                event.pool = last.name();
                event.submitted = last.submitted();
                event.rejected = last.rejected();
                event.completed = last.completed();
                event.failed = last.failed();
                event.cancelled = last.cancelled();
                event.nested = last.nested();
                event.timedOut = last.timedOut();
                event.shed = last.shed();
                event.commit();
            }
        } catch (Throwable failure) {
            // no memory for it
        }
    }
}
