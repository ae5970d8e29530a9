package dev.myrmidon.engine.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b", "\u0007", "\r", "\n", "\t", "\u0000", "\u007f", "\u009b", "\u0085", "\u202e", "\u2066",
                "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\ud800", "\udc00", "\ue000"
            })
    void whatATerminalObeysIsReplaced(String evil) {
        assertThat(Cells.printable("a" + evil + "b")).isEqualTo("a\ufffdb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "images/17", "größe", "日本語", "🚀 start", "e\u0301"})
    void textStaysAsItIs(String text) {
        assertThat(Cells.printable(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"'',0", "abc,3", "日本語,6", "🚀,2", "e\u0301,1", "█░…,3"})
    void widthIsInCells(String text, int width) {
        assertThat(Cells.width(text)).isEqualTo(width);
    }

    @ParameterizedTest
    @CsvSource({
        "abcdef,6,abcdef",
        "abcdef,5,abcd…",
        "abcdef,1,…",
        "abcdef,0,''",
        "日本語,6,日本語",
        "日本語,5,日本…",
        "日本語,4,日…",
        "日本語,2,…",
        "abc,-1,''",
        "'',-1,''"
    })
    void whatIsTooLongIsCut(String text, int cells, String cut) {
        assertThat(Cells.cut(text, cells)).isEqualTo(cut);
    }

    @Test
    void whateverComesFitsExactly() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
            }
            int cells = random.nextInt(15);
            String printable = Cells.printable(text.toString());

            assertThat(printable.chars().noneMatch(Character::isISOControl))
                    .as("seed %d", seed)
                    .isTrue();
            assertThat(Cells.width(Cells.left(printable, cells)))
                    .as("seed %d", seed)
                    .isEqualTo(cells);
            assertThat(Cells.width(Cells.right(printable, cells)))
                    .as("seed %d", seed)
                    .isEqualTo(cells);
        }
    }
}
