package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.manage.ScalingStrategy.Controller;
import dev.myrmidon.manage.ScalingStrategy.Proposal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ThresholdTest {
    private final Controller controller = ScalingStrategy.threshold().controller();

    @Test
    void doublesWhatIsTooFull() {
        Proposal proposal = controller.propose(new ScalingTrace(10).running(9).sample());

        assertThat(proposal).isEqualTo(new Proposal(20, "threshold: usage 0.90 > 0.80, queued 0, waiting 0"));
    }

    @Test
    void tellsTheBacklog() {
        Proposal proposal = controller.propose(
                new ScalingTrace(10).running(10).queued(120).waiting(4).sample());

        assertThat(proposal).isEqualTo(new Proposal(20, "threshold: usage 1.00 > 0.80, queued 120, waiting 4"));
    }

    @Test
    void doublesWhatHasRejectedTasksBetweenTheLooks() {
        Proposal proposal = controller.propose(
                new ScalingTrace(10).running(1).rejectedMore(7).sample());

        assertThat(proposal).isEqualTo(new Proposal(20, "threshold: usage 0.10, queued 0, waiting 0, rejected 7"));
    }

    @Test
    void growsAboveOneOnlyWhenTasksWait() {
        Controller patient = ScalingStrategy.threshold(1, 0.3).controller();
        ScalingTrace trace = new ScalingTrace(10).running(10);

        assertThat(patient.propose(trace.sample()).capacity()).isEqualTo(10);
        assertThat(patient.propose(trace.waiting(1).sample()).capacity()).isEqualTo(20);
    }

    @Test
    void halvesAfterThreeSamplesInARow() {
        ScalingTrace trace = new ScalingTrace(101).running(10);

        assertThat(trace.follow(controller).capacity()).isEqualTo(101);
        assertThat(trace.follow(controller).capacity()).isEqualTo(101);
        assertThat(trace.follow(controller))
                .isEqualTo(new Proposal(51, "threshold: usage 0.10 < 0.30 in 3 samples, queued 0, waiting 0"));
        assertThat(trace.follow(controller).capacity()).as("they count anew").isEqualTo(51);
        assertThat(trace.follow(controller).capacity()).isEqualTo(51);
        assertThat(trace.follow(controller).capacity()).isEqualTo(26);
    }

    @Test
    void oneSampleBetweenThemIsEnoughToStay() {
        for (ScalingTrace between : List.of(
                new ScalingTrace(100).running(40),
                new ScalingTrace(100).running(0).queued(1),
                new ScalingTrace(100).running(0).waiting(1))) {
            Controller each = ScalingStrategy.threshold().controller();
            ScalingTrace trace = new ScalingTrace(100).running(10);
            each.propose(trace.sample());
            each.propose(trace.sample());
            each.propose(between.sample());
            assertThat(each.propose(trace.sample()).capacity()).isEqualTo(100);
        }
    }

    @Test
    void neverShrinksBelowZero() {
        Controller growing = ScalingStrategy.threshold(0.8, 0).controller();
        ScalingTrace trace = new ScalingTrace(100);
        for (int i = 0; i < 10; i++) {
            assertThat(trace.follow(growing).capacity()).isEqualTo(100);
        }
    }

    @Test
    void doesNotOverflow() {
        int most = Integer.MAX_VALUE;

        assertThat(controller
                        .propose(new ScalingTrace(most - 1).running(most - 1).sample())
                        .capacity())
                .isEqualTo(most);
    }

    /// Recorded: what a flood of 1,000 tasks and its end make of it, from 10.
    @Test
    void followsAFlood() {
        ScalingTrace trace = new ScalingTrace(10);
        List<Integer> up = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            up.add(trace.wanted(1_000).follow(controller).capacity());
        }
        assertThat(up).containsExactly(20, 40, 80, 160, 320, 640, 1_280, 1_280, 1_280);
        List<Integer> down = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            down.add(trace.wanted(100).follow(controller).capacity());
        }
        assertThat(down).containsExactly(1_280, 1_280, 640, 640, 640, 320, 320, 320, 320);
    }

    /// What the Javadoc promises: a load that never leaves a band of that width is never followed up and down.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverTurnsOnALoadThatStaysInItsBand(long seed) {
        Random random = new Random(seed);
        Threshold any = any(random);
        Controller controller = any.controller();
        int lowest = 1 + random.nextInt(10_000);
        int highest = (int) Math.floor(lowest * any.growAbove() / (2 * any.shrinkBelow()));
        ScalingTrace trace = new ScalingTrace(1 + random.nextInt(100_000));
        String what =
                "seed " + seed + ": " + any + ", load " + lowest + " to " + highest + ", from " + trace.capacity();
        int direction = 0;
        for (int i = 0; i < 1_000; i++) {
            int before = trace.capacity();
            int load = lowest + random.nextInt(highest - lowest + 1);
            int step = Integer.compare(trace.wanted(load).follow(controller).capacity(), before);
            assertThat(step).as("step %d of %s", i, what).isIn(0, direction == 0 ? step : direction);
            direction = step == 0 ? direction : step;
        }
    }

    /// In one sample for each doubling, or three for each halving.
    @ParameterizedTest
    @MethodSource("seeds")
    void settlesOnASteadyLoad(long seed) {
        Random random = new Random(seed);
        Threshold any = any(random);
        Controller controller = any.controller();
        int load = 1 + random.nextInt(10_000);
        ScalingTrace trace = new ScalingTrace(1 + random.nextInt(100_000));
        String what = "seed " + seed + ": " + any + ", load " + load + ", from " + trace.capacity();
        double doublings = Math.ceil(log2(load / any.growAbove() / trace.capacity()));
        double halvings = Math.ceil(log2(trace.capacity() * any.shrinkBelow() / load));
        for (int i = 0; i < Math.max(doublings, 3 * halvings) + 1; i++) {
            trace.wanted(load).follow(controller);
        }
        int settled = trace.capacity();
        for (int i = 0; i < 100; i++) {
            assertThat(trace.wanted(load).follow(controller).capacity())
                    .as(what)
                    .isEqualTo(settled);
        }
    }

    private static Threshold any(Random random) {
        double growAbove = 0.1 + 0.9 * random.nextDouble();
        return new Threshold(growAbove, growAbove / 2 * (0.05 + 0.95 * random.nextDouble()));
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    @ParameterizedTest
    @CsvSource({"10, 1000, 8", "1000, 10, 19", "10, 40, 3", "100, 80, 0"})
    void convergesAfterAStepWithin(int from, int to, int samples) {
        ScalingTrace trace = new ScalingTrace(from * 3 / 2).wanted(from);
        for (int i = 0; i < 10; i++) {
            trace.follow(controller);
        }
        int last = 0;
        for (int i = 1; i <= 60; i++) {
            int before = trace.capacity();
            if (trace.wanted(to).follow(controller).capacity() != before) {
                last = i;
            }
        }
        assertThat(last).isLessThanOrEqualTo(samples);
        assertThat((double) to / trace.capacity()).isBetween(0.3, 0.8);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 'growAbove must be above 0 and at most 1, was 0.0'",
        "1.1, 0.3, 'growAbove must be above 0 and at most 1, was 1.1'",
        "NaN, 0.3, 'growAbove must be above 0 and at most 1, was NaN'",
        "0.8, -0.1, 'shrinkBelow must be from 0 to half of growAbove (0.4), since a shrink halves the capacity, was -0.1'",
        "0.8, 0.5, 'shrinkBelow must be from 0 to half of growAbove (0.4), since a shrink halves the capacity, was 0.5'",
        "0.8, NaN, 'shrinkBelow must be from 0 to half of growAbove (0.4), since a shrink halves the capacity, was NaN'",
    })
    void refusesWhatMakesNoSense(double growAbove, double shrinkBelow, String why) {
        assertThatThrownBy(() -> ScalingStrategy.threshold(growAbove, shrinkBelow))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void equalSettingsAreEqual() {
        assertThat(ScalingStrategy.threshold()).isEqualTo(ScalingStrategy.threshold(0.8, 0.3));
        assertThat(ScalingStrategy.threshold()).isNotEqualTo(ScalingStrategy.threshold(0.8, 0.2));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("seeds", 100));
    }
}
