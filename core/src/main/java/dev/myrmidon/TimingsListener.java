package dev.myrmidon;

/// Told how long the tasks of a [timed][PoolConfig#timed()] pool waited and ran, as they are counted in its
/// [Pool#timings()].
@FunctionalInterface
public interface TimingsListener {

    /// Called by the thread that ran the task, before the task's slot comes back, so it must be quick: it takes
    /// away from the pool what it takes. Under no lock, and by many threads at once. What it throws is logged
    /// and goes no further.
    ///
    /// @param waitNanos from the submission to the start, in nanoseconds
    /// @param runNanos from the start to the end, in nanoseconds
    /// @param tasks for how many tasks these times stand: 1, or more where only some are timed
    void onTimes(long waitNanos, long runNanos, int tasks);
}
