package dev.myrmidon.manage.alarm;

import dev.myrmidon.RunningTask;
import dev.myrmidon.manage.PoolSample;
import java.util.List;
import java.util.function.Supplier;

/// Reads the value of one pool, sample after sample.
@FunctionalInterface
interface PoolGauge {
    /// The value, or [Double#NaN] if it isn't known.
    ///
    /// @param running what runs in the pool now; looked up when it is asked for
    double read(PoolSample sample, Supplier<List<RunningTask>> running);
}
