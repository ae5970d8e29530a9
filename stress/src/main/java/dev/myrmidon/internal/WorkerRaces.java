package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.internal.Scene.Named;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.IZ_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/// Races on the [Workers], a [Worker] and a [SubmittedTask]. An actor plays the worker.
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class WorkerRaces {
    private static final Named A = new Named("A");

    private WorkerRaces() {}

    private static int result(SubmittedTask<Integer> task) {
        try {
            return task.get();
        } catch (InterruptedException | ExecutionException e) {
            return -1;
        }
    }

    /// The searching worker finds nothing, gives up, goes idle and expires, while a task is submitted:
    /// either it runs the task, or the submitter sent another one.
    ///
    /// Guards the last look at the ring in `Worker.search`: without it nobody comes. Seen to fail so.
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the worker ran it")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "another one was sent")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "another one was sent, and the worker was faster")
    @State
    public static class GivingUpAgainstSubmit {
        private final Scene scene = new Scene(1, 0).held(1);
        private final Workers workers = scene.workers(1);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());
        private final AtomicInteger runs = new AtomicInteger();

        public GivingUpAgainstSubmit() {
            workers.claimSearch();
        }

        @Actor
        public void worker() {
            worker.run();
        }

        @Actor
        public void submitter() {
            scene.ring.offer(runs::incrementAndGet);
            workers.signal();
        }

        @Arbiter
        public void found(II_Result r) {
            r.r1 = runs.get();
            r.r2 = scene.started.get();
        }
    }

    /// An idle worker's time is up while it is called: it goes and searches, or another one is sent.
    ///
    /// Guards the removal from the stack in `Workers.expire`: without it the one that goes home is called,
    /// and nobody comes. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, 0", expect = ACCEPTABLE, desc = "called")
    @Outcome(id = "false, 1", expect = ACCEPTABLE, desc = "expired: another one was sent")
    @State
    public static class ExpiryAgainstSubmit {
        private final Scene scene = new Scene(1, 0).held(1);
        private final Workers workers = scene.workers(1);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());

        @Actor
        public void idle(ZI_Result r) {
            r.r1 = workers.awaitCall(worker);
        }

        @Actor
        public void submitter() {
            scene.ring.offer(A);
            workers.signal();
        }

        @Arbiter
        public void started(ZI_Result r) {
            r.r2 = scene.started.get();
        }
    }

    /// A worker goes idle while a task is submitted: it is called and woken, or another one is sent.
    ///
    /// Guards the `unpark` of `Workers.callOrStart`: without it the worker is late. Seen to fail so.
    @JCStressTest
    @Outcome(id = "called, 0", expect = ACCEPTABLE, desc = "called")
    @Outcome(id = "sent, 1", expect = ACCEPTABLE, desc = "not idle yet: another one was sent")
    @State
    public static class GoingIdleAgainstSubmit {
        private final Scene scene = new Scene(1, 0).held(1);
        private final Workers workers = scene.workers(Scene.LATE_NANOS);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());
        private volatile boolean dismissed;

        @Actor
        public void idle(LI_Result r) {
            long start = System.nanoTime();
            boolean called = workers.awaitCall(worker);
            boolean late = System.nanoTime() - start >= Scene.LATE_NANOS;
            r.r1 = late ? "late" : called ? "called" : dismissed ? "sent" : "sent home";
        }

        @Actor
        public void submitter() {
            scene.ring.offer(A);
            workers.signal();
            if (scene.started.get() > 0) {
                dismissed = true;
                workers.dismiss(); // else the worker would wait until it expires
            }
        }

        @Arbiter
        public void started(LI_Result r) {
            r.r2 = scene.started.get();
        }
    }

    /// All workers are dismissed while one goes idle: it is sent home and not left behind.
    ///
    /// Guards the look at `dismissed` in `Workers.awaitCall`: without it the worker is late. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "false, in time", expect = ACCEPTABLE, desc = "sent home")
    @State
    public static class DismissAgainstGoingIdle {
        private final Scene scene = new Scene(1, 0);
        private final Workers workers = scene.workers(Scene.LATE_NANOS);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());

        @Actor
        public void idle(ZL_Result r) {
            long start = System.nanoTime();
            r.r1 = workers.awaitCall(worker);
            r.r2 = System.nanoTime() - start < Scene.LATE_NANOS ? "in time" : "late";
        }

        @Actor
        public void dismiss() {
            workers.dismiss();
        }
    }

    /// Two submitters signal at once: one worker is sent, and finds both tasks.
    ///
    /// Guards the compare-and-set of `Workers.claimSearch`: with a plain write two are sent. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one searches")
    @State
    public static class SignalAgainstSignal {
        private final Scene scene = new Scene(2, 0).held(2);
        private final Workers workers = scene.workers(1);

        @Actor
        public void one() {
            scene.ring.offer(A);
            workers.signal();
        }

        @Actor
        public void other() {
            scene.ring.offer(A);
            workers.signal();
        }

        @Arbiter
        public void started(I_Result r) {
            r.r1 = scene.started.get();
        }
    }

    /// A task is cancelled while it is performed: both agree on how it ended.
    ///
    /// Guards the compare-and-set of `SubmittedTask.decide`: with a plain write both win. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "COMPLETED, false, 1", expect = ACCEPTABLE, desc = "ended before the cancel")
    @Outcome(id = "CANCELLED, true, 0", expect = ACCEPTABLE, desc = "cancelled before it started")
    @Outcome(id = "CANCELLED, true, 1", expect = ACCEPTABLE, desc = "cancelled while it ran")
    @State
    public static class CancelAgainstStart {
        private final AtomicInteger runs = new AtomicInteger();
        private final SubmittedTask<Integer> task = Scene.future(runs::incrementAndGet);

        @Actor
        public void worker(LLI_Result r) {
            r.r1 = task.perform(0);
            task.publish();
        }

        @Actor
        public void canceller(LLI_Result r) {
            r.r2 = task.cancel(false);
        }

        @Arbiter
        public void check(LLI_Result r) {
            r.r3 = runs.get();
            if (task.isCancelled() != (boolean) r.r2 || !task.isDone()) {
                r.r3 = -1;
            }
        }
    }

    /// A task is interrupted by a cancel while it ends: its worker's next task starts without an interrupt.
    ///
    /// Guards the interrupt that `Worker.perform` clears: without it the next task has it. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "2, false", expect = ACCEPTABLE, desc = "both ran, none on the other's interrupt")
    @Outcome(id = "1, false", expect = ACCEPTABLE, desc = "the cancel came before the start")
    @State
    public static class InterruptAgainstEnd {
        private final Scene scene = new Scene(2, 0).held(2);
        private final Workers workers = scene.workers(1);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());
        private final AtomicInteger runs = new AtomicInteger();
        private final SubmittedTask<Integer> first = Scene.future(runs::incrementAndGet);
        private volatile boolean interrupted;

        public InterruptAgainstEnd() {
            workers.claimSearch();
            scene.ring.offer(first);
            scene.ring.offer(() -> {
                runs.incrementAndGet();
                interrupted = Thread.currentThread().isInterrupted();
            });
        }

        @Actor
        public void worker() {
            worker.run();
            var _ = Thread.interrupted();
        }

        @Actor
        public void canceller() {
            first.cancel(true);
        }

        @Arbiter
        public void check(IZ_Result r) {
            r.r1 = runs.get();
            r.r2 = interrupted;
        }
    }

    /// Whoever gets the result finds the task counted and its slot free.
    ///
    /// Guards the order in `Worker.perform`, exit and then publish: the other way round the slot is
    /// still held. Seen to fail so.
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "counted, and the slot is free")
    @State
    public static class ResultAgainstBooks {
        private final Scene scene = new Scene(1, 0).held(1);
        private final Workers workers = scene.workers(1);
        private final Worker worker = new Worker(workers, scene.gate, scene.ring, scene.runner, System.nanoTime());
        private final SubmittedTask<Integer> task = Scene.future();

        public ResultAgainstBooks() {
            workers.claimSearch();
            scene.ring.offer(task);
        }

        @Actor
        public void worker() {
            worker.run();
        }

        @Actor
        public void caller(III_Result r) {
            r.r1 = result(task);
            r.r2 = (int) worker.ended(dev.myrmidon.internal.Outcome.COMPLETED);
            r.r3 = scene.running();
        }
    }
}
