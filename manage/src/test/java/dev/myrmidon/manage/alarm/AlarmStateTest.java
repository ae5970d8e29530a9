package dev.myrmidon.manage.alarm;

import static dev.myrmidon.manage.alarm.AlarmState.Step.CLEARED;
import static dev.myrmidon.manage.alarm.AlarmState.Step.HELD;
import static dev.myrmidon.manage.alarm.AlarmState.Step.NONE;
import static dev.myrmidon.manage.alarm.AlarmState.Step.RAISED;
import static dev.myrmidon.manage.alarm.AlarmState.Step.REMINDED;
import static dev.myrmidon.manage.alarm.AlarmState.Step.RESOLVED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.manage.alarm.AlarmState.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmStateTest {
    private static final long SECOND = 1_000_000_000;

    private static AlarmLevels levels(int sustained, int quiet) {
        return new AlarmLevels(0.9, 0.8, Duration.ofSeconds(sustained), Duration.ofSeconds(quiet));
    }

    /// What a trace of values makes, a second apart.
    private static List<Step> steps(AlarmLevels levels, double... values) {
        AlarmState state = new AlarmState(levels);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            steps.add(state.next(i * SECOND, values[i]));
        }
        return steps;
    }

    @Test
    void isRaisedAtTheThresholdAndResolvedBelowTheOther() {
        assertThat(steps(levels(0, 0), 0.89, 0.9, 0.95, 0.8, 0.79, 0.5))
                .containsExactly(NONE, RAISED, NONE, NONE, RESOLVED, NONE);
    }

    @Test
    void isRaisedOnlyWhenItWasTrueAllTheTime() {
        assertThat(steps(levels(2, 0), 1, 1, 0.89, 1, 1, 1, 1))
                .containsExactly(NONE, NONE, NONE, NONE, NONE, RAISED, NONE);
    }

    @Test
    void aSampleThatIsLateProvesTheTimeItTook() {
        AlarmState state = new AlarmState(levels(10, 0));
        assertThat(state.next(0, 1)).isEqualTo(NONE);
        assertThat(state.next(60 * SECOND, 1)).isEqualTo(RAISED);
        assertThat(state.since()).isZero();
    }

    @Test
    void isRepeatedEachTimeThatTheQuietPeriodIsOver() {
        assertThat(steps(levels(0, 3), 1, 1, 1, 1, 1, 0.85, 0.85, 0.1))
                .containsExactly(RAISED, NONE, NONE, REMINDED, NONE, NONE, REMINDED, RESOLVED);
    }

    @Test
    void withoutAQuietPeriodNothingIsRepeatedOrHeld() {
        assertThat(steps(levels(0, 0), 1, 1, 0, 1, 1)).containsExactly(RAISED, NONE, RESOLVED, RAISED, NONE);
    }

    @Test
    void whatComesBackInTheQuietPeriodIsHeldAndRaisedAfterIt() {
        AlarmState state = new AlarmState(levels(0, 5));
        assertThat(state.next(0, 1)).isEqualTo(RAISED);
        assertThat(state.next(SECOND, 0)).isEqualTo(RESOLVED);
        assertThat(state.next(2 * SECOND, 1)).isEqualTo(HELD);
        assertThat(state.next(3 * SECOND, 0)).isEqualTo(CLEARED);
        assertThat(state.next(4 * SECOND, 1)).isEqualTo(HELD);
        assertThat(state.next(5 * SECOND, 1)).isEqualTo(RAISED);
        assertThat(state.since()).isEqualTo(4 * SECOND);
        assertThat(state.takeUntold()).isEqualTo(1);
        assertThat(state.takeUntold()).isZero();
    }

    @Test
    void whatIsNotKnownChangesNothing() {
        assertThat(steps(levels(1, 0), Double.NaN, 1, Double.NaN, 1, Double.NaN, 0, Double.NaN))
                .containsExactly(NONE, NONE, NONE, RAISED, NONE, RESOLVED, NONE);
    }

    @Test
    void infiniteValuesAndTimesAreTaken() {
        AlarmLevels forEver = new AlarmLevels(1, 1, Duration.ZERO, Duration.ofSeconds(Long.MAX_VALUE));
        AlarmState state = new AlarmState(forEver);
        assertThat(state.next(0, Double.POSITIVE_INFINITY)).isEqualTo(RAISED);
        assertThat(state.next(Long.MAX_VALUE - 1, Double.POSITIVE_INFINITY)).isEqualTo(NONE);
        assertThat(state.next(Long.MAX_VALUE - 1, Double.NEGATIVE_INFINITY)).isEqualTo(RESOLVED);
    }

    /// Random walks with random levels, held to what is promised.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsItsPromisesOnRandomWalks(long seed) {
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            double threshold = 0.5 + random.nextDouble() / 2;
            AlarmLevels levels = new AlarmLevels(
                    threshold,
                    threshold * (0.5 + random.nextDouble() / 2),
                    Duration.ofSeconds(random.nextInt(4)),
                    Duration.ofSeconds(random.nextInt(20)));
            walk(random, levels, "seed " + seed + " run " + run + " " + levels);
        }
    }

    private static void walk(Random random, AlarmLevels levels, String walk) {
        AlarmState state = new AlarmState(levels);
        long now = 0;
        boolean up = false;
        boolean held = false;
        long toldAt = Long.MIN_VALUE / 2;
        long aboveSince = -1; // all values since then were alarming
        long notCalmSince = -1; // no value since then was below the lower level
        double value = random.nextDouble();
        for (int i = 0; i < 500; i++) {
            now += (1 + random.nextInt(3)) * SECOND;
            value = random.nextInt(10) == 0
                    ? random.nextDouble() * 1.2
                    : Math.clamp(value + random.nextGaussian() / 20, 0, 1.2);
            aboveSince = value < levels.threshold() ? -1 : aboveSince < 0 ? now : aboveSince;
            notCalmSince = value < levels.resolve() ? -1 : notCalmSince < 0 ? now : notCalmSince;
            Step step = state.next(now, value);
            long quiet = levels.quiet().toNanos();
            boolean sustained =
                    aboveSince >= 0 && now - aboveSince >= levels.sustained().toNanos();
            switch (step) {
                case RAISED -> {
                    assertThat(up).as(walk).isFalse();
                    assertThat(held || sustained).as(walk).isTrue();
                    assertThat(now - toldAt).as(walk).isGreaterThanOrEqualTo(quiet);
                    up = true;
                    held = false;
                    toldAt = now;
                }
                case REMINDED -> {
                    assertThat(up).as(walk).isTrue();
                    assertThat(now - toldAt).as(walk).isGreaterThanOrEqualTo(Math.max(1, quiet));
                    toldAt = now;
                }
                case RESOLVED -> {
                    assertThat(up).as(walk).isTrue();
                    assertThat(value).as(walk).isLessThan(levels.resolve());
                    up = false;
                }
                case HELD -> {
                    assertThat(up || held).as(walk).isFalse();
                    assertThat(sustained).as(walk).isTrue();
                    assertThat(now - toldAt).as(walk).isLessThan(quiet);
                    held = true;
                }
                case CLEARED -> {
                    assertThat(held).as(walk).isTrue();
                    assertThat(value).as(walk).isLessThan(levels.resolve());
                    held = false;
                }
                case NONE -> {}
            }
            // Nothing is lost: what is alarming for long enough is up, or held in a quiet period.
            if (sustained) {
                assertThat(up || held).as(walk).isTrue();
            }
            if (held) {
                assertThat(now - toldAt).as(walk).isLessThan(quiet);
            }
            if (notCalmSince < 0) {
                assertThat(up || held).as(walk).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void doesNotFlapBetweenTheLevels(long seed) {
        Random random = new Random(seed);
        AlarmState state = new AlarmState(levels(0, 0));
        assertThat(state.next(0, 0.9)).isEqualTo(RAISED);
        for (int i = 1; i < 10_000; i++) {
            assertThat(state.next(i * SECOND, 0.8 + random.nextDouble()))
                    .as("seed %d", seed)
                    .isEqualTo(NONE);
        }
    }
}
