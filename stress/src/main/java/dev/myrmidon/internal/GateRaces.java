package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.internal.Scene.Named;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LI_Result;
import org.openjdk.jcstress.infra.results.LLI_Result;
import org.openjdk.jcstress.infra.results.LLLL_Result;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZI_Result;
import org.openjdk.jcstress.infra.results.ZZI_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/// Races on the [Gate]: the cap, the slots, the line, the waiting submitters, close.
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class GateRaces {
    private static final Named A = new Named("A");
    private static final Named B = new Named("B");

    private GateRaces() {}

    /// Waits for room without an end, and says so if it took much too long, as it does when nobody wakes
    /// the submitter.
    private static Object await(Gate gate, Runnable task) {
        long start = System.nanoTime();
        Admission admission = gate.await(task, Scene.LATE_NANOS);
        return System.nanoTime() - start < Scene.LATE_NANOS ? admission : "late";
    }

    /// One slot, two submitters: one of them has it.
    ///
    /// Guards the compare-and-set of `Gate.tryEnter`: with a plain write both enter. Seen to fail so.
    @JCStressTest
    @Outcome(
            id = {"true, false, 1", "false, true, 1"},
            expect = ACCEPTABLE,
            desc = "one has it")
    @State
    public static class EnterAgainstEnter {
        private final Scene scene = new Scene(1, 0);

        @Actor
        public void one(ZZI_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void other(ZZI_Result r) {
            r.r2 = scene.gate.tryEnter();
        }

        @Arbiter
        public void running(ZZI_Result r) {
            r.r3 = scene.running();
        }
    }

    /// A slot comes back while another is taken: neither change is lost.
    ///
    /// Guards the compare-and-set of `Gate.exit`: with a plain write a slot is lost. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, 2", expect = ACCEPTABLE, desc = "both count")
    @State
    public static class EnterAgainstExit {
        private final Scene scene = new Scene(3, 0).held(2);

        @Actor
        public void enter(ZI_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void exit() {
            scene.gate.exit();
        }

        @Arbiter
        public void running(ZI_Result r) {
            r.r2 = scene.running();
        }
    }

    /// Two tasks end while one is queued: the queued one gets one of the slots, once, and the other slot is
    /// free.
    ///
    /// Guards that `Gate.exitToLine` frees the slot for which nobody is in line any more: without it a slot
    /// is never given back. Seen to fail so.
    @JCStressTest
    @Outcome(
            id = {"null, A, 1", "A, null, 1"},
            expect = ACCEPTABLE,
            desc = "one hands its slot over")
    @State
    public static class ExitAgainstExit {
        private final Scene scene = new Scene(2, 1).held(2);

        public ExitAgainstExit() {
            scene.gate.admit(A);
        }

        @Actor
        public void one(LLI_Result r) {
            r.r1 = scene.gate.exit();
        }

        @Actor
        public void other(LLI_Result r) {
            r.r2 = scene.gate.exit();
        }

        @Arbiter
        public void running(LLI_Result r) {
            r.r3 = scene.running();
        }
    }

    /// A task ends that came by the line, while the last one in line is cancelled and another task ends
    /// that needs not come by it any more: both slots come back.
    ///
    /// Guards the mark that `Gate.exitByLine` sets: without it its plain write undoes the other exit. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "null, 0", expect = ACCEPTABLE, desc = "cancelled, and both slots are free")
    @Outcome(id = "future, 1", expect = ACCEPTABLE, desc = "got the first slot before it was cancelled")
    @State
    public static class ExitByLineAgainstExit {
        private final Scene scene = new Scene(2, 1).held(2);
        private final SubmittedTask<Integer> task = Scene.future();

        public ExitByLineAgainstExit() {
            scene.gate.admit(task);
        }

        @Actor
        public void byLine(LI_Result r) {
            r.r1 = scene.gate.exit() == null ? "null" : "future";
        }

        @Actor
        public void cancelAndExit() {
            scene.gate.cancel(task, dev.myrmidon.internal.Outcome.CANCELLED);
            scene.gate.exit();
        }

        @Arbiter
        public void running(LI_Result r) {
            r.r2 = scene.running();
        }
    }

    /// The last slot comes back while a task joins the queue: it gets the slot, from whom ever, and nobody
    /// is in line with a slot free.
    ///
    /// Guards the compare-and-set on a full state in `Gate.enterLocked`: with a mark at any state
    /// the task is stranded. Seen to fail so.
    @JCStressTest
    @Outcome(id = "SLOT, null, 1 0", expect = ACCEPTABLE, desc = "entered after the exit")
    @Outcome(id = "ACCEPTED, A, 1 0", expect = ACCEPTABLE, desc = "the exit handed its slot over")
    @State
    public static class ExitAgainstQueueing {
        private final Scene scene = new Scene(1, 1).held(1);

        @Actor
        public void join(LLL_Result r) {
            r.r1 = scene.gate.admit(A);
        }

        @Actor
        public void exit(LLL_Result r) {
            r.r2 = scene.gate.exit();
        }

        @Arbiter
        public void numbers(LLL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r3 = n.running() + " " + n.queued();
        }
    }

    /// The last slot comes back while a submitter begins to wait: it gets the slot, and is woken.
    ///
    /// Guards the same line, and the `unpark` of `Gate.wakeAfterUnlock`: without either the submitter
    /// is late. Seen to fail so.
    @JCStressTest
    @Outcome(id = "SLOT, null, 1 0", expect = ACCEPTABLE, desc = "entered after the exit")
    @Outcome(id = "ACCEPTED, A, 1 0", expect = ACCEPTABLE, desc = "the exit handed its slot over and woke it")
    @State
    public static class ExitAgainstWait {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void submitter(LLL_Result r) {
            r.r1 = await(scene.gate, A);
        }

        @Actor
        public void exit(LLL_Result r) {
            r.r2 = scene.gate.exit();
        }

        @Arbiter
        public void numbers(LLL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r3 = n.running() + " " + n.waiting();
        }
    }

    /// The last slot comes back while a submitter that has let others run is about to park. Whoever exits
    /// waits for it to be in line and lets others run too, so that both come back at about the same time.
    ///
    /// Guards the order of `Line.Entry.outcome` and `isParking` on either side: with one of them the other
    /// way round the submitter is late. Seen to fail so.
    @JCStressTest
    @Outcome(id = "ACCEPTED, A", expect = ACCEPTABLE, desc = "the exit handed its slot over, and woke it if need be")
    @State
    public static class ExitAgainstPark {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void submitter(LL_Result r) {
            r.r1 = await(scene.gate, A);
        }

        @Actor
        @SuppressWarnings("ThreadPriorityCheck") // to be where the other one is; nothing relies on it
        public void exit(LL_Result r) {
            while (scene.gate.numbers().waiting() == 0) {
                Thread.onSpinWait();
            }
            Thread.yield();
            r.r2 = scene.gate.exit();
        }
    }

    /// A submitter's time is up while its task is handed a slot: either it was refused or it was accepted.
    ///
    /// Guards the look at the outcome in `Gate.withdraw`: without it a task that was refused has a
    /// slot. Seen to fail so.
    @JCStressTest
    @Outcome(id = "TIMED_OUT, null, 0 0", expect = ACCEPTABLE, desc = "gave up first")
    @Outcome(id = "SLOT, null, 1 0", expect = ACCEPTABLE, desc = "entered after the exit")
    @Outcome(id = "ACCEPTED, A, 1 0", expect = ACCEPTABLE, desc = "handed over first")
    @State
    public static class TimeoutAgainstHandOver {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void submitter(LLL_Result r) {
            r.r1 = scene.gate.await(A, 1);
        }

        @Actor
        public void exit(LLL_Result r) {
            r.r2 = scene.gate.exit();
        }

        @Arbiter
        public void numbers(LLL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r3 = n.running() + " " + n.waiting();
        }
    }

    /// A submitter is interrupted while its task is handed a slot: either it was refused, which takes the
    /// interrupt, or it was accepted and keeps the interrupt.
    ///
    /// Guards the interrupt that `Gate.withdraw` restores: without it the interrupt is lost. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "INTERRUPTED, false, null, 0 0", expect = ACCEPTABLE, desc = "gave up first")
    @Outcome(id = "SLOT, true, null, 1 0", expect = ACCEPTABLE, desc = "entered after the exit")
    @Outcome(id = "ACCEPTED, true, A, 1 0", expect = ACCEPTABLE, desc = "handed over first")
    @State
    public static class InterruptAgainstHandOver {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void submitter(LLLL_Result r) {
            Thread.currentThread().interrupt();
            r.r1 = await(scene.gate, A);
            r.r2 = Thread.interrupted();
        }

        @Actor
        public void exit(LLLL_Result r) {
            r.r3 = scene.gate.exit();
        }

        @Arbiter
        public void numbers(LLLL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r4 = n.running() + " " + n.waiting();
        }
    }

    /// The pool shrinks while a submitter enters: what runs over the new cap is known to be over it.
    ///
    /// Guards the atomic update of `Gate.resize`: with a read and a write an entry is lost. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "true, 1/2 over", expect = ACCEPTABLE, desc = "entered before the shrink")
    @Outcome(id = "false, 1/1 within", expect = ACCEPTABLE, desc = "refused after it")
    @State
    public static class ShrinkAgainstEnter {
        private final Scene scene = new Scene(2, 0).held(1);

        @Actor
        public void enter(LL_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void shrink() {
            scene.gate.resize(1);
        }

        @Arbiter
        public void numbers(LL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r2 = n.capacity() + "/" + n.running() + (scene.gate.isOverCapacity() ? " over" : " within");
        }
    }

    /// The pool shrinks while a worker starts a task that has its slot. Straight after the shrink nothing
    /// starts over the cap; what doesn't start goes back to the line, and starts when another task ends.
    ///
    /// Guards the last line of `Gate.grantSlots`: without it a task starts over the cap. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "false, true, null", expect = ACCEPTABLE, desc = "started before the shrink")
    @Outcome(id = "false, false, B", expect = ACCEPTABLE, desc = "shrunk meanwhile: started by the next exit")
    @Outcome(id = "true, false, B", expect = ACCEPTABLE, desc = "shrunk before: started by the next exit")
    @State
    public static class ShrinkAgainstStart {
        private final Scene scene = new Scene(2, 0).held(2);
        private volatile boolean shrunk;

        public ShrinkAgainstStart() {
            scene.ring.offer(B);
        }

        @Actor
        public void worker(LLL_Result r) {
            Runnable task = scene.ring.poll();
            r.r1 = shrunk;
            r.r2 = task == null || !(scene.gate.isOverCapacity() && scene.gate.handBack(task));
        }

        @Actor
        public void shrink() {
            scene.gate.resize(1);
            shrunk = true;
        }

        @Arbiter
        public void exit(LLL_Result r) {
            r.r3 = scene.gate.exit();
        }
    }

    /// A shrunk pool's worker hands its task back while another task ends: it starts exactly once, on the
    /// slot that is left.
    ///
    /// Guards the atomic update of `Gate.handBack`: with a plain write a slot is lost. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, null, null, 1", expect = ACCEPTABLE, desc = "the exit came first, so it starts")
    @Outcome(id = "false, B, null, 1", expect = ACCEPTABLE, desc = "handed back, and over by the exit")
    @Outcome(id = "false, null, B, 1", expect = ACCEPTABLE, desc = "handed back, and let in by the hand-back")
    @State
    public static class HandBackAgainstExit {
        private final Scene scene = new Scene(2, 0).held(2);

        public HandBackAgainstExit() {
            scene.gate.resize(1);
        }

        @Actor
        public void worker(LLLL_Result r) {
            r.r1 = !(scene.gate.isOverCapacity() && scene.gate.handBack(B));
        }

        @Actor
        public void exit(LLLL_Result r) {
            r.r2 = scene.gate.exit();
        }

        @Arbiter
        public void rest(LLLL_Result r) {
            r.r3 = scene.ring.poll();
            r.r4 = scene.running();
        }
    }

    /// The pool grows while a task joins the queue: it isn't left there with a slot free.
    ///
    /// Guards the order in `Gate.resize`: with the slots granted before the capacity is written the
    /// task is stranded. Seen to fail so.
    @JCStressTest
    @Outcome(id = "SLOT, null, 2 0", expect = ACCEPTABLE, desc = "entered the grown pool")
    @Outcome(id = "ACCEPTED, A, 2 0", expect = ACCEPTABLE, desc = "queued, and let in by the growth")
    @State
    public static class GrowthAgainstQueueing {
        private final Scene scene = new Scene(1, 1).held(1);

        @Actor
        public void join(LLL_Result r) {
            r.r1 = scene.gate.tryEnter() ? Admission.SLOT : scene.gate.admit(A);
        }

        @Actor
        public void grow() {
            scene.gate.resize(2);
        }

        @Arbiter
        public void rest(LLL_Result r) {
            r.r2 = scene.ring.poll();
            Gate.Numbers n = scene.gate.numbers();
            r.r3 = n.running() + " " + n.queued();
        }
    }

    /// The capacity changes while slots come back on the fast path: no change is lost.
    ///
    /// Guards the atomic update of `Gate.resize`: with a read and a write an exit is lost. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "9/0", expect = ACCEPTABLE, desc = "all count")
    @State
    public static class ResizeAgainstExits {
        private final Scene scene = new Scene(8, 0).held(8);

        @Actor
        public void exits() {
            for (int i = 0; i < 8; i++) {
                scene.gate.exit();
            }
        }

        @Actor
        public void resize() {
            scene.gate.resize(9);
        }

        @Arbiter
        public void numbers(L_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r1 = n.capacity() + "/" + n.running();
        }
    }

    /// The gate closes while a submitter enters: it is refused, or it holds a slot and the gate is not
    /// drained before that comes back.
    ///
    /// Guards the order in `Gate.close`, mark and then look: the other way round it is drained too
    /// early. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, 0 1", expect = ACCEPTABLE, desc = "entered: drained by its exit")
    @Outcome(id = "false, 1 1", expect = ACCEPTABLE, desc = "refused: drained by the close")
    @State
    public static class CloseAgainstEnter {
        private final Scene scene = new Scene(1, 0);

        @Actor
        public void enter(LL_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void close() {
            scene.gate.close();
        }

        @Arbiter
        public void drained(LL_Result r) {
            int before = scene.drained.get();
            if ((boolean) r.r1) {
                scene.gate.exit();
            }
            r.r2 = before + " " + scene.drained.get();
        }
    }

    /// The gate closes while the last slot comes back: one of the two says that it is drained.
    ///
    /// Guards the order in `Gate.close`, mark and then look: the other way round nobody says it. Seen
    /// to fail so.
    @JCStressTest
    @Outcome(id = "true", expect = ACCEPTABLE, desc = "said")
    @State
    public static class CloseAgainstExit {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void exit() {
            scene.gate.exit();
        }

        @Actor
        public void close() {
            scene.gate.close();
        }

        @Arbiter
        public void drained(Z_Result r) {
            r.r1 = scene.drained.get() > 0;
        }
    }

    /// The gate closes while a submitter begins to wait: it is refused, and woken to hear it.
    ///
    /// Guards the `unpark` of `Gate.wakeAfterUnlock`: without it the submitter is late. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "CLOSED, 0", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class CloseAgainstWait {
        private final Scene scene = new Scene(1, 0).held(1);

        @Actor
        public void submitter(LL_Result r) {
            r.r1 = await(scene.gate, A);
        }

        @Actor
        public void close() {
            scene.gate.close();
        }

        @Arbiter
        public void waiting(LL_Result r) {
            r.r2 = scene.gate.numbers().waiting();
        }
    }

    /// The gate closes while a task joins the queue: it is refused, or queued and run by the next exit, and
    /// the gate is not drained before.
    ///
    /// Guards the count in `Gate.close`: with one slot taken for none it is drained too early. Seen to
    /// fail so.
    @JCStressTest
    @Outcome(id = "CLOSED, null, 0 1", expect = ACCEPTABLE, desc = "refused")
    @Outcome(id = "ACCEPTED, A, 0 1", expect = ACCEPTABLE, desc = "queued and run")
    @State
    public static class CloseAgainstQueueing {
        private final Scene scene = new Scene(1, 1).held(1);

        @Actor
        public void join(LLL_Result r) {
            r.r1 = scene.gate.admit(A);
        }

        @Actor
        public void close() {
            scene.gate.close();
        }

        @Arbiter
        public void drain(LLL_Result r) {
            Runnable next = scene.gate.exit();
            r.r2 = next;
            int before = scene.drained.get();
            if (next != null) {
                scene.gate.exit();
                r.r3 = before + " " + scene.drained.get();
            } else {
                r.r3 = "0 " + before;
            }
        }
    }

    /// A queued task is cancelled while a slot comes back: it leaves the queue once.
    ///
    /// Guards the look at the place in `Gate.remove`: without it both have the task. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "true, null, 0 0", expect = ACCEPTABLE, desc = "cancelled, and the slot is free")
    @Outcome(id = "false, future, 1 0", expect = ACCEPTABLE, desc = "has its slot")
    @State
    public static class RemoveAgainstExit {
        private final Scene scene = new Scene(1, 1).held(1);
        private final SubmittedTask<Integer> task = Scene.future();

        public RemoveAgainstExit() {
            scene.gate.admit(task);
        }

        @Actor
        public void cancel(LLL_Result r) {
            r.r1 = scene.gate.remove(task);
        }

        @Actor
        public void exit(LLL_Result r) {
            r.r2 = scene.gate.exit() == null ? "null" : "future";
        }

        @Arbiter
        public void numbers(LLL_Result r) {
            Gate.Numbers n = scene.gate.numbers();
            r.r3 = n.running() + " " + n.queued();
        }
    }

    /// The oldest queued task is dropped while a slot comes back: it leaves the queue once, and the next
    /// one gets what is left.
    ///
    /// Guards that the mark stays while the line isn't empty: with the mark cleared first the exit
    /// finds nobody. Seen to fail so.
    @JCStressTest
    @Outcome(
            id = {"A, B", "B, A"},
            expect = ACCEPTABLE,
            desc = "one each")
    @State
    public static class DropAgainstExit {
        private final Scene scene = new Scene(1, 2).held(1);

        public DropAgainstExit() {
            scene.gate.admit(A);
            scene.gate.admit(B);
        }

        @Actor
        public void drop(LL_Result r) {
            r.r1 = scene.gate.cancelOldest();
        }

        @Actor
        public void exit(LL_Result r) {
            r.r2 = scene.gate.exit();
        }
    }

    /// A newcomer while the last slot comes back to somebody in line: it doesn't overtake.
    ///
    /// Guards that `Gate.exitToLine` keeps the slot: with the slot freed and taken again the newcomer
    /// overtakes. Seen to fail so.
    @JCStressTest
    @Outcome(id = "false, A", expect = ACCEPTABLE, desc = "the one in line has it")
    @State
    public static class NewcomerAgainstHandOver {
        private final Scene scene = new Scene(1, 1).held(1);

        public NewcomerAgainstHandOver() {
            scene.gate.admit(A);
        }

        @Actor
        public void newcomer(LL_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void exit(LL_Result r) {
            r.r2 = scene.gate.exit();
        }
    }

    /// Two submitters on the two ways in, and one slot: one has it, and the books count one.
    ///
    /// Guards the compare-and-set of `Gate.tryEnter`: with a plain write both enter. Seen to fail so.
    @JCStressTest
    @Outcome(
            id = {"true, FULL, 1", "false, SLOT, 1"},
            expect = ACCEPTABLE,
            desc = "one has it")
    @State
    public static class EnterAgainstAdmit {
        private final Scene scene = new Scene(1, 0);

        @Actor
        public void enter(LLI_Result r) {
            r.r1 = scene.gate.tryEnter();
        }

        @Actor
        public void admit(LLI_Result r) {
            r.r2 = scene.gate.admit(A);
        }

        @Arbiter
        public void books(LLI_Result r) {
            r.r3 = (int) scene.books.accepted.sum();
        }
    }
}
