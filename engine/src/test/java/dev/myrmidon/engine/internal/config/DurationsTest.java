package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "10s, PT10S",
        "1m30s, PT1M30S",
        "100ms, PT0.1S",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "2us, PT0.000002S",
        "2µs, PT0.000002S", // micro sign
        "2μs, PT0.000002S", // Greek letter
        "7ns, PT0.000000007S",
        "1h1m1s1ms1us1ns, PT1H1M1.001001001S",
        "0s, PT0S",
        "+5s, PT5S",
        "-5s, PT-5S",
        "0.000000001s, PT0.000000001S",
        "2562047h47m16.854775807s, PT2562047H47M16.854775807S",
        "PT10S, PT10S",
        "P1D, PT24H",
        "PT1H30M, PT1H30M",
        "-PT3S, PT-3S",
        "PT-3S, PT-3S",
    })
    void isRead(String text, Duration duration) throws Durations.BadDuration {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10 sec | is not a duration (try \"10s\")",
                "10 s | is not a duration (try \"10s\")",
                "10S | is not a duration (try \"10s\")",
                "10 | is not a duration (try \"10s\")",
                "5 minutes and 3 seconds | is not a duration (try \"5m3s\")",
                "1 hour, 2 min | is not a duration (try \"1h2m\")",
                "250 millis | is not a duration (try \"250ms\")",
                "1d | is not a duration (try \"24h\")",
                "1.5 days | is not a duration (try \"36h\")",
                "s | is not a duration (try \"10s\")",
                "ten seconds | is not a duration (try \"10s\")",
                "10x | is not a duration (try \"10s\")",
                "1s 2 | is not a duration (try \"10s\")",
                "1e3s | is not a duration (try \"10s\")",
                "--1s | is not a duration (try \"10s\")",
                "P | is not a duration (try \"PT10S\")",
                "PT10 | is not a duration (try \"PT10S\")",
                "P1Y | is not a duration (try \"PT10S\")",
                "1.5ns | is finer than a nanosecond",
                "0.0000000001s | is finer than a nanosecond",
                "2562047h47m16.854775808s | is too long: at most 292 years",
                "99999999999999999999h | is too long: at most 292 years",
                "PT2562048H | is too long: at most 292 years",
                "PT99999999999999999999H | is too long: at most 292 years",
            })
    void isRefused(String text, String why) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOfSatisfying(
                        Durations.BadDuration.class, e -> assertThat(e.why()).isEqualTo(why));
    }

    @Test
    void emptyIsRefused() {
        assertThatThrownBy(() -> Durations.parse("")).hasMessage("is not a duration (try \"10s\")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "10s", "1m30s", "1h", "100ms", "1h1m1s1ms1us1ns", "2562047h47m16s854ms775us807ns"})
    void isWrittenAsItIsRead(String text) throws Durations.BadDuration {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(text);
    }
}
