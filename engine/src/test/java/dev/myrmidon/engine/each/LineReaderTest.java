package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineReaderTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\nb\n", "a\nb", "a\r\nb\r\n", "\n\na\n\r\n\nb\n\n", "\uFEFFa\nb"})
    void cutsLines(String input) throws IOException {
        assertThat(texts(read(input))).containsExactly("a", "b");
    }

    @Test
    void knowsWhereLinesAre() throws IOException {
        List<Item> items = read("\na\n\n\nb\n");

        assertThat(items).extracting(Item::line).containsExactly(2L, 5L);
        assertThat(items).extracting(Item::sequence).containsExactly(0L, 1L);
    }

    @Test
    void leavesAllElseAsItIs() throws IOException {
        assertThat(texts(read(" a b \n\ta\rb\n'\"$x\n"))).containsExactly(" a b ", "\ta\rb", "'\"$x");
        byte[] odd = {'a', (byte) 0xE9, 0, (byte) 0xFF, 'b'};

        assertThat(all(new ByteArrayInputStream(odd)).getFirst().bytes()).isEqualTo(odd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\n\n\r\n", "\uFEFF"})
    void findsNothingInNothing(String input) throws IOException {
        assertThat(read(input)).isEmpty();
    }

    @Test
    void cutsLinesThatCrossBuffers() throws IOException {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            lines.add("x".repeat(i * 37) + i);
        }

        assertThat(texts(read(String.join("\n", lines)))).isEqualTo(lines);
        assertThat(texts(all(new Trickle(String.join("\r\n", lines))))).isEqualTo(lines);
    }

    @Test
    void refusesALineThatIsTooLongAndGoesOn() throws IOException {
        String longest = "x".repeat(LineReader.MAX_LINE_BYTES);
        List<Item> items = read(longest + "\n" + longest + "y\nnext");

        assertThat(items).hasSize(3);
        assertThat(items.get(0).bytes()).hasSize(LineReader.MAX_LINE_BYTES);
        assertThat(items.get(0).problem()).isNull();
        assertThat(items.get(1).problem()).isEqualTo("the line is 1048577 bytes long, the most is 1048576");
        assertThat(items.get(1).bytes()).hasSizeLessThan(1000);
        assertThat(items.get(2).text()).isEqualTo("next");
    }

    @Test
    void countsTheBytesOfTheLinesItCut() throws IOException {
        LineReader reader = new LineReader(new ByteArrayInputStream("ab\ncdef\n".getBytes(StandardCharsets.UTF_8)));

        reader.next();
        assertThat(reader.bytesCut()).isEqualTo(3);
        reader.next();
        assertThat(reader.bytesCut()).isEqualTo(8);
    }

    private static List<Item> read(String input) throws IOException {
        return all(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Item> all(InputStream in) throws IOException {
        LineReader reader = new LineReader(in);
        List<Item> items = new ArrayList<>();
        for (Item item = reader.next(); item != null; item = reader.next()) {
            items.add(item);
        }
        return items;
    }

    private static List<String> texts(List<Item> items) {
        return items.stream().map(Item::text).toList();
    }

    /// Gives a few bytes at a time, as a pipe may.
    private static final class Trickle extends ByteArrayInputStream {
        private Trickle(String text) {
            super(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, 13));
        }
    }
}
