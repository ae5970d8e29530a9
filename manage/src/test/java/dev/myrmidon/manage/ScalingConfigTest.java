package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.ScalingStrategy.Controller;
import dev.myrmidon.manage.ScalingStrategy.Proposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScalingConfigTest {
    private static final ScalingConfig CONFIG = ScalingConfig.between(10, 1_000);

    @Test
    void hasDefaults() {
        assertThat(CONFIG)
                .isEqualTo(new ScalingConfig(
                        10, 1_000, ScalingStrategy.threshold(0.8, 0.3), Duration.ofSeconds(5), Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 5, PT1S, PT0S, 'min must be at least 1, was 0'",
        "-1, 5, PT1S, PT0S, 'min must be at least 1, was -1'",
        "6, 5, PT1S, PT0S, 'max must be at least min (6), was 5'",
        "1, -1, PT1S, PT0S, 'max must be at least min (1), was -1'",
        "1, 5, PT0S, PT0S, 'interval must be from 1 ms to 1 day, was PT0S'",
        "1, 5, PT-1S, PT0S, 'interval must be from 1 ms to 1 day, was PT-1S'",
        "1, 5, PT25H, PT0S, 'interval must be from 1 ms to 1 day, was PT25H'",
        "1, 5, PT1S, PT-0.001S, 'coolDown must not be negative, was PT-0.001S'",
        "1, 5, , PT0S, 'interval must be set, was null'",
        "1, 5, PT1S, , 'coolDown must be set, was null'",
    })
    void refusesWhatMakesNoSense(int min, int max, Duration interval, Duration coolDown, String why) {
        assertThatThrownBy(() -> new ScalingConfig(min, max, ScalingStrategy.fixed(), interval, coolDown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    @SuppressWarnings("NullAway") // that is the point
    void refusesNoStrategy() {
        assertThatThrownBy(() -> CONFIG.strategy(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("strategy must be set, was null");
    }

    @Test
    void keepsToTheBoundsAndSaysSo() {
        Controller controller = CONFIG.controller();

        assertThat(controller.propose(
                        new ScalingTrace(600).running(600).queued(1).sample()))
                .isEqualTo(new Proposal(1_000, "threshold: usage 1.00 > 0.80, queued 1, waiting 0, max 1000"));
        assertThat(controller.propose(
                        new ScalingTrace(1_000).running(1_000).queued(1).sample()))
                .as("no step")
                .extracting(Proposal::capacity)
                .isEqualTo(1_000);
        ScalingTrace idle = new ScalingTrace(15);
        controller.propose(idle.sample());
        controller.propose(idle.sample());
        assertThat(controller.propose(idle.sample()).reason()).endsWith(", min 10");
    }

    @Test
    void bringsACapacityWithinTheBoundsAtOnce() {
        Controller controller =
                CONFIG.strategy(ScalingStrategy.fixed()).coolDown(Pool.NEVER).controller();

        assertThat(controller.propose(new ScalingTrace(3).sample())).isEqualTo(new Proposal(10, "below min 10"));
        assertThat(controller.propose(new ScalingTrace(3_000).sample()))
                .isEqualTo(new Proposal(1_000, "above, max 1000"));
        assertThat(controller.propose(new ScalingTrace(Pool.UNBOUNDED).sample()))
                .isEqualTo(new Proposal(1_000, "unbounded, max 1000"));
        assertThat(controller.propose(new ScalingTrace(500).sample()).capacity())
                .isEqualTo(500);
    }

    @Test
    void coolsDownAfterAChangeOfItsOwn() {
        Controller controller = CONFIG.coolDown(Duration.ofSeconds(15)).controller();
        ScalingTrace trace = new ScalingTrace(10);
        List<Integer> capacities = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            capacities.add(trace.wanted(100_000).follow(controller).capacity());
        }
        assertThat(capacities).containsExactly(20, 20, 20, 40, 40, 40, 80, 80);
    }

    @Test
    void coolsDownAfterAChangeByOthers() {
        Controller controller = CONFIG.coolDown(Duration.ofSeconds(15)).controller();
        ScalingTrace trace = new ScalingTrace(10);
        trace.follow(controller);
        trace.capacity(50).wanted(100_000);
        assertThat(trace.follow(controller)).isEqualTo(new Proposal(50, "cooling down"));
        assertThat(trace.follow(controller).capacity()).isEqualTo(50);
        assertThat(trace.follow(controller).capacity()).isEqualTo(100);
    }

    @Test
    void aCoolDownForEverAllowsOneStep() {
        Controller controller = CONFIG.coolDown(Pool.NEVER).controller();
        ScalingTrace trace = new ScalingTrace(10);
        for (int i = 0; i < 100; i++) {
            assertThat(trace.wanted(100_000).follow(controller).capacity()).isEqualTo(20);
        }
    }

    /// Whatever a pool does, and whatever others do to it.
    @ParameterizedTest
    @MethodSource("seeds")
    void neverLeavesTheBounds(long seed) {
        Random random = new Random(seed);
        int min = 1 + random.nextInt(1_000);
        int max = random.nextBoolean() ? min + random.nextInt(100_000) : Integer.MAX_VALUE;
        List<ScalingStrategy> strategies = List.of(
                ScalingStrategy.threshold(),
                ScalingStrategy.aimd(1 + random.nextInt(Integer.MAX_VALUE), 0.001, 0.5, Duration.ofMillis(50)),
                ScalingStrategy.gradient(),
                ScalingStrategy.fixed(),
                () -> sample -> new Proposal(random.nextInt(), "any"));
        ScalingConfig config = ScalingConfig.between(min, max)
                .strategy(strategies.get(random.nextInt(strategies.size())))
                .coolDown(Duration.ofSeconds(5L * random.nextInt(3)));
        Controller controller = config.controller();
        ScalingTrace trace = new ScalingTrace(1 + random.nextInt(100_000));
        for (int i = 0; i < 300; i++) {
            if (random.nextInt(20) == 0) {
                trace.capacity(random.nextInt(10) == 0 ? Pool.UNBOUNDED : 1 + random.nextInt(Integer.MAX_VALUE));
            }
            trace.running(random.nextInt(Math.max(1, trace.capacity())) + random.nextInt(2))
                    .queued(random.nextInt(3))
                    .waiting(random.nextInt(3))
                    .rejectedMore(random.nextInt(3) / 2)
                    .completedMore(random.nextInt(100))
                    .failedMore(random.nextInt(100), 0)
                    .runs(Duration.ofMillis(random.nextInt(100)));
            assertThat(trace.follow(controller).capacity())
                    .as("seed %d, sample %d, %s", seed, i, config)
                    .isBetween(min, max);
        }
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("seeds", 100));
    }
}
