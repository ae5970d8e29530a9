package dev.myrmidon.engine.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0", "-1,0", "0.0000005,0.50us", "0.0000123,12.3us", "0.0009999,1.00ms", "0.341,341ms", "0.9999,1.00s",
        "1.234,1.23s", "12,12.0s", "59.94,59.9s", "59.96,1m00s", "200,3m20s", "3599.4,59m59s", "3599.6,1h00m",
        "7500,2h05m", "86399,23h59m", "90000,1d01h", "8640000,100d00h"
    })
    void timesHaveThreeDigitsOrTwoUnits(double seconds, String shown) {
        assertThat(Units.time(seconds)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "0.004,0.00",
        "0.25,0.25",
        "12,12.0",
        "99.96,100",
        "999,999",
        "999.6,1.00k",
        "1234,1.23k",
        "34512345,34.5M",
        "5e9,5.00G"
    })
    void numbersHaveThreeDigits(double number, String shown) {
        assertThat(Units.brief(number)).isEqualTo(shown);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "7,7", "999,999", "1000,1.00k", "50000,50.0k", "-3,-3"})
    void countsAreExactUpToAThousand(long count, String shown) {
        assertThat(Units.brief(count)).isEqualTo(shown);
    }

    @Test
    void whatIsNotKnownIsADash() {
        assertThat(Units.time(Double.NaN)).isEqualTo("-");
        assertThat(Units.brief(Double.NaN)).isEqualTo("-");
        assertThat(Units.percent(Double.NaN)).isEqualTo("-");
        assertThat(Units.percent(0.345)).isEqualTo("35%");
    }
}
