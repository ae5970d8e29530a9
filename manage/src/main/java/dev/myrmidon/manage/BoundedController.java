package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import java.time.Duration;

/// What a strategy proposes, within the bounds of a configuration and not too soon after a change.
///
/// It keeps no clock: samples say how long they are.
final class BoundedController implements ScalingStrategy.Controller {
    private final ScalingConfig config;
    private final ScalingStrategy.Controller strategy;

    /// How much of the cool-down is left; not positive when it is over.
    private Duration left = Duration.ZERO;

    BoundedController(ScalingConfig config) {
        this.config = config;
        this.strategy = config.strategy().controller();
    }

    @Override
    public ScalingStrategy.Proposal propose(PoolSample sample) {
        int capacity = sample.stats().capacity();
        boolean changed = capacity != sample.before().capacity();
        left = changed || left.isPositive() ? (changed ? config.coolDown() : left).minus(sample.interval()) : left;
        if (capacity == Pool.UNBOUNDED || capacity > config.max()) {
            String was = capacity == Pool.UNBOUNDED ? "unbounded" : "above";
            return new ScalingStrategy.Proposal(config.max(), was + ", max " + config.max());
        }
        if (capacity < config.min()) {
            return new ScalingStrategy.Proposal(config.min(), "below min " + config.min());
        }
        ScalingStrategy.Proposal proposal = strategy.propose(sample); // it learns from a sample in the cool-down, too
        if (left.isPositive()) {
            return new ScalingStrategy.Proposal(capacity, "cooling down");
        }
        if (proposal.capacity() > config.max()) {
            return new ScalingStrategy.Proposal(config.max(), proposal.reason() + ", max " + config.max());
        }
        if (proposal.capacity() < config.min()) {
            return new ScalingStrategy.Proposal(config.min(), proposal.reason() + ", min " + config.min());
        }
        return proposal;
    }
}
