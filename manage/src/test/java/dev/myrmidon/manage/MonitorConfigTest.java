package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MonitorConfigTest {
    @Test
    void looksEveryFiveSecondsBackAMinuteAndKeepsAQuarterOfAnHour() {
        assertThat(MonitorConfig.DEFAULT)
                .isEqualTo(new MonitorConfig(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(15)));
        assertThat(MonitorConfig.DEFAULT.windowIntervals()).isEqualTo(12);
        assertThat(MonitorConfig.DEFAULT.historyIntervals()).isEqualTo(180);
    }

    @ParameterizedTest
    @CsvSource({
        "PT0.01S, PT10S, PT1M40S",
        "PT1S, PT1M, PT15M",
        "PT2M, PT2M, PT15M",
        "PT1H, PT1H, PT1H",
        "PT24H, PT24H, PT24H"
    })
    void whatIsNotSaidFitsTheInterval(Duration interval, Duration window, Duration history) {
        assertThat(MonitorConfig.every(interval)).isEqualTo(new MonitorConfig(interval, window, history));
    }

    @ParameterizedTest
    @CsvSource({"PT1S, 1", "PT1.000000001S, 2", "PT2S, 2", "PT1000S, 1000"})
    void timesAreRoundedUpToIntervals(Duration time, int intervals) {
        MonitorConfig config =
                MonitorConfig.every(Duration.ofSeconds(1)).window(time).history(time);
        assertThat(config.windowIntervals()).isEqualTo(intervals);
        assertThat(config.historyIntervals()).isEqualTo(intervals);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "null",
            delimiter = '|',
            value = {
                "null | PT1M | PT15M | interval must be at least 10 ms, was null",
                "PT0S | PT1M | PT15M | interval must be at least 10 ms, was PT0S",
                "PT-5S | PT1M | PT15M | interval must be at least 10 ms, was PT-5S",
                "PT24H0.1S | PT48H | PT48H | interval must be at most a day, was PT24H0.1S",
                "PT5S | null | PT15M | window must be at least the interval, PT5S, was null",
                "PT5S | PT4S | PT15M | window must be at least the interval, PT5S, was PT4S",
                "PT1S | PT1000.1S | PT15M | window must be at most 1000 intervals of PT1S, was PT16M40.1S",
                "PT5S | PT1M | PT1S | history must be at least the interval, PT5S, was PT1S",
                "PT1S | PT1M | PT2562047788015215H | history must be at most 10000 intervals of PT1S,"
                        + " was PT2562047788015215H",
            })
    void saysWhatIsWrong(Duration interval, Duration window, Duration history, String message) {
        assertThatThrownBy(() -> new MonitorConfig(interval, window, history))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
