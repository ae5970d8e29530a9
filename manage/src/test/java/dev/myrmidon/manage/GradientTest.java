package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.manage.ScalingStrategy.Controller;
import dev.myrmidon.manage.ScalingStrategy.Proposal;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GradientTest {
    private final Controller controller = ScalingStrategy.gradient().controller();

    /// A pool always full, before a downstream that works at so many tasks at once and shares itself among more.
    private static final class Downstream {
        private final ScalingTrace trace;
        private final Random random;
        private final double noise;
        private int knee;
        private double unloadedMillis = 50;

        Downstream(int capacity, int knee, double noise, Random random) {
            this.trace = new ScalingTrace(capacity);
            this.knee = knee;
            this.noise = noise;
            this.random = random;
        }

        Proposal follow(Controller controller) {
            double run = unloadedMillis * Math.max(1, (double) trace.capacity() / knee);
            double noisy = run * (1 + noise * (2 * random.nextDouble() - 1));
            return trace.wanted(1_000_000)
                    .completedMore(1_000)
                    .runs(Duration.ofNanos((long) (noisy * 1e6)))
                    .follow(controller);
        }
    }

    @Test
    void growsFasterAndFasterWhileThereIsNoQueue() {
        Downstream downstream = new Downstream(100, 100_000, 0, new Random(1));

        assertThat(downstream.follow(controller))
                .isEqualTo(new Proposal(105, "gradient: room, run mean 50.0 ms, 50.0 ms without a queue"));
        assertThat(downstream.follow(controller).capacity()).isEqualTo(116);
        assertThat(downstream.follow(controller).capacity()).isEqualTo(139);
        assertThat(downstream.follow(controller).capacity()).isEqualTo(195);
        assertThat(downstream.follow(controller).capacity()).isEqualTo(351);
        assertThat(downstream.follow(controller).capacity()).isEqualTo(702);
    }

    @Test
    void leavesAPoolAloneThatIsNotFull() {
        ScalingTrace trace = new ScalingTrace(100).completedMore(10).runs(Duration.ofMillis(50));
        for (int i = 0; i < 100; i++) {
            assertThat(trace.running(i).follow(controller).capacity()).isEqualTo(100);
        }
    }

    @Test
    void learnsNothingFromNothing() {
        ScalingTrace trace = new ScalingTrace(100).running(100);

        assertThat(trace.follow(controller)).isEqualTo(new Proposal(100, "gradient: no task has ended"));
    }

    @Test
    void tasksThatTakeNoTimeAreNoReasonToShrink() {
        ScalingTrace trace =
                new ScalingTrace(100).running(100).completedMore(10).runs(Duration.ZERO);

        assertThat(trace.follow(controller).capacity()).isEqualTo(105);
    }

    /// Refusals are fast; they say nothing about how long tasks run.
    @Test
    void learnsNothingFromTasksThatFail() {
        ScalingTrace trace = new ScalingTrace(100).running(100).runs(Duration.ofMillis(1));
        for (int i = 0; i < 10; i++) {
            assertThat(trace.failedMore(51, 0)
                            .completedMore(49)
                            .follow(controller)
                            .capacity())
                    .isEqualTo(100);
        }
        trace.completedMore(100).runs(Duration.ofMillis(50));
        assertThat(trace.follow(controller).capacity()).isEqualTo(105);
    }

    @Test
    void waitsForAChangeToShow() {
        ScalingTrace trace =
                new ScalingTrace(100).running(100).completedMore(10).runs(Duration.ofMillis(1_500));

        assertThat(trace.follow(controller).capacity()).isEqualTo(100);
        assertThat(trace.follow(controller).capacity()).isEqualTo(105);
        assertThat(trace.running(105).completedMore(10).follow(controller))
                .as("5 seconds are not four times 1.5")
                .isEqualTo(new Proposal(105, "gradient: the last change has to show first"));
        assertThat(trace.completedMore(10).follow(controller).capacity()).isGreaterThan(105);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void comesToTheKneeAndStays(long seed) {
        Random random = new Random(seed);
        int knee = 20 + random.nextInt(2_000);
        Downstream downstream = new Downstream(1 + random.nextInt(10 * knee), knee, 0.02, random);
        String what = "seed " + seed + ": from " + downstream.trace.capacity() + " to " + knee;
        for (int i = 0; i < 30; i++) {
            downstream.follow(controller);
        }
        staysNear(knee, downstream, what);

        downstream.knee = Math.max(10, knee / 2);
        for (int i = 0; i < 8; i++) {
            downstream.follow(controller);
        }
        staysNear(downstream.knee, downstream, what + ", halved");

        downstream.knee = 2 * knee;
        for (int i = 0; i < 20; i++) {
            downstream.follow(controller);
        }
        staysNear(downstream.knee, downstream, what + ", four times as much");

        downstream.unloadedMillis *= 2;
        for (int i = 0; i < 8; i++) {
            downstream.follow(controller);
        }
        staysNear(downstream.knee, downstream, what + ", slower");

        downstream.unloadedMillis /= 4;
        for (int i = 0; i < 20; i++) {
            downstream.follow(controller);
        }
        staysNear(downstream.knee, downstream, what + ", faster");
    }

    /// But for a probe now and then.
    private void staysNear(int knee, Downstream downstream, String what) {
        int outside = 0;
        for (int i = 0; i < 120; i++) {
            double share = (double) downstream.follow(controller).capacity() / knee;
            if (share < 0.9 || share > 1.25) {
                outside++;
            }
        }
        assertThat(outside).as(what).isLessThanOrEqualTo(8);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("seeds", 100));
    }
}
