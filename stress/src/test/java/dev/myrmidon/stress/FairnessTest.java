package dev.myrmidon.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A flooded pool leaves room for the rest of the JVM. The bounds are generous, for machines with noise:
/// [Fairness] prints the exact figures.
class FairnessTest {
    /// Far more than there are carriers: no crowd of busy workers may form.
    private static final int CAPACITY = 1_000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void othersTickAndBeginInTime(boolean virtual) throws InterruptedException {
        Fairness.Figures figures = Fairness.measure(
                Duration.ofSeconds(2),
                CAPACITY,
                Fairness.SUBMITTERS,
                virtual ? Thread.ofVirtual() : Thread.ofPlatform());
        System.out.println(
                "capacity " + CAPACITY + ", " + (virtual ? "virtual" : "platform") + " submitters: " + figures);
        assertThat(figures.tasks()).isPositive();
        assertThat(figures.ticksWithin(99)).isLessThan(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(figures.startsWithin(90)).isLessThan(TimeUnit.MILLISECONDS.toNanos(200));
    }
}
