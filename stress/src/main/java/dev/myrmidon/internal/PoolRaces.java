package dev.myrmidon.internal;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolStats;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;
import org.openjdk.jcstress.infra.results.LL_Result;

/// Races on whole pools, with their real workers on virtual threads.
///
/// What is no outcome by name is forbidden: that is how jcstress takes it.
public final class PoolRaces {
    private PoolRaces() {}

    /// A pool and a task that counts its runs, and how many of them were under way at once.
    private static final class Counted implements Runnable {
        final DefaultPool pool;
        final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        Counted(PoolBuilder builder) {
            pool = new DefaultPool(builder.expiry(Pool.NEVER).config());
        }

        @Override
        public void run() {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            runs.incrementAndGet();
            running.decrementAndGet();
        }

        int most() {
            return most.get();
        }

        /// Submits the task: accepted or refused.
        String execute() {
            try {
                pool.execute(this);
                return "accepted";
            } catch (RejectedExecutionException e) {
                return "refused";
            }
        }

        /// Waits for the end and says whether it came, and whether the books balance then.
        String end() {
            pool.shutdown();
            boolean ended;
            try {
                ended = pool.awaitTermination(Scene.LATE_NANOS, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                return "interrupted";
            }
            PoolStats s = pool.stats();
            boolean balanced = s.submitted() == s.rejected() + s.completed() + s.failed() + s.cancelled()
                    && s.running() == 0
                    && s.queued() == 0
                    && s.workers() == 0;
            return !ended ? "stranded " + s : balanced ? "balanced" : "unbalanced " + s;
        }
    }

    private static PoolBuilder one() {
        return Pool.builder("race").capacity(1);
    }

    /// Two submitters, one slot: the second waits or finds it free, and both tasks run, never at once.
    ///
    /// Guards the compare-and-set of `Gate.tryEnter`: with a plain write both run at once. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "2, 1, balanced", expect = ACCEPTABLE, desc = "one after the other")
    @State
    public static class SubmitAgainstSubmit {
        private final Counted task = new Counted(one());

        @Actor
        public void submitOne() {
            task.execute();
        }

        @Actor
        public void submitOther() {
            task.execute();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r3 = task.end();
            r.r1 = task.runs.get();
            r.r2 = task.most();
        }
    }

    /// A submit while the pool shuts down: what was accepted runs, what was refused doesn't, and the pool
    /// ends.
    ///
    /// Guards the count in `Gate.close`: with the workers dismissed too early the task is stranded.
    /// Seen to fail so.
    @JCStressTest
    @Outcome(id = "accepted, 1, balanced", expect = ACCEPTABLE, desc = "accepted and run")
    @Outcome(id = "refused, 0, balanced", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class SubmitAgainstShutdown {
        private final Counted task = new Counted(one());

        @Actor
        public void submit(LLL_Result r) {
            r.r1 = task.execute();
        }

        @Actor
        public void shutdown() {
            task.pool.shutdown();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r3 = task.end();
            r.r2 = task.runs.get();
        }
    }

    /// A submit while the pool is stopped: an accepted task is run or given back, once.
    ///
    /// Guards that `DefaultPool.stop` takes a task for good: put back into the ring it ran as well.
    /// Seen to fail so.
    @JCStressTest
    @Outcome(id = "accepted, 1 0, balanced", expect = ACCEPTABLE, desc = "accepted and run")
    @Outcome(id = "accepted, 0 1, balanced", expect = ACCEPTABLE, desc = "accepted and given back")
    @Outcome(id = "refused, 0 0, balanced", expect = ACCEPTABLE, desc = "refused")
    @State
    public static class SubmitAgainstShutdownNow {
        private final Counted task = new Counted(one());
        private volatile int givenBack;

        @Actor
        public void submit(LLL_Result r) {
            r.r1 = task.execute();
        }

        @Actor
        public void stop() {
            givenBack = task.pool.shutdownNow().size();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r3 = task.end();
            r.r2 = task.runs.get() + " " + givenBack;
        }
    }

    /// A pool shrinks and grows while tasks are submitted to it: they all run.
    ///
    /// Guards the offer to the ring in `Gate.grantSlots`: without it a task is stranded. Seen to fail
    /// so.
    @JCStressTest
    @Outcome(id = "3, balanced", expect = ACCEPTABLE, desc = "all run")
    @State
    public static class SubmitAgainstResize {
        private final Counted task =
                new Counted(Pool.builder("race").capacity(2).queueCapacity(3));

        @Actor
        public void submit() {
            task.execute();
            task.execute();
            task.execute();
        }

        @Actor
        public void resize() {
            task.pool.resize(1);
            task.pool.resize(3);
        }

        @Arbiter
        public void end(LL_Result r) {
            r.r2 = task.end();
            r.r1 = task.runs.get();
        }
    }

    /// A queued task is cancelled while the one before it ends: it ran or it was cancelled, and its place is
    /// free again either way.
    ///
    /// Guards that `Gate.cancel` counts only what it took out: without the condition the books don't
    /// balance. Seen to fail so.
    @JCStressTest
    @Outcome(id = "true, 1, balanced", expect = ACCEPTABLE, desc = "cancelled before it ran")
    @Outcome(
            id = {"false, 2, balanced", "true, 2, balanced"},
            expect = ACCEPTABLE,
            desc = "ran")
    @State
    public static class CancelAgainstStart {
        private final Counted task = new Counted(one().queueCapacity(2));

        @Actor
        public void canceller(LLL_Result r) {
            task.execute();
            Future<?> future = task.pool.submit(task);
            r.r1 = future.cancel(false);
        }

        @Actor
        public void reader() {
            var _ = task.pool.stats();
        }

        @Arbiter
        public void end(LLL_Result r) {
            r.r3 = task.end();
            r.r2 = task.runs.get();
        }
    }
}
