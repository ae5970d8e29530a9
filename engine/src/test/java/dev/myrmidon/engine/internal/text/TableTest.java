package dev.myrmidon.engine.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columnsAreAligned() {
        assertThat(new Table("POOL", ">RUNNING", "NAME")
                        .row("images", "3", "a")
                        .row("日本", "12345678", "")
                        .lines(80))
                .containsExactly("POOL     RUNNING  NAME", "images         3  a", "日本    12345678");
    }

    @Test
    void theFirstColumnGivesWay() {
        assertThat(new Table("POOL", ">RUNNING")
                        .row("thumbnails-of-large-pictures", "3")
                        .lines(21))
                .containsExactly("POOL          RUNNING", "thumbnails-…        3");
    }

    @Test
    void noLineIsTooLong() {
        assertThat(new Table("POOL", "NAME").row("p", "x".repeat(100)).lines(20))
                .allMatch(line -> Cells.width(line) <= 20);
    }

    @Test
    void namesCannotSteerTheTerminal() {
        assertThat(new Table("POOL").row("\u001b[2J\n").lines(80)).containsExactly("POOL", "\ufffd[2J\ufffd");
    }
}
