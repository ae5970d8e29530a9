package dev.myrmidon.manage.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.myrmidon.manage.JvmSample;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmsConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Samples orders = new Samples("orders");

    /// Alarms of one type that are raised and resolved at once, and never keep quiet.
    private static Alarms alarms(AlarmType type, double threshold) {
        AlarmLevels levels = type.at(threshold).sustained(Duration.ZERO).quiet(Duration.ZERO);
        return new Alarms(AlarmsConfig.NONE.with(type, levels).rules(), List.of(), name -> Optional.empty());
    }

    /// The values at which what is up after each sample was raised; −1 where nothing is.
    private static double[] values(Alarms alarms, PoolSample... samples) {
        double[] values = new double[samples.length];
        for (int i = 0; i < samples.length; i++) {
            alarms.onSample(samples[i]);
            values[i] =
                    alarms.active().isEmpty() ? -1 : alarms.active().getFirst().value();
        }
        return values;
    }

    private static boolean isUp(Alarms alarms, JvmSample sample) {
        alarms.onSample(sample);
        return !alarms.active().isEmpty();
    }

    @ParameterizedTest
    @EnumSource(AlarmType.class)
    void eachTypeHasARuleOfItsNameAndUnit(AlarmType type) {
        List<AlarmRule> rules = AlarmsConfig.NONE.with(type, 1).rules();
        assertThat(rules).hasSize(1);
        assertThat(rules.getFirst().name()).isEqualTo(type.key());
        assertThat(rules.getFirst().unit()).isEqualTo(type.unit());
        assertThat(rules.getFirst().levels()).isEqualTo(type.at(1));
    }

    @Test
    void thresholdsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmType.POOL_USAGE.at(90))
                .withMessage("threshold of pool_usage must be above 0 and at most 1, was 90.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmType.WAITING.at(0.5))
                .withMessage("threshold of waiting must be at least 1, was 0.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new AlarmsConfig(Map.of(AlarmType.HEAP_USAGE, AlarmLevels.at(2)), 20, Duration.ofHours(1)))
                .withMessage("threshold of heap_usage must be above 0 and at most 1, was 2.0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void levelsMustBePositiveNumbers(double level) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmLevels.at(level))
                .withMessage("threshold must be positive and finite, was " + level);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmLevels.at(1).resolve(level))
                .withMessage("resolve must be positive and finite, was " + level);
    }

    @Test
    void otherFieldsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmLevels.at(0.9).resolve(0.95))
                .withMessage("resolve must be at most the threshold, 0.9, was 0.95");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmLevels.at(1).sustained(Duration.ofSeconds(-1)))
                .withMessage("sustained must not be negative, was PT-1S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmLevels.at(1).quiet(Duration.ofSeconds(-1)))
                .withMessage("quiet must not be negative, was PT-1S");
        assertThatNullPointerException()
                .isThrownBy(() -> AlarmLevels.at(1).quiet(null))
                .withMessage("quiet");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AlarmsConfig(Map.of(), 0, Duration.ofHours(1)))
                .withMessage("leastTasks must be at least 1, was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AlarmsConfig(Map.of(), 1, Duration.ofSeconds(59)))
                .withMessage("growthWindow must be 1 minute to 24 hours, was PT59S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlarmRule.onJvm(" ", AlarmUnit.COUNT, AlarmLevels.at(1), jvm -> 0))
                .withMessage("name of an alarm must not be blank, was \" \"");
    }

    @ParameterizedTest
    @CsvSource({
        "SHARE, 0.945, 94.5%",
        "SHARE, 1, 100%",
        "SHARE, 0.0001, 0%",
        "COUNT, 12, 12",
        "COUNT, 1.25, 1.3",
        "BYTES, 1073741824, 1GB",
        "BYTES, 1023, 1023B",
        "BYTES, 1048575, 1MB",
        "BYTES, 1610612736, 1.5GB",
        "SECONDS, 0, 0s",
        "SECONDS, 0.25, 250ms",
        "SECONDS, 90.04, 90s",
        "COUNT, Infinity, Infinity"
    })
    void valuesAreShownInTheirUnits(AlarmUnit unit, double value, String shown) {
        assertThat(unit.show(value)).isEqualTo(shown);
    }

    @Test
    void usageIsTheShareOfTheCapacityAndOfTheQueue() {
        assertThat(values(alarms(AlarmType.POOL_USAGE, 0.9), orders.running(8), orders.running(9), orders.running(8)))
                .containsExactly(-1, 0.9, -1);
        assertThat(values(alarms(AlarmType.QUEUE_USAGE, 0.8), orders.queued(15), orders.queued(16)))
                .containsExactly(-1, 0.8);
        assertThat(values(alarms(AlarmType.WAITING, 5), orders.waiting(4), orders.waiting(7)))
                .containsExactly(-1, 7);
        assertThat(values(alarms(AlarmType.WORKERS, 5), orders.running(4), orders.running(7)))
                .containsExactly(-1, 7);
    }

    @Test
    void rejectionsAreThoseOfTheLastMinute() {
        Duration half = Duration.ofSeconds(30);
        assertThat(values(
                        alarms(AlarmType.REJECTIONS, 3),
                        orders.rejected(half, 2),
                        orders.rejected(half, 1),
                        orders.rejected(half, 0),
                        orders.rejected(half, 3),
                        orders.rejected(half, 0),
                        orders.rejected(half, 0)))
                .containsExactly(-1, 3, -1, 3, 3, -1);
    }

    @Test
    void aCountStartsAgainWithThePool() {
        Alarms alarms = alarms(AlarmType.REJECTIONS, 3);
        alarms.onSample(orders.rejected(SECOND, 2));
        alarms.onGone("orders");
        alarms.onSample(new Samples("orders").rejected(SECOND, 2));
        assertThat(alarms.active()).isEmpty();
    }

    @Test
    void failuresCountWhenEnoughTasksEnded() {
        assertThat(values(
                        alarms(AlarmType.FAILURE_RATE, 0.5),
                        orders.ended(0, 19, 0),
                        orders.ended(0, 1, 0),
                        orders.ended(19, 0, 0),
                        orders.ended(10, 0, 0)))
                .containsExactly(-1, 1, 1, -1);
    }

    @Test
    void timeoutsAreThoseOfTheLastMinute() {
        assertThat(values(alarms(AlarmType.TIMEOUTS, 2), orders.ended(5, 3, 1), orders.ended(5, 1, 1)))
                .containsExactly(-1, 2);
    }

    @Test
    void theHeapIsSeenAfterACollection() {
        Alarms size = alarms(AlarmType.HEAP, Samples.GB);
        assertThat(isUp(size, Samples.heap(SECOND, Samples.GB - 1))).isFalse();
        assertThat(isUp(size, Samples.heap(SECOND, Samples.GB))).isTrue();
        Alarms share = alarms(AlarmType.HEAP_USAGE, 0.75);
        assertThat(isUp(share, Samples.heap(SECOND, 3 * Samples.GB - 1))).isFalse();
        assertThat(isUp(share, Samples.heap(SECOND, 3 * Samples.GB))).isTrue();
    }

    @Test
    void aLeakIsSeenInWhatCollectionsLeave() {
        Alarms alarms = alarms(AlarmType.HEAP_GROWTH, 0.1);
        int minute = 0;
        // 8 MB a minute are 480 MB an hour, of 4 GB.
        while (!isUp(alarms, Samples.heap(Duration.ofMinutes(1), Samples.GB + minute * (8L << 20)))) {
            assertThat(++minute).isLessThan(100);
        }
        assertThat(minute).isBetween(54, 66);
        assertThat(alarms.active().getFirst().value()).isBetween(0.115, 0.119);
        // It is mended.
        while (isUp(alarms, Samples.heap(Duration.ofMinutes(1), Samples.GB))) {
            assertThat(++minute).isLessThan(200);
        }
        assertThat(alarms.recent()).hasSize(2);
    }

    @Test
    void aHeapThatWasNeverCollectedDoesNotLeak() {
        Alarms alarms = alarms(AlarmType.HEAP_GROWTH, 0.01);
        for (int minute = 0; minute < 200; minute++) {
            assertThat(isUp(alarms, Samples.heap(Duration.ofMinutes(1), 0))).isFalse();
        }
        // The first collection of the old generation isn't a rise from zero.
        for (int minute = 0; minute < 200; minute++) {
            assertThat(isUp(alarms, Samples.heap(Duration.ofMinutes(1), Samples.GB)))
                    .isFalse();
        }
    }

    @Test
    void threadsAreSeenByTheirNumberAndByTheirGrowth() {
        Alarms number = alarms(AlarmType.THREADS, 100);
        assertThat(isUp(number, Samples.threads(SECOND, 99))).isFalse();
        assertThat(isUp(number, Samples.threads(SECOND, 100))).isTrue();
        Alarms growth = alarms(AlarmType.THREAD_GROWTH, 50);
        boolean up = false;
        for (int minute = 0; minute < 90; minute++) {
            up = isUp(growth, Samples.threads(Duration.ofMinutes(1), 20 + minute));
        }
        assertThat(up).isTrue();
    }

    @Test
    void carriersStarveWhenAllAreTakenAndAThreadWaits() {
        Duration long_ = Duration.ofSeconds(3);
        Alarms alarms = alarms(AlarmType.STARVATION, 1);
        assertThat(isUp(alarms, Samples.carriers(SECOND, 2, 0, long_))).isFalse();
        assertThat(isUp(alarms, Samples.carriers(SECOND, 1, 5, long_))).isFalse();
        assertThat(isUp(alarms, Samples.carriers(SECOND, 2, 5, Duration.ofMillis(5))))
                .isFalse();
        assertThat(isUp(alarms, Samples.carriers(SECOND, 2, 5, long_))).isTrue();
    }

    @Test
    void pinnedThreadsAreSeen() {
        Alarms alarms = alarms(AlarmType.PINNED, 0.5);
        assertThat(isUp(alarms, Samples.pinned(Duration.ofMillis(499)))).isFalse();
        assertThat(isUp(alarms, Samples.pinned(Duration.ofMillis(500)))).isTrue();
        assertThat(isUp(alarms, Samples.pinned(Duration.ZERO))).isFalse();
    }
}
