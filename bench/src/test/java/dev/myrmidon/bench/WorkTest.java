package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTest {
    @Test
    void reads_kind_and_time() {
        assertThat(Work.parse("noop")).isEqualTo(new Work(Work.Kind.NOOP, 0));
        assertThat(Work.parse("spin:1us")).isEqualTo(new Work(Work.Kind.SPIN, 1_000));
        assertThat(Work.parse("sleep:10ms")).isEqualTo(new Work(Work.Kind.SLEEP, 10_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"noop", "spin:250ns", "spin:1us", "sleep:10ms", "sleep:1500us", "sleep:2s"})
    void is_written_as_it_is_read(String text) {
        assertThat(Work.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "spin", "spin:", "spin:1", "spin:1h", "nap:1ms", "sleep:-1ms", "noop:1us", "sleep:0ms"})
    void refuses_anything_else_and_shows_it(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Work.parse(text))
                .withMessageContaining("\"" + text + "\"");
    }
}
