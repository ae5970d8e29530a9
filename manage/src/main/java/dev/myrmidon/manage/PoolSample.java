package dev.myrmidon.manage;

import dev.myrmidon.PoolStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The numbers of a pool at one moment, and what they grew by since the sample before it.
///
/// @param at when it was taken, to be shown; durations are never differences of these
/// @param interval since the sample before it, or since the pool was first looked at; positive
/// @param stats the numbers at its end
/// @param before the numbers at its beginning
/// @param waits how long tasks waited that ended lately: in the interval, or in the [window][MonitorConfig#window()]
///     of the monitor that took it; empty if the pool is not [timed][dev.myrmidon.PoolConfig#timed()]
/// @param runs how long they ran; empty if the pool is not timed
public record PoolSample(
        Instant at,
        Duration interval,
        PoolStats stats,
        PoolStats before,
        Optional<Latencies> waits,
        Optional<Latencies> runs)
        implements Sample {

    /// {@return the name of the pool}
    public String pool() {
        return stats.name();
    }

    /// {@return how much of the capacity runs: 0 when nothing does, 1 when the pool is full, more after a
    /// shrink; 0 if it is [dev.myrmidon.Pool#UNBOUNDED]}
    public double usage() {
        return share(stats.running(), stats.capacity());
    }

    /// {@return how much of the queue is taken, 0 to 1; 0 if there is none or it is
    /// [dev.myrmidon.Pool#UNBOUNDED]}
    public double queueUsage() {
        return share(stats.queued(), stats.queueCapacity());
    }

    /// {@return the tasks accepted and not started, and those of submitters that wait for room}
    public long backlog() {
        return (long) stats.queued() + stats.waiting();
    }

    /// {@return tasks submitted in the interval, refused ones too}
    public long submitted() {
        return stats.submitted() - before.submitted();
    }

    /// {@return tasks refused in the interval}
    public long rejected() {
        return stats.rejected() - before.rejected();
    }

    /// {@return tasks that completed or failed in the interval}
    public long ended() {
        return stats.completed() - before.completed() + failed();
    }

    /// {@return tasks that failed in the interval, timed out ones too}
    public long failed() {
        return stats.failed() - before.failed();
    }

    /// {@return tasks that timed out in the interval}
    public long timedOut() {
        return stats.timedOut() - before.timedOut();
    }

    /// {@return tasks cancelled in the interval, those that were shed too}
    public long cancelled() {
        return stats.cancelled() - before.cancelled();
    }

    /// {@return tasks submitted per second, refused ones too}
    public double arrivalRate() {
        return perSecond(submitted());
    }

    /// {@return tasks that completed or failed, per second}
    public double throughput() {
        return perSecond(ended());
    }

    /// {@return the share of failures among what ended in the interval, 0 to 1; 0 if nothing did}
    public double failureRate() {
        return ended() == 0 ? 0 : (double) failed() / ended();
    }

    private double perSecond(long tasks) {
        return tasks * 1e9 / interval.toNanos();
    }

    private static double share(int taken, int of) {
        return of <= 0 ? 0 : (double) taken / of;
    }
}
