package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Histogram;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogLinearHistogramTest {
    @Test
    void bucketsFollowEachOtherWithoutAGap() {
        for (int bucket = 0; bucket < LogLinearHistogram.BUCKETS; bucket++) {
            long edge = LogLinearHistogram.upperEdge(bucket);
            assertThat(LogLinearHistogram.bucket(edge)).isEqualTo(bucket);
            if (edge < Long.MAX_VALUE) {
                assertThat(LogLinearHistogram.bucket(edge + 1)).isEqualTo(bucket + 1);
            }
        }
        assertThat(LogLinearHistogram.upperEdge(LogLinearHistogram.BUCKETS - 1)).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aPercentileIsAtMostAThirtySecondAboveTheTruth(long seed) {
        Random random = new Random(seed);
        long[] nanos = new long[10_000];
        TimeRecorder recorder = new TimeRecorder();
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = random.nextLong() >>> (1 + random.nextInt(62));
            recorder.record(nanos[i], 1);
        }
        Arrays.sort(nanos);
        Histogram histogram = recorder.read();
        assertThat(histogram.count()).isEqualTo(nanos.length);
        for (double percent : new double[] {0.01, 1, 25, 50, 90, 99, 99.9, 100}) {
            long truth = nanos[(int) Math.ceil(nanos.length * percent / 100) - 1];
            assertThat((double) histogram.percentile(percent).toNanos())
                    .isBetween((double) truth, truth * (1 + 1 / 32.0));
        }
    }

    @Test
    void aWeightCountsAsSoMany() {
        TimeRecorder recorder = new TimeRecorder();
        recorder.record(100, 16);
        recorder.record(200, 1);
        assertThat(recorder.read().count()).isEqualTo(17);
        assertThat(recorder.read().mean().toNanos()).isBetween(1_772L / 17, 1_829L / 17);
    }

    @Test
    void aClockThatWentBackCountsAsZero() {
        TimeRecorder recorder = new TimeRecorder();
        recorder.record(-5, 1);
        assertThat(recorder.read().percentile(100).toNanos()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void itHoldsAnyCounts(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            long[] earlier = new long[LogLinearHistogram.BUCKETS];
            long[] later = new long[LogLinearHistogram.BUCKETS];
            int used = random.nextInt(LogLinearHistogram.BUCKETS + 1);
            for (int i = 0; i < used; i++) {
                int bucket = random.nextInt(LogLinearHistogram.BUCKETS);
                earlier[bucket] = random.nextLong() >>> (24 + random.nextInt(40));
                later[bucket] = earlier[bucket] + (random.nextInt(3) == 0 ? 0 : random.nextLong() >>> 24);
            }
            Histogram difference = new LogLinearHistogram(later).minus(new LogLinearHistogram(earlier));

            long count = 0;
            int longest = -1;
            for (int bucket = 0; bucket < LogLinearHistogram.BUCKETS; bucket++) {
                if (later[bucket] > earlier[bucket]) {
                    count += later[bucket] - earlier[bucket];
                    longest = bucket;
                }
            }
            assertThat(difference.count()).as("seed %s, round %s", seed, round).isEqualTo(count);
            assertThat(difference.percentile(100).toNanos())
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(longest < 0 ? 0 : LogLinearHistogram.upperEdge(longest));
            Histogram all = new LogLinearHistogram(later);
            assertThat(all.minus(difference)).hasToString(new LogLinearHistogram(earlier).toString());
        }
    }
}
