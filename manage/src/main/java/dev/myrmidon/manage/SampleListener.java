package dev.myrmidon.manage;

/// Told of the samples of a [PoolMonitor].
@FunctionalInterface
public interface SampleListener {

    /// Called for each sample, in the monitor's thread and under no lock: one call at a time, and those about one
    /// pool in their order. While it takes its time nobody is sampled; a look at all pools that takes longer than
    /// an interval is logged, with what the listener is at. What it throws is logged, once
    /// until it gets through a look, and goes no further.
    ///
    /// @param sample the latest of a pool
    void onSample(PoolSample sample);

    /// Called when a pool has terminated, or isn't among the monitor's pools any more, after its last sample: what
    /// is kept about it can go. As [#onSample(PoolSample)] in everything else. Does nothing unless overridden.
    ///
    /// @param pool its name, which another pool may have from now on
    default void onGone(String pool) {}
}
