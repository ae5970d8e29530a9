package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.Locale;

/// What [ScalingStrategy#aimd(int, double, double, Duration)] makes.
///
/// @param increase what is added to the capacity
/// @param decrease what it is multiplied with
/// @param maxFailureRate the largest share of failures that is borne
/// @param maxRunTime the longest run time that is borne, or [Pool#NEVER] for any
public record Aimd(int increase, double decrease, double maxFailureRate, Duration maxRunTime)
        implements ScalingStrategy {
    /// What is added, unless said otherwise: 10.
    public static final int DEFAULT_INCREASE = 10;

    /// What is multiplied with, unless said otherwise: 0.9.
    public static final double DEFAULT_DECREASE = 0.9;

    /// The share of failures that is borne, unless said otherwise: 0.05.
    public static final double DEFAULT_MAX_FAILURE_RATE = 0.05;

    /// Checks each number.
    ///
    /// @throws IllegalArgumentException if one is out of its range
    public Aimd {
        if (increase < 1) {
            throw new IllegalArgumentException("increase must be at least 1, was " + increase);
        }
        if (!(decrease > 0 && decrease < 1)) {
            throw new IllegalArgumentException("decrease must be above 0 and below 1, was " + decrease);
        }
        if (!(maxFailureRate >= 0 && maxFailureRate <= 1)) {
            throw new IllegalArgumentException("maxFailureRate must be from 0 to 1, was " + maxFailureRate);
        }
        if (!maxRunTime.isPositive()) {
            throw new IllegalArgumentException("maxRunTime must be positive or Pool.NEVER, was " + maxRunTime);
        }
    }

    @Override
    public Controller controller() {
        return this::propose;
    }

    @Override
    public boolean needsTimings() {
        return !maxRunTime.equals(Pool.NEVER);
    }

    private Proposal propose(PoolSample sample) {
        int capacity = sample.stats().capacity();
        if (sample.failureRate() > maxFailureRate) {
            return decreased(
                    capacity,
                    String.format(
                            Locale.ROOT,
                            "failures %.2f > %.2f: %d of %d, timed out %d",
                            sample.failureRate(),
                            maxFailureRate,
                            sample.failed(),
                            sample.ended(),
                            sample.timedOut()));
        }
        Duration runTime = sample.runs().map(Latencies::p99).orElse(Duration.ZERO);
        if (runTime.compareTo(maxRunTime) > 0) {
            return decreased(capacity, "run p99 " + Millis.of(runTime) + " > " + Millis.of(maxRunTime));
        }
        if (sample.stats().available() == 0 || sample.rejected() > 0) {
            return new Proposal(
                    (int) Math.min((long) capacity + increase, Integer.MAX_VALUE),
                    "aimd: full, queued " + sample.stats().queued() + ", waiting "
                            + sample.stats().waiting() + ", rejected " + sample.rejected());
        }
        return new Proposal(capacity, "aimd: not full");
    }

    private Proposal decreased(int capacity, String reason) {
        return new Proposal((int) (capacity * decrease), "aimd: " + reason);
    }
}
