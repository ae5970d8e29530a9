package dev.myrmidon.engine.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.internal.text.Units;
import org.junit.jupiter.api.Test;

class JsonTest {
    /// A few bytes of a server that is none of ours.
    @Test
    void numbersThatNobodyCanShowAreNotKnown() {
        Json huge = Json.parse("{\"n\": 1e999999999, \"m\": -1e400}");

        assertThat(huge.get("n").number()).isNaN();
        assertThat(huge.get("m").number()).isNaN();
        assertThat(Units.brief(huge.get("n").number())).isEqualTo("-");
        assertThat(huge.get("n").whole(7)).isZero();
    }

    @Test
    void noNumberIsWrittenOutWithMillionsOfZeros() {
        assertThat(Json.parse("1e999999999").text("")).isEqualTo("1E+999999999");
        assertThat(Json.parse("1e-999999999").text("")).isEqualTo("1E-999999999");
        assertThat(Json.parse("1e9").text("")).isEqualTo("1000000000");
        assertThat(Json.parse("0.000001").text("")).isEqualTo("0.000001");
    }
}
