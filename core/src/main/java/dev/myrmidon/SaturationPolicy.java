package dev.myrmidon;

import java.time.Duration;

/// What a submitter does that finds a pool saturated: neither a slot free nor room in the queue.
///
/// The policy holds for `execute`, `submit` and what is built on them; `tryExecute` says itself whether it
/// waits. A submission from inside a task of the same pool never waits: where the policy is to wait, the
/// task runs at once in its caller instead.
public sealed interface SaturationPolicy {

    /// Waits for room, in order of arrival, until there is some.
    ///
    /// @return that policy
    static SaturationPolicy await() {
        return new Await(Pool.NEVER);
    }

    /// Waits for room, in order of arrival, at most so long; then the task is refused with
    /// [PoolSaturatedException].
    ///
    /// @param longest the longest to wait
    /// @return that policy
    /// @throws IllegalArgumentException if the time isn't positive
    static SaturationPolicy awaitAtMost(Duration longest) {
        return new Await(longest);
    }

    /// Refuses the task at once with [PoolSaturatedException].
    ///
    /// @return that policy
    static SaturationPolicy refuse() {
        return new Refuse();
    }

    /// Runs the task in the thread that submits it, on no slot of the pool, so that the submitter slows
    /// down. Such a task is counted when it has ended, and closing the pool doesn't wait for it.
    ///
    /// @return that policy
    static SaturationPolicy callerRuns() {
        return new CallerRuns();
    }

    /// Drops the task that has been queued for longest and queues the new one. A dropped task never runs;
    /// it is counted as shed, and if it is a future, as everything is that comes through `submit`, it is
    /// cancelled. Whoever waits for a [java.util.concurrent.CompletableFuture] whose step was dropped
    /// waits forever: such a step can't be told. Needs a queue.
    ///
    /// @return that policy
    static SaturationPolicy dropOldest() {
        return new DropOldest();
    }

    /// Drops the youngest queued task of the lowest level, if that is below the new task's, and queues the new
    /// one; otherwise refuses the new one with [PoolSaturatedException]. What is dropped is told as with
    /// [#dropOldest()]. Needs a queue, by [priority][QueueOrder#priority()].
    ///
    /// @return that policy
    static SaturationPolicy displaceLowest() {
        return new DisplaceLowest();
    }

    /// Gives the task to a function of the user's. The pool counts it as rejected.
    ///
    /// @param handler the function
    /// @return that policy
    static SaturationPolicy handle(Handler handler) {
        return new Handle(handler);
    }

    /// Waits for room.
    ///
    /// @param longest the longest to wait: positive, or [Pool#NEVER]
    record Await(Duration longest) implements SaturationPolicy {
        /// Checks the time.
        public Await {
            if (!PoolConfig.requireSet("awaitAtMost", longest).isPositive()) {
                throw new IllegalArgumentException("awaitAtMost must be positive, was " + longest);
            }
        }

        @Override
        public String toString() {
            return longest.equals(Pool.NEVER) ? "Await" : "Await[longest=" + longest + "]";
        }
    }

    /// Refuses at once.
    record Refuse() implements SaturationPolicy {}

    /// Runs the task in the submitting thread.
    record CallerRuns() implements SaturationPolicy {}

    /// Drops the oldest queued task.
    record DropOldest() implements SaturationPolicy {}

    /// Drops the lowest queued task for a higher one.
    record DisplaceLowest() implements SaturationPolicy {}

    /// Asks a function.
    ///
    /// @param handler the function
    record Handle(Handler handler) implements SaturationPolicy {
        /// Checks that there is one.
        public Handle {
            PoolConfig.requireSet("handler", handler);
        }
    }

    /// Decides about a task for which a pool has no room.
    @FunctionalInterface
    interface Handler {
        /// Called in the submitting thread, under no lock. From here on the task is the handler's: it may
        /// run it, keep it for later, or drop it. What it throws goes to the submitter, so a handler that
        /// refuses throws a [java.util.concurrent.RejectedExecutionException]. A task that came through
        /// `submit` is a [java.util.concurrent.Future]: one that will not run should be cancelled, or
        /// whoever awaits it waits forever.
        ///
        /// @param task the task for which there is no room
        /// @param pool the pool
        void onSaturated(Runnable task, Pool pool);
    }
}
