package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.each.functions.Obeys;
import dev.myrmidon.engine.each.functions.Silent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FunctionRunnerTest {
    private final Scratch scratch = new Scratch();

    @AfterEach
    void close() throws IOException {
        scratch.close();
    }

    @Test
    void printsWhatItReturnsOnALine() throws IOException, InterruptedException {
        assertThat(text(run("hello", null).output())).isEqualTo("hello\n");
        assertThat(text(run("hello\n", null).output())).isEqualTo("hello\n");
        assertThat(run("hello", null).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void saysNothingOfNothing() throws IOException, InterruptedException {
        assertThat(new FunctionRunner(new Silent(), scratch, null).run(item("x")))
                .isSameAs(Result.COMPLETED);
        assertThat(run("", null)).isSameAs(Result.COMPLETED);
    }

    @Test
    void failsWithWhatItThrows() throws IOException, InterruptedException {
        assertThat(run("throw", null).error()).isEqualTo("java.io.IOException: as told");
        assertThat(run("overflow", null).error()).isEqualTo("java.lang.StackOverflowError");
        assertThat(run("overflow", null).status()).isEqualTo(Status.FAILED);
    }

    @Test
    void isInterruptedAtItsTimeout() throws IOException, InterruptedException {
        Result result = run("sleep 60000", Duration.ofMillis(20));

        assertThat(result.status()).isEqualTo(Status.TIMED_OUT);
        assertThat(result.error()).isEqualTo("timed out after 20ms");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(run("sleep 1", Duration.ofHours(1)).status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void passesOnInterruptsOfOthers() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> run("sleep 60000", Duration.ofHours(1)));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void keepsLongOutputsInAFile() throws IOException, InterruptedException {
        Payload output = run("long 1000000", null).output();

        assertThat(output).isInstanceOf(Payload.OnDisk.class);
        assertThat(text(output)).hasSize(1_000_001).endsWith("x\n");
    }

    private Result run(String text, Duration timeout) throws IOException, InterruptedException {
        return new FunctionRunner(new Obeys(), scratch, timeout).run(item(text));
    }

    private static Item item(String text) {
        return new Item(0, 1, text.getBytes(StandardCharsets.UTF_8), null);
    }

    private static String text(Payload payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        payload.writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
