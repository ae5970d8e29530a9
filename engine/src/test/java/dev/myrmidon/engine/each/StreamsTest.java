package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Both streams on one terminal.
class StreamsTest {
    private static final String WIPE = "\r\u001b[K";

    private final ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    private final Streams streams = new Streams(terminal, terminal, true);

    @Test
    void wipesTheProgressBeforeOutput() throws IOException {
        streams.progress("50 %");
        out("one\n");
        streams.progress("60 %");
        streams.say("two");

        assertThat(shown()).isEqualTo(WIPE + "50 %" + WIPE + "one\n" + WIPE + "60 %" + WIPE + "two\n");
    }

    @Test
    void drawsTheProgressBelowALineWithoutEnd() throws IOException {
        out("one");
        streams.progress("50 %");
        streams.progress("60 %");
        out("two\n");
        streams.progress("70 %");
        streams.wipe();
        streams.wipe();

        assertThat(shown()).isEqualTo("one\n" + WIPE + "50 %" + WIPE + "60 %" + WIPE + "two\n" + WIPE + "70 %" + WIPE);
    }

    @Test
    void leavesOutputAloneThatGoesElsewhere() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        Streams apart = new Streams(file, terminal, false);
        apart.out(new Payload.InMemory(new byte[] {'x'}));
        apart.flush();
        apart.progress("50 %");

        assertThat(file.toString(StandardCharsets.UTF_8)).isEqualTo("x");
        assertThat(shown()).isEqualTo(WIPE + "50 %");
    }

    private void out(String text) throws IOException {
        streams.out(new Payload.InMemory(text.getBytes(StandardCharsets.UTF_8)));
        streams.flush();
    }

    private String shown() {
        return terminal.toString(StandardCharsets.UTF_8);
    }
}
