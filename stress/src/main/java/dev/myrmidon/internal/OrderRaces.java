package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/// Races on the [PriorityLine] and the [Keys] of a [Gate].
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class OrderRaces {
    private static final DefaultPool OWNER =
            new DefaultPool(Pool.builder("owner").capacity(1).config());

    private OrderRaces() {}

    private static SubmittedTask<?> task(TaskOptions options) {
        return SubmittedTask.executed(OWNER, () -> {}, options);
    }

    private static SubmittedTask<?> task(String name, int priority) {
        return task(TaskOptions.named(name).priority(priority));
    }

    private static String name(@Nullable Runnable task) {
        return task instanceof SubmittedTask<?> submitted ? submitted.name() : "none";
    }

    /// A queued task is displaced while a worker takes one of the same level: each of the four tasks is dropped,
    /// started or queued, once.
    ///
    /// Guards that `PriorityLine.pollFor` takes the line's lock, since workers don't take the gate's: without it
    /// tasks get lost, or the line breaks. Seen to fail so.
    @JCStressTest
    @Outcome(id = "dropped low 3, low 1, high low 2 none", expect = ACCEPTABLE, desc = "started before the other came")
    @Outcome(id = "dropped low 3, high, low 1 low 2 none", expect = ACCEPTABLE, desc = "overtaken by the other")
    @State
    public static class DisplaceAgainstStart {
        private final PriorityLine line = new PriorityLine(Long.MAX_VALUE, false);
        private final Gate gate = new Gate(
                1, 2, Pool.UNBOUNDED, line, line, new PriorityLine(Long.MAX_VALUE, false), new Books(), () -> {});

        public DisplaceAgainstStart() {
            gate.tryEnter();
            gate.admit(task("low 1", 1));
            gate.admit(task("low 2", 1));
            gate.exit(); // the slot is promised, and the queue has room again
            gate.admit(task("low 3", 1));
        }

        @Actor
        public void submitter(LLL_Result r) {
            r.r1 = "dropped " + name(gate.admitInPlaceOf(task("high", 2)).dropped());
        }

        @Actor
        public void worker(LLL_Result r) {
            r.r2 = name(line.poll());
        }

        @Arbiter
        public void rest(LLL_Result r) {
            r.r3 = next() + " " + next() + " " + next();
        }

        private String next() {
            gate.exit();
            return name(line.poll());
        }
    }

    /// A task that has its slot is sorted in by somebody who won't start it, while a worker asks whether there is
    /// any: there is, all the time.
    ///
    /// Guards the order in `PriorityLine.sortIn`, promise before poll: the other way round the worker finds
    /// nothing, and nobody is sent for the task. Seen to fail so.
    @JCStressTest
    @Outcome(id = "false", expect = ACCEPTABLE, desc = "not empty")
    @State
    public static class SortInAgainstEmpty {
        private final PriorityLine line = new PriorityLine(Long.MAX_VALUE, false);
        private final SubmittedTask<?> task = task("some", 1);

        public SortInAgainstEmpty() {
            line.offer(task);
        }

        @Actor
        public void canceller() {
            line.placeOf(task);
        }

        @Actor
        public void worker(Z_Result r) {
            r.r1 = line.isEmpty();
        }
    }

    /// The task that has the turn of its key ends while the next one comes: that one starts.
    ///
    /// Guards the order in `Gate.exit`, turn before slot: with the slot given back first, the next one stays in
    /// the queue beside a free slot. Seen to fail so.
    @JCStressTest
    @Outcome(id = "null, SLOT", expect = ACCEPTABLE, desc = "the key was free again")
    @Outcome(id = "next, ACCEPTED", expect = ACCEPTABLE, desc = "stood behind, and got the turn with the slot")
    @State
    public static class TurnAgainstNext {
        private final Scene scene = new Scene(2, 1);
        private final SubmittedTask<?> first = task(TaskOptions.keyed("k"));
        private final SubmittedTask<?> next = task(TaskOptions.keyed("k"));

        public TurnAgainstNext() {
            scene.gate.joinKey(first);
            scene.gate.admit(first);
        }

        @Actor
        public void worker(LL_Result r) {
            r.r1 = scene.gate.exit(first) == null ? "null" : "next";
        }

        @Actor
        public void submitter(LL_Result r) {
            scene.gate.joinKey(next);
            r.r2 = scene.gate.admit(next).name();
        }
    }

    /// The last task of a key leaves while another comes: there are never two lines of one key, so a third must
    /// stand behind the second.
    ///
    /// Guards the look at `members` in `Keys.join`: without it the second joins a line that is forgotten, and the
    /// third finds a new one. Seen to fail so.
    @JCStressTest
    @Outcome(id = "null, SLOT, ACCEPTED", expect = ACCEPTABLE, desc = "after the first had left")
    @Outcome(id = "next, ACCEPTED, ACCEPTED", expect = ACCEPTABLE, desc = "before the first had left")
    @State
    public static class LastLeavesAgainstJoin {
        private final Scene scene = new Scene(3, 1);
        private final SubmittedTask<?> first = task(TaskOptions.keyed("k"));
        private final SubmittedTask<?> second = task(TaskOptions.keyed("k"));
        private final SubmittedTask<?> third = task(TaskOptions.keyed("k"));

        public LastLeavesAgainstJoin() {
            scene.gate.joinKey(first);
            scene.gate.admit(first);
        }

        @Actor
        public void worker(LLL_Result r) {
            r.r1 = scene.gate.exit(first) == null ? "null" : "next";
        }

        @Actor
        public void submitter(LLL_Result r) {
            scene.gate.joinKey(second);
            r.r2 = scene.gate.admit(second).name();
        }

        @Arbiter
        public void third(LLL_Result r) {
            scene.gate.joinKey(third);
            r.r3 = scene.gate.admit(third).name();
        }
    }
}
