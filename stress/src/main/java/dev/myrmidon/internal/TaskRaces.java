package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.LZZ_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races on the deadlines and interrupts of a [SubmittedTask], and on pause and `awaitIdle` of the [Gate]. An
/// actor plays the worker.
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class TaskRaces {
    private static final DefaultPool OWNER =
            new DefaultPool(Pool.builder("owner").capacity(1).config());

    private TaskRaces() {}

    /// A task's time is up while it ends: it has one outcome, which its books and its future agree on, and the
    /// interrupt doesn't outlast it. (The timer's call is made by the actor.)
    ///
    /// Guards the `awaitEnding` after `decide` in `SubmittedTask.perform`: without it the interrupt comes after
    /// the task. Seen to fail so.
    @JCStressTest
    @Outcome(id = "COMPLETED, false, false", expect = ACCEPTABLE, desc = "ended in time")
    @Outcome(id = "TIMED_OUT, true, false", expect = ACCEPTABLE, desc = "timed out")
    @State
    public static class TimeoutAgainstEnd {
        private volatile boolean running;
        private final SubmittedTask<Integer> task = new SubmittedTask<>(
                OWNER,
                () -> {
                    running = true;
                    return 1;
                },
                TaskOptions.NONE);

        @Actor
        public void worker(LZZ_Result r) {
            r.r1 = task.perform(0);
            r.r3 = Thread.interrupted();
            task.publish();
        }

        @Actor
        public void timer() {
            while (!running) {
                Thread.onSpinWait();
            }
            task.timeOut(1);
        }

        @Arbiter
        public void check(LZZ_Result r) {
            r.r2 = task.status() == dev.myrmidon.Task.Status.TIMED_OUT;
            r.r3 |= Thread.interrupted();
        }
    }

    /// Somebody comes to wait for a task while it ends: who doesn't see the end is woken.
    ///
    /// Guards the fence in `SubmittedTask.settle`: without it neither sees the other. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "saw the end")
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "saw the end, and was woken for nothing")
    @Outcome(id = "false, true", expect = ACCEPTABLE, desc = "was woken")
    @State
    public static class WaitAgainstEnd {
        private final SubmittedTask<Integer> task = new SubmittedTask<>(OWNER, () -> 1, TaskOptions.NONE);
        private volatile boolean woken;

        @Actor
        public void worker() {
            var _ = task.perform(0);
            task.publish();
        }

        @Actor
        public void waiter(ZZ_Result r) {
            task.addWaiter(() -> woken = true);
            r.r1 = task.isDone();
        }

        @Arbiter
        public void check(ZZ_Result r) {
            r.r2 = woken;
        }
    }

    /// A task is cancelled while another one runs inside it: the inner one never sees the interrupt, and a
    /// cancel that was over before the inner one ended has left it for the outer one.
    ///
    /// Guards `runner = null` in `SubmittedTask.detach`: without it the inner one is interrupted. Seen to fail so.
    @JCStressTest
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the outer one has it, or it came too early or late")
    @State
    public static class CancelAgainstNested {
        private final SubmittedTask<Integer> outer = new SubmittedTask<>(OWNER, this::runOuter, TaskOptions.NONE);
        private volatile boolean innerInterrupted;
        private volatile boolean lost;

        private int runOuter() {
            outer.detach();
            boolean callersInterrupt = Thread.interrupted();
            for (int i = 0; i < 20; i++) {
                innerInterrupted |= Thread.currentThread().isInterrupted();
            }
            boolean cancelled = outer.isDone();
            if (callersInterrupt) {
                Thread.currentThread().interrupt();
            }
            outer.attach();
            lost = cancelled && !Thread.currentThread().isInterrupted();
            return 1;
        }

        @Actor
        public void worker() {
            var _ = outer.perform(0);
            outer.publish();
            var _ = Thread.interrupted();
        }

        @Actor
        public void canceller() {
            var _ = outer.cancel(true);
        }

        @Arbiter
        public void check(ZZ_Result r) {
            r.r1 = innerInterrupted;
            r.r2 = lost;
        }
    }

    /// A queued task's time is up while its turn comes: it is shed or it has a slot, and its place is counted
    /// once.
    ///
    /// Guards that `Gate.shed` takes only what is queued: without the look at its place a task that has its slot
    /// is counted twice. Seen to fail so.
    @JCStressTest
    @Outcome(id = "COMPLETED, COMPLETED, 0", expect = ACCEPTABLE, desc = "it had its slot")
    @Outcome(id = "null, SHED, 1", expect = ACCEPTABLE, desc = "shed in the queue")
    @State
    public static class ShedAgainstStart {
        private final DefaultPool pool = new DefaultPool(
                Pool.builder("race").capacity(1).queueCapacity(1).config());
        private final Books books = new Books();
        private final Gate gate = new Gate(1, 1, Pool.UNBOUNDED, new Ring(), books, () -> {});
        private final AtomicInteger ended = new AtomicInteger();
        private final SubmittedTask<Integer> task =
                new SubmittedTask<>(pool, () -> 1, TaskOptions.NONE.startWithin(Duration.ofHours(1)));

        public ShedAgainstStart() {
            var _ = gate.tryEnter();
            var _ = gate.admit(task);
        }

        @Actor
        public void worker(LLI_Result r) {
            Runnable next = gate.exit();
            r.r1 = next == null ? "null" : task.perform(0);
            task.publish();
        }

        @Actor
        public void timer() {
            if (gate.shed(task)) {
                task.endTaken(SubmittedTask.SHED);
                ended.incrementAndGet();
            }
        }

        @Arbiter
        public void check(LLI_Result r) {
            r.r2 = task.status();
            r.r3 = (int) books.late.sum();
            if (ended.get() != r.r3) {
                r.r3 = -1;
            }
        }
    }

    /// A pool is paused while it is closed: it isn't paused afterwards, and what was queued has its slot.
    ///
    /// Guards the look at `CLOSED` in `Gate.pause`: without it the closed pool stays paused. Seen to fail so.
    @JCStressTest
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "the close ends the pause")
    @State
    public static class PauseAgainstClose {
        private final Scene scene = new Scene(2, 1).held(1);

        public PauseAgainstClose() {
            scene.gate.pause();
            var _ = scene.gate.admit(new Scene.Named("A"));
        }

        @Actor
        public void pause() {
            scene.gate.pause();
        }

        @Actor
        public void close() {
            scene.gate.close();
        }

        @Arbiter
        public void check(ZI_Result r) {
            r.r1 = scene.gate.isPaused();
            r.r2 = scene.ring.poll() == null ? 0 : 1;
        }
    }

    /// A task is submitted while the pool pauses: it is in the queue, or its slot came first and it must be
    /// handed back; after the pause it is in the ring, once.
    ///
    /// Guards `overCapacity` in `Gate.pause`: without it the task that has its slot starts. Seen to fail so.
    @JCStressTest
    @Outcome(id = "queued, A", expect = ACCEPTABLE, desc = "too late for a slot")
    @Outcome(id = "handed back, A", expect = ACCEPTABLE, desc = "had its slot and did not start")
    @State
    public static class PauseAgainstSubmit {
        private final Scene scene = new Scene(1, 1);
        private final Scene.Named task = new Scene.Named("A");
        private volatile boolean hasSlot;

        @Actor
        public void submit() {
            hasSlot = scene.gate.tryEnter() || scene.gate.admit(task) == Admission.SLOT;
        }

        @Actor
        public void pause() {
            scene.gate.pause();
        }

        @Arbiter
        public void check(LL_Result r) {
            if (hasSlot) {
                r.r1 = scene.gate.isOverCapacity() && scene.gate.handBack(task) ? "handed back" : "started";
            } else {
                r.r1 = "queued";
            }
            scene.gate.resume();
            StringBuilder started = new StringBuilder();
            for (Runnable next = scene.ring.poll(); next != null; next = scene.ring.poll()) {
                started.append(next);
            }
            r.r2 = started.toString();
        }
    }

    /// The last task ends while somebody begins to wait for the pool to be idle: the wait ends, and the mark that
    /// sends exits by the line is gone.
    ///
    /// Guards the mark that `Gate.awaitIdle` sets: without it the exit passes by and the wait is late. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "1, true", expect = ACCEPTABLE, desc = "idle in time")
    @State
    public static class AwaitIdleAgainstExit {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void exit() {
            var _ = scene.gate.exit();
        }

        @Actor
        public void await(IZ_Result r) {
            try {
                r.r1 = scene.gate.awaitIdle(Scene.LATE_NANOS) ? 1 : 0;
            } catch (InterruptedException e) {
                r.r1 = -1;
            }
        }

        @Arbiter
        public void check(IZ_Result r) {
            r.r2 = scene.gate.tryEnter();
        }
    }
}
