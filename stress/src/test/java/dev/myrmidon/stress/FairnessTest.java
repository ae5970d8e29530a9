package dev.myrmidon.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A flooded pool leaves room for the rest of the JVM. What others wait is told in tasks that begin meanwhile, which
/// a machine that stalls has fewer of, and in the usual case, which a stall isn't. The bounds are ten to twenty times
/// what is seen: a crowd of workers lets hardly any thread begin at all. [Fairness] prints the times.
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
        assertThat(figures.usualTasksInTick()).isLessThan(5_000);
        assertThat(figures.usualTasksInStart()).isLessThan(2_000);
    }
}
