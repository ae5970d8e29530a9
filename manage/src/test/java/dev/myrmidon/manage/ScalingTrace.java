package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Samples of a pool that isn't there, one after the other, 5 seconds apart.
final class ScalingTrace {
    private int capacity;
    private int running;
    private int queued;
    private int waiting;
    private long rejected;
    private long completed;
    private long failed;
    private long timedOut;
    private Optional<Latencies> runs = Optional.empty();
    private PoolStats before;
    private long seconds;

    ScalingTrace(int capacity) {
        this.capacity = capacity;
        this.before = stats();
    }

    int capacity() {
        return capacity;
    }

    ScalingTrace capacity(int now) {
        capacity = now;
        return this;
    }

    ScalingTrace running(int now) {
        running = now;
        return this;
    }

    ScalingTrace queued(int now) {
        queued = now;
        return this;
    }

    ScalingTrace waiting(int now) {
        waiting = now;
        return this;
    }

    /// So many tasks at once want to run; those for which there is no slot are queued.
    ScalingTrace wanted(int tasks) {
        return running(Math.min(tasks, capacity)).queued(Math.max(0, tasks - capacity));
    }

    ScalingTrace rejectedMore(int more) {
        rejected += more;
        return this;
    }

    ScalingTrace completedMore(int more) {
        completed += more;
        return this;
    }

    ScalingTrace failedMore(int more, int ofThoseTimedOut) {
        failed += more;
        timedOut += ofThoseTimedOut;
        return this;
    }

    /// All percentiles are the same.
    ScalingTrace runs(Duration each) {
        runs = Optional.of(new Latencies(1_000, each, each, each, each, each, each));
        return this;
    }

    PoolSample sample() {
        PoolStats now = stats();
        PoolSample sample =
                new PoolSample(Instant.ofEpochSecond(seconds += 5), Duration.ofSeconds(5), now, before, runs, runs);
        before = now;
        return sample;
    }

    /// The next sample goes to the controller, and what it proposes becomes the capacity.
    ScalingStrategy.Proposal follow(ScalingStrategy.Controller controller) {
        ScalingStrategy.Proposal proposal = controller.propose(sample());
        capacity = proposal.capacity();
        return proposal;
    }

    private PoolStats stats() {
        return new PoolStats(
                "images",
                PoolStats.State.RUNNING,
                capacity,
                running,
                Pool.UNBOUNDED,
                queued,
                waiting,
                running,
                0,
                rejected + completed + failed + running + queued,
                rejected,
                completed,
                failed,
                0,
                0,
                timedOut,
                0,
                0);
    }
}
