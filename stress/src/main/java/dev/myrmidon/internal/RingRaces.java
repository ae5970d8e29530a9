package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.internal.Scene.Named;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/// Races on the [Ring].
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class RingRaces {
    /// The size of a ring's first segment.
    private static final int FULL = 64;

    private static final Named A = new Named("A");
    private static final Named B = new Named("B");
    private static final Named C = new Named("C");

    private RingRaces() {}

    private static Ring fullRing() {
        Ring ring = new Ring();
        for (int i = 0; i < FULL; i++) {
            ring.offer(A);
        }
        return ring;
    }

    /// What is left: how many of the first tasks, then the names of the others in order.
    private static String left(Ring ring) {
        int first = 0;
        List<@Nullable Runnable> others = new ArrayList<>();
        for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
            if (A.equals(task) && others.isEmpty()) {
                first++;
            } else {
                others.add(task);
            }
        }
        return first + Scene.names(others);
    }

    /// A task that is offered is seen by its taker whole, in order, and once.
    ///
    /// Guards the order of the two writes in `Segment.offer`: the other way round a task is lost. Seen
    /// to fail so.
    @JCStressTest
    @Outcome(id = "null, null, AB", expect = ACCEPTABLE, desc = "taken later")
    @Outcome(
            id = {"A, null, B", "null, A, B"},
            expect = ACCEPTABLE,
            desc = "one taken")
    @Outcome(id = "A, B, -", expect = ACCEPTABLE, desc = "both taken, in order")
    @State
    public static class OfferAgainstPoll {
        private final Ring ring = new Ring();

        @Actor
        public void offer() {
            ring.offer(A);
            ring.offer(B);
        }

        @Actor
        public void poll(LLL_Result r) {
            r.r1 = ring.poll();
            r.r2 = ring.poll();
        }

        @Arbiter
        public void rest(LLL_Result r) {
            List<@Nullable Runnable> left = new ArrayList<>();
            for (Runnable task = ring.poll(); task != null; task = ring.poll()) {
                left.add(task);
            }
            r.r3 = left.isEmpty() ? "-" : Scene.names(left);
        }
    }

    /// Two submitters claim different cells.
    ///
    /// Guards the compare-and-set of `tail`: with a plain write a task is lost. Seen to fail so.
    @JCStressTest
    @Outcome(
            id = {"0BC", "0CB"},
            expect = ACCEPTABLE,
            desc = "both there")
    @State
    public static class OfferAgainstOffer {
        private final Ring ring = new Ring();

        @Actor
        public void offerOne() {
            ring.offer(B);
        }

        @Actor
        public void offerOther() {
            ring.offer(C);
        }

        @Arbiter
        public void rest(L_Result r) {
            r.r1 = left(ring);
        }
    }

    /// Two workers never take the same task.
    ///
    /// Guards the compare-and-set of `head`: with a plain write both take the same task. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(
            id = {"B, C", "C, B"},
            expect = ACCEPTABLE,
            desc = "one each")
    @State
    public static class PollAgainstPoll {
        private final Ring ring = new Ring();

        public PollAgainstPoll() {
            ring.offer(B);
            ring.offer(C);
        }

        @Actor
        public void pollOne(LL_Result r) {
            r.r1 = ring.poll();
        }

        @Actor
        public void pollOther(LL_Result r) {
            r.r2 = ring.poll();
        }
    }

    /// A full segment is closed and another linked behind it by two submitters at once, and both tasks are
    /// in the one that stays.
    ///
    /// Guards the compare-and-set of `next` in `closeAndLink`: with a plain write tasks are lost. Seen
    /// to fail so.
    @JCStressTest
    @Outcome(
            id = {"64BC", "64CB"},
            expect = ACCEPTABLE,
            desc = "both there")
    @State
    public static class GrowthAgainstGrowth {
        private final Ring ring = fullRing();

        @Actor
        public void offerOne() {
            ring.offer(B);
        }

        @Actor
        public void offerOther() {
            ring.offer(C);
        }

        @Arbiter
        public void rest(L_Result r) {
            r.r1 = left(ring);
        }
    }

    /// A full segment is closed and left behind while another submitter is about to use it: that one must
    /// find it closed.
    ///
    /// Shows that on real threads; with the closing left out it was not seen to fail in a million samples,
    /// since a submitter would have to stand still for as long as a segment takes to empty. `RingModelTest`
    /// makes it stand still.
    @JCStressTest
    @Outcome(id = "64 BC", expect = ACCEPTABLE, desc = "all there")
    @Outcome(id = "64 CB", expect = ACCEPTABLE, desc = "all there")
    @State
    public static class LeaveBehindAgainstOffer {
        private final Ring ring = fullRing();
        private int taken;

        @Actor
        public void offer() {
            ring.offer(B);
        }

        @Actor
        public void closeAndEmpty() {
            ring.offer(C);
            for (int i = 0; i < FULL; i++) {
                if (A.equals(ring.poll())) {
                    taken++;
                }
            }
            ring.isEmpty(); // leaves the segment behind
        }

        @Arbiter
        public void rest(L_Result r) {
            String left = left(ring);
            r.r1 = taken + " " + left.substring(1);
        }
    }

    /// A segment gets its last task while a worker empties it: the worker goes on to the next segment only
    /// when it has taken that one.
    ///
    /// Guards the order of the two writes in `Segment.offer`: the other way round a task is lost. Seen
    /// to fail so.
    @JCStressTest
    @Outcome(id = "B, 0C", expect = ACCEPTABLE, desc = "taken in order")
    @Outcome(id = "null, 0BC", expect = ACCEPTABLE, desc = "not there yet")
    @State
    public static class LastOfSegmentAgainstPoll {
        private final Ring ring = new Ring();

        public LastOfSegmentAgainstPoll() {
            for (int i = 0; i < FULL - 1; i++) {
                ring.offer(A);
            }
        }

        @Actor
        public void offer() {
            ring.offer(B);
            ring.offer(C);
        }

        @Actor
        public void poll(LL_Result r) {
            Runnable last = A;
            while (A.equals(last)) {
                last = ring.poll();
            }
            r.r1 = last;
        }

        @Arbiter
        public void rest(LL_Result r) {
            r.r2 = left(ring);
        }
    }

    /// The one question on which every wake-up rests: a submitter that still saw a search under way, and a
    /// worker that ended its search and saw no task, can't both be right.
    ///
    /// Guards the volatile write of the sequence and that of `searching`: with a release instead of
    /// either both are wrong. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, true", expect = ACCEPTABLE, desc = "the submitter sends a worker")
    @Outcome(id = "false, false", expect = ACCEPTABLE, desc = "the worker sees the task")
    @Outcome(id = "true, false", expect = ACCEPTABLE, desc = "both do something about it")
    @State
    public static class OfferAgainstEndOfSearch {
        private final Ring ring = new Ring();
        private final Workers workers = new Scene(1, 0).workers(1);

        public OfferAgainstEndOfSearch() {
            workers.claimSearch();
        }

        @Actor
        public void submitter(ZZ_Result r) {
            ring.offer(A);
            r.r1 = workers.claimSearch();
        }

        @Actor
        public void worker(ZZ_Result r) {
            workers.endSearch();
            r.r2 = ring.isEmpty();
        }
    }

    /// A submitter that can't get a worker takes its task back, unless a worker was faster; the other tasks
    /// stay.
    ///
    /// Guards that `Ring.remove` looks at each task it takes: made to take one more unseen, it lost
    /// that. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, B, -", expect = ACCEPTABLE, desc = "taken back, while a worker took the other one")
    @Outcome(id = "false, C, B", expect = ACCEPTABLE, desc = "the worker has it")
    @State
    public static class RemoveAgainstPoll {
        private final Ring ring = new Ring();

        public RemoveAgainstPoll() {
            ring.offer(B);
            ring.offer(C);
        }

        @Actor
        public void remove(LLL_Result r) {
            r.r1 = ring.remove(C);
        }

        @Actor
        public void poll(LLL_Result r) {
            r.r2 = ring.poll();
        }

        @Arbiter
        public void rest(LLL_Result r) {
            Runnable left = ring.poll();
            r.r3 = left == null ? "-" : left;
        }
    }
}
