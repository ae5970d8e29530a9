package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolSampleTest {
    private static PoolStats stats(int capacity, int queueCapacity, long times) {
        return new PoolStats(
                "orders",
                PoolStats.State.RUNNING,
                capacity,
                30,
                queueCapacity,
                5,
                2,
                30,
                0,
                100 * times,
                10 * times,
                60 * times,
                20 * times,
                7 * times,
                0,
                4 * times,
                3 * times,
                0);
    }

    private static PoolSample sample(PoolStats before, PoolStats stats) {
        return new PoolSample(Instant.EPOCH, Duration.ofMillis(500), stats, before, Optional.empty(), Optional.empty());
    }

    @Test
    void tellsWhatTheNumbersGrewBy() {
        PoolSample sample = sample(stats(40, 20, 1), stats(40, 20, 3));
        assertThat(sample.submitted()).isEqualTo(200);
        assertThat(sample.rejected()).isEqualTo(20);
        assertThat(sample.ended()).isEqualTo(160);
        assertThat(sample.failed()).isEqualTo(40);
        assertThat(sample.timedOut()).isEqualTo(8);
        assertThat(sample.cancelled()).isEqualTo(14);
        assertThat(sample.arrivalRate()).isEqualTo(400);
        assertThat(sample.throughput()).isEqualTo(320);
        assertThat(sample.failureRate()).isEqualTo(0.25);
        assertThat(sample.usage()).isEqualTo(0.75);
        assertThat(sample.queueUsage()).isEqualTo(0.25);
        assertThat(sample.backlog()).isEqualTo(7);
    }

    @Test
    void whatHasNoBoundIsNeverInUse() {
        PoolStats now = stats(Pool.UNBOUNDED, Pool.UNBOUNDED, 1);
        PoolSample sample = sample(now, now);
        assertThat(sample.usage()).isZero();
        assertThat(sample.queueUsage()).isZero();
        assertThat(sample.failureRate()).as("nothing ended").isZero();
        assertThat(sample.throughput()).isZero();
    }

    @Test
    void afterAShrinkMoreThanAllIsInUse() {
        PoolStats now = stats(10, 0, 1);
        assertThat(sample(now, now).usage()).isEqualTo(3);
        assertThat(sample(now, now).queueUsage()).as("no queue").isZero();
    }
}
