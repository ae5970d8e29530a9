package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.ScalingStrategy.Controller;
import dev.myrmidon.manage.ScalingStrategy.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AimdTest {
    private static final Duration BOUND = Duration.ofMillis(100);

    private final Controller controller = ScalingStrategy.aimd().controller();

    @Test
    void addsToAFullPool() {
        ScalingTrace trace =
                new ScalingTrace(20).running(20).queued(3).waiting(2).rejectedMore(1);

        assertThat(trace.follow(controller)).isEqualTo(new Proposal(30, "aimd: full, queued 3, waiting 2, rejected 1"));
    }

    @Test
    void leavesAPoolAloneThatIsNotFull() {
        assertThat(new ScalingTrace(20).running(19).follow(controller).capacity())
                .isEqualTo(20);
        assertThat(new ScalingTrace(20).follow(controller).capacity()).isEqualTo(20);
    }

    @Test
    void cutsWhenTooMuchFails() {
        ScalingTrace trace = new ScalingTrace(20).running(20).completedMore(90).failedMore(10, 4);

        assertThat(trace.follow(controller))
                .isEqualTo(new Proposal(18, "aimd: failures 0.10 > 0.05: 10 of 100, timed out 4"));
        assertThat(trace.completedMore(95).failedMore(5, 0).follow(controller).capacity())
                .as("as many as may")
                .isEqualTo(28);
    }

    @Test
    void cutsWhenTasksAreSlow() {
        Controller bounded = ScalingStrategy.aimd(1, 0.5, 1, BOUND).controller();
        ScalingTrace trace = new ScalingTrace(20).running(20).runs(BOUND.plusMillis(1));

        assertThat(trace.follow(bounded)).isEqualTo(new Proposal(10, "aimd: run p99 101.0 ms > 100.0 ms"));
        assertThat(trace.running(10).runs(BOUND).follow(bounded).capacity()).isEqualTo(11);
    }

    @Test
    void itsOwnRejectionsAreNoOverload() {
        assertThat(new ScalingTrace(20).rejectedMore(1_000).follow(controller).capacity())
                .isEqualTo(30);
    }

    @Test
    void doesNotOverflow() {
        int most = Integer.MAX_VALUE;

        assertThat(new ScalingTrace(most - 5)
                        .running(most - 5)
                        .follow(controller)
                        .capacity())
                .isEqualTo(most);
    }

    /// A downstream that is slow above its knee: the capacity comes to between 0.9 times the knee and one
    /// increase above it, in as many samples as the way takes, and stays there.
    @ParameterizedTest
    @MethodSource("seeds")
    void settlesBelowTheKnee(long seed) {
        Random random = new Random(seed);
        int knee = 50 + random.nextInt(1_000);
        Controller bounded = ScalingStrategy.aimd(10, 0.9, 0.05, BOUND).controller();
        ScalingTrace trace = new ScalingTrace(1 + random.nextInt(2_000));
        int start = trace.capacity();
        int samples = (int)
                Math.ceil(start < knee ? (knee - start) / 10.0 : Math.log((double) start / knee) / -Math.log(0.9));
        for (int i = 0; i < samples + 200; i++) {
            trace.wanted(10_000).completedMore(100);
            trace.runs(trace.capacity() > knee ? BOUND.plusMillis(1) : BOUND).follow(bounded);
            if (i > samples) {
                assertThat(trace.capacity())
                        .as("seed %d, sample %d, knee %d, from %d", seed, i, knee, start)
                        .isBetween((int) (knee * 0.9), knee + 10);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.9, 0.05, PT1S, 'increase must be at least 1, was 0'",
        "1, 0, 0.05, PT1S, 'decrease must be above 0 and below 1, was 0.0'",
        "1, 1, 0.05, PT1S, 'decrease must be above 0 and below 1, was 1.0'",
        "1, NaN, 0.05, PT1S, 'decrease must be above 0 and below 1, was NaN'",
        "1, 0.9, -0.1, PT1S, 'maxFailureRate must be from 0 to 1, was -0.1'",
        "1, 0.9, 1.1, PT1S, 'maxFailureRate must be from 0 to 1, was 1.1'",
        "1, 0.9, 0.05, PT0S, 'maxRunTime must be positive or Pool.NEVER, was PT0S'",
    })
    void refusesWhatMakesNoSense(int increase, double decrease, double failures, Duration run, String why) {
        assertThatThrownBy(() -> ScalingStrategy.aimd(increase, decrease, failures, run))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void needsTimesOnlyWithABoundForThem() {
        assertThat(ScalingStrategy.aimd().needsTimings()).isFalse();
        assertThat(ScalingStrategy.aimd(1, 0.5, 1, BOUND).needsTimings()).isTrue();
        assertThat(List.of(ScalingStrategy.aimd())).containsExactly(ScalingStrategy.aimd(10, 0.9, 0.05, Pool.NEVER));
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("seeds", 100));
    }
}
