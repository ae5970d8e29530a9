package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.each.functions.Obeys;
import dev.myrmidon.engine.each.functions.Silent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
        assertThat(text(run("hello").output())).isEqualTo("hello\n");
        assertThat(text(run("hello\n").output())).isEqualTo("hello\n");
        assertThat(run("hello").status()).isEqualTo(Status.COMPLETED);
    }

    @Test
    void saysNothingOfNothing() throws IOException, InterruptedException {
        assertThat(new FunctionRunner(new Silent(), scratch).run(item("x"))).isSameAs(Result.COMPLETED);
        assertThat(run("")).isSameAs(Result.COMPLETED);
    }

    @Test
    void failsWithWhatItThrows() throws IOException, InterruptedException {
        assertThat(run("throw").error()).isEqualTo("java.io.IOException: as told");
        assertThat(run("overflow").error()).isEqualTo("java.lang.StackOverflowError");
        assertThat(run("overflow").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void passesOnInterrupts() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> run("sleep 60000"));
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void keepsLongOutputsInAFile() throws IOException, InterruptedException {
        Payload output = run("long 1000000").output();

        assertThat(output).isInstanceOf(Payload.OnDisk.class);
        assertThat(text(output)).hasSize(1_000_001).endsWith("x\n");
    }

    private Result run(String text) throws IOException, InterruptedException {
        return new FunctionRunner(new Obeys(), scratch).run(item(text));
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
