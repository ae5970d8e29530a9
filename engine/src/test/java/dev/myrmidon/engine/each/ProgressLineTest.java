package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    @Test
    void showsTheCountersAndGoesAway() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(new ByteArrayOutputStream(), err, false);
        Tally tally = new Tally();
        for (int i = 0; i < 10; i++) {
            tally.submit();
        }
        tally.end(Status.COMPLETED);
        tally.end(Status.FAILED);

        try (ProgressLine _ = new ProgressLine(streams, new ProgressLine.Source(tally, () -> 7, () -> 50, 100))) {
            await().untilAsserted(() ->
                    assertThat(err.toString(StandardCharsets.UTF_8)).contains(" 2/20 ", "failed 1, running 7"));
        }

        assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("\r\u001b[K");
    }

    @Test
    void countsWhatEarlierRunsDid() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams = new Streams(new ByteArrayOutputStream(), err, false);
        Tally tally = new Tally();
        for (int i = 0; i < 5; i++) {
            tally.skip();
            tally.submit();
        }
        tally.end(Status.COMPLETED);

        try (ProgressLine _ = new ProgressLine(streams, new ProgressLine.Source(tally, () -> 4, () -> 50, 100))) {
            await().untilAsserted(() ->
                    assertThat(err.toString(StandardCharsets.UTF_8)).contains(" 6/20 ", "failed 0, running 4"));
        }
    }

    @Test
    void expectsItemsLikeTheOnesBefore() {
        assertThat(source(50, 100).expectedItems(10)).isEqualTo(20);
        assertThat(source(100, 100).expectedItems(10)).isEqualTo(10);
        assertThat(source(10, 0).expectedItems(10)).as("a pipe").isEqualTo(-1);
        assertThat(source(0, 100).expectedItems(0)).as("nothing yet").isEqualTo(-1);
    }

    private static ProgressLine.Source source(long cut, long total) {
        return new ProgressLine.Source(new Tally(), () -> 0, () -> cut, total);
    }
}
