package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrackerConfigTest {
    @Test
    void keepsTheLastThousandOfEachForAnHour() {
        assertThat(TrackerConfig.DEFAULT).isEqualTo(new TrackerConfig(1_000, Duration.ofHours(1)));
        assertThat(new TrackerConfig(1, Pool.NEVER).maxAge()).isEqualTo(Pool.NEVER);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            delimiter = '|',
            value = {
                "0 | PT1H | perOutcome must be at least 1 and at most 1000000, was 0",
                "1000001 | PT1H | perOutcome must be at least 1 and at most 1000000, was 1000001",
                "1 | PT0S | maxAge must be positive, was PT0S",
                "1 | PT-1S | maxAge must be positive, was PT-1S",
                "1 | null | maxAge must be positive, was null",
            })
    void saysWhatIsWrong(int perOutcome, Duration maxAge, String message) {
        assertThatThrownBy(() -> new TrackerConfig(perOutcome, maxAge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
