package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import java.time.Duration;

/// How a pool's capacity follows its load; for a [ScalingConfig].
///
/// A strategy is a setting: immutable, and best a record, so that equal settings are equal. What it has to
/// remember of one pool is in the [Controller] that it makes for it. Users may write their own:
///
/// ```java
/// ScalingStrategy oneForEachFiveQueued = () -> sample -> new ScalingStrategy.Proposal(
///         sample.stats().capacity() + sample.stats().queued() / 5, "queued " + sample.stats().queued());
/// ```
@FunctionalInterface
public interface ScalingStrategy {

    /// Makes a controller for one pool, which has seen nothing yet.
    ///
    /// @return a new one
    Controller controller();

    /// {@return whether it needs the times that a pool measures only if it is
    /// [timed][dev.myrmidon.PoolConfig#timed()]}
    default boolean needsTimings() {
        return false;
    }

    /// Proposes capacities for one pool: arithmetic on its samples and on what it remembers of earlier
    /// ones, without a clock or any other input. Used by one thread at a time.
    @FunctionalInterface
    interface Controller {
        /// Given each sample of the pool once, in order, also when the proposal can't be followed: what a
        /// proposal has led to, and what others did to the capacity, is in the next sample.
        ///
        /// @param sample of a pool that isn't [Pool#UNBOUNDED]
        /// @return what the capacity should be, which may be what it is
        Proposal propose(PoolSample sample);
    }

    /// What the capacity of a pool should be, and why.
    ///
    /// @param capacity any number; the bounds of the [ScalingConfig] are applied later
    /// @param reason for people, with the numbers that led to it
    record Proposal(int capacity, String reason) {}

    /// [#threshold(double, double)] with 0.8 and 0.3.
    ///
    /// @return that strategy
    static ScalingStrategy threshold() {
        return threshold(Threshold.DEFAULT_GROW_ABOVE, Threshold.DEFAULT_SHRINK_BELOW);
    }

    /// Doubles the capacity of a pool that is too small, and halves, rounded up, that of one that is too
    /// large. For a downstream that can take whatever comes: it looks at the pool alone.
    ///
    /// A pool is too small if more of it runs than `growAbove`, if it is full and tasks are queued or
    /// submitters wait, or if it has rejected tasks since the last sample. It is too large if in three samples
    /// in a row, without a change of the capacity, less of it runs than `shrinkBelow` and nothing was queued,
    /// waiting or rejected.
    ///
    /// With the load unchanged neither step gives cause for the opposite one. A load whose highest value is at
    /// most `growAbove / (2 · shrinkBelow)` times its lowest is never followed up and down: 1.33 times with the
    /// defaults.
    ///
    /// @param growAbove a share of the capacity: above 0, at most 1, which is to grow only when there is no room
    /// @param shrinkBelow a share of the capacity: from 0, which is never to shrink, to half of growAbove
    /// @return that strategy
    /// @throws IllegalArgumentException if one of them is out of its range
    static ScalingStrategy threshold(double growAbove, double shrinkBelow) {
        return new Threshold(growAbove, shrinkBelow);
    }

    /// [#aimd(int, double, double, Duration)] by 10, to 0.9, above 0.05 of failures, whatever the run times.
    ///
    /// @return that strategy
    static ScalingStrategy aimd() {
        return aimd(Aimd.DEFAULT_INCREASE, Aimd.DEFAULT_DECREASE, Aimd.DEFAULT_MAX_FAILURE_RATE, Pool.NEVER);
    }

    /// Additive increase, multiplicative decrease: adds to the capacity of a pool that is full as long as the
    /// tasks do well, and multiplies it with a factor below 1 when they don't. For a downstream that fails or
    /// becomes slow when too much is asked of it at once.
    ///
    /// A pool is full if nothing is available, or it has rejected tasks since the last sample. Tasks do
    /// badly if more of them failed than `maxFailureRate`, timeouts included, or the 99th percentile of
    /// their run times is above `maxRunTime`. What the pool itself rejects is no sign of it: a smaller pool
    /// would reject more. An idle pool keeps its capacity, which costs nothing.
    ///
    /// As in TCP: D.-M. Chiu and R. Jain, *Analysis of the Increase and Decrease Algorithms for Congestion
    /// Avoidance in Computer Networks*, 1989.
    ///
    /// @param increase added at each sample: at least 1
    /// @param decrease multiplied with, rounded down: above 0, below 1
    /// @param maxFailureRate the largest share of what ended that may have failed: 0 to 1, which is any
    /// @param maxRunTime the longest that 99 % of the tasks may run: positive, or [Pool#NEVER] to bear any, as
    ///     it must be in a pool that isn't timed
    /// @return that strategy
    /// @throws IllegalArgumentException if one of them is out of its range
    static ScalingStrategy aimd(int increase, double decrease, double maxFailureRate, Duration maxRunTime) {
        return new Aimd(increase, decrease, maxFailureRate, maxRunTime);
    }

    /// Finds the capacity at which the downstream is busy and its queue short, from run times alone: they
    /// stay what they are as long as there is room downstream, and grow with the number of tasks that are
    /// inside beyond that. Needs a pool that is timed.
    ///
    /// The capacity is multiplied with the gradient, which is the run time without a queue divided by the run
    /// time now (means, the present one smoothed), and gets some room on top, so that it keeps looking for more:
    ///
    /// - *Room* is 5 % of the capacity, one task at least, and doubles with each sample in which a full pool
    ///   shows no queue, up to all of the capacity.
    /// - *A step* is taken if it is 4 % of the capacity at least, and leaves half of it.
    /// - *The run time without a queue* is the shortest there was, and comes slowly nearer to what tasks take
    ///   in a pool that has slots to spare. If the capacity has fallen by a fifth and the run time has not
    ///   followed, then there is no queue: the downstream has become slower, and the capacity goes back.
    /// - *A probe* finds out whether there was a queue all the time: the capacity goes down to three quarters
    ///   at each sample for as long as the run time follows. It comes at the first sign of a queue, and then
    ///   at one after 60 samples of a full pool.
    /// - *Noise*: as many run times as a sample has, `n`, have a mean that is off by `1 / √n`, and no smaller
    ///   difference is taken for a queue.
    /// - A pool less than half full, or in which more than half of what ended failed, is left alone, and so is
    ///   one whose capacity has changed less than four run times ago.
    ///
    /// Tasks should be alike: if their mix changes, run times change with it.
    ///
    /// The idea is that of TCP Vegas (L. Brakmo, S. O'Malley and L. Peterson, *TCP Vegas: New Techniques for
    /// Congestion Detection and Avoidance*, 1994) and of the gradient limits of Netflix's concurrency-limits
    /// and of Envoy's adaptive concurrency filter; how the run time without a queue is kept true differs.
    ///
    /// @return that strategy
    static ScalingStrategy gradient() {
        return new Gradient();
    }

    /// Leaves the capacity as it is, but for the bounds of the [ScalingConfig].
    ///
    /// @return that strategy
    static ScalingStrategy fixed() {
        return new Fixed();
    }
}
