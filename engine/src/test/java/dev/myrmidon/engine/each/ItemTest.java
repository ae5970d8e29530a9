package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ItemTest {
    private static String shown(String line) {
        return new Item(0, 7, line.getBytes(StandardCharsets.UTF_8), null).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "é", "€", "\uD83D\uDC1C"})
    void isCutAfterSixtyCharactersBetweenTwoOfThem(String character) {
        int fit = 60 / character.length();

        assertThat(shown(character.repeat(fit))).isEqualTo("line 7 (" + character.repeat(fit) + ")");
        assertThat(shown(character.repeat(fit + 1))).isEqualTo("line 7 (" + character.repeat(fit) + "…)");
        assertThat(shown("x" + character.repeat(1_000_000)))
                .isEqualTo("line 7 (x" + character.repeat(59 / character.length()) + "…)");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, '\t', 0x1B, 0x7F, 0x80, 0x9B, 0x9F})
    void showsNothingThatSteersATerminal(int control) {
        assertThat(shown("a" + (char) control + "[31m")).isEqualTo("line 7 (a?[31m)");
    }
}
