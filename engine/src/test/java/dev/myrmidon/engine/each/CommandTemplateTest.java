package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandTemplateTest {
    @Test
    void putsTheItemWhereItsPlaceIs() {
        assertThat(fill("a b", "echo", "{}")).containsExactly("echo", "a b");
        assertThat(fill("x", "cp", "{}", "to/{}.{}", "{", "}")).containsExactly("cp", "x", "to/x.x", "{", "}");
        assertThat(fill("x", "{}/run", "now")).containsExactly("x/run", "now");
        assertThat(fill("x", "{{}}")).containsExactly("{x}");
    }

    @Test
    void appendsTheItemWhereNoPlaceIs() {
        assertThat(fill("a b", "wc", "-c")).containsExactly("wc", "-c", "a b");
    }

    @Test
    void looksAtTheItemNoFurther() {
        assertThat(fill("{} $(id) \"", "echo", "<{}>")).containsExactly("echo", "<{} $(id) \">");
    }

    @Test
    void keepsBytes() {
        byte[] item = {(byte) 0xE9, 'x', (byte) 0xFF};
        CommandTemplate template = new CommandTemplate(List.of("é{}"), StandardCharsets.UTF_8);

        assertThat(template.fill(item).getFirst()).containsExactly(0xC3, 0xA9, 0xE9, 'x', 0xFF);
    }

    @Test
    void knowsWhetherTheProgramVaries() {
        assertThat(new CommandTemplate(List.of("./{}"), StandardCharsets.UTF_8).programVaries())
                .isTrue();
        assertThat(new CommandTemplate(List.of("echo", "{}"), StandardCharsets.UTF_8).programVaries())
                .isFalse();
    }

    @Test
    void needsAProgram() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CommandTemplate(List.of(), StandardCharsets.UTF_8))
                .withMessage("command must have at least 1 word, had 0");
    }

    private static List<String> fill(String item, String... command) {
        return new CommandTemplate(List.of(command), StandardCharsets.UTF_8)
                .fill(item.getBytes(StandardCharsets.UTF_8)).stream()
                        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                        .toList();
    }
}
