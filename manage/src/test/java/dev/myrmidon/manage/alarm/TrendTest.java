package dev.myrmidon.manage.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrendTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /// The rise over an hour after so many minutes.
    private static double riseAfter(int minutes, IntToDoubleFunction value) {
        Trend trend = new Trend(Duration.ofHours(1));
        for (int minute = 0; minute < minutes; minute++) {
            trend.add(MINUTE, value.applyAsDouble(minute));
        }
        return trend.rise();
    }

    @Test
    void aSteadyRiseIsWhatItRisesInTheWindow() {
        assertThat(riseAfter(180, minute -> 100 + minute)).isCloseTo(60, within(0.1));
    }

    @Test
    void theFloorOfASawtoothCounts() {
        assertThat(riseAfter(180, minute -> 100 + minute + minute % 5 * 1000)).isCloseTo(60, within(1.0));
        assertThat(riseAfter(180, minute -> 100 + minute % 7 * 1000)).isZero();
    }

    @Test
    void lessThanAWindowSaysNothing() {
        assertThat(riseAfter(54, minute -> minute)).isZero();
        assertThat(riseAfter(60, minute -> minute)).isPositive();
    }

    @Test
    void aStepIsNoRiseWhereverItIs() {
        for (int at = 0; at < 180; at++) {
            int step = at;
            assertThat(riseAfter(180, minute -> minute < step ? 100 : 200))
                    .as("step at minute %d", at)
                    .isZero();
        }
    }

    @Test
    void aRiseThatHasEndedIsForgotten() {
        assertThat(riseAfter(240, minute -> Math.min(minute, 120))).isZero();
    }

    @Test
    void aFallIsNoRise() {
        assertThat(riseAfter(180, minute -> 1000 - minute)).isZero();
    }

    @Test
    void valuesThatAreRarelyKnownStillMakeATrend() {
        Trend trend = new Trend(Duration.ofHours(1));
        for (int minute = 0; minute < 180; minute++) {
            if (minute % 7 == 0) {
                trend.add(MINUTE, minute);
            } else {
                trend.pass(MINUTE);
            }
        }
        assertThat(trend.rise()).isCloseTo(60, within(6.0));
    }

    @Test
    void whatIsNoLongerKnownIsForgotten() {
        Trend trend = new Trend(Duration.ofHours(1));
        for (int minute = 0; minute < 120; minute++) {
            trend.add(MINUTE, minute);
        }
        trend.pass(Duration.ofHours(2));
        assertThat(trend.rise()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noiseIsHardlyEverARiseAndALeakInNoiseNearlyAlways(long seed) {
        Random random = new Random(seed);
        int alarmed = 0;
        int seen = 0;
        for (int run = 0; run < 200; run++) {
            if (riseAfter(120, minute -> 1000 + random.nextGaussian() * 50) > 0) {
                alarmed++;
            }
            if (Math.abs(riseAfter(120, minute -> 1000 + 10 * minute + random.nextGaussian() * 50) - 600) < 200) {
                seen++;
            }
        }
        assertThat(seen).as("of 200, seed %d", seed).isGreaterThanOrEqualTo(190);
        assertThat(alarmed).as("of 200, seed %d", seed).isLessThanOrEqualTo(3);
    }
}
