package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLinesTest {
    @Test
    void givesTextAsItIs() {
        assertThat(CommandLines.of(List.of(bytes("echo"), bytes("é $x")), StandardCharsets.UTF_8))
                .containsExactly("echo", "é $x");
    }

    @Test
    void carriesBytesThatAreNoText() throws IOException, InterruptedException {
        byte[] all = new byte[255];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i + 1);
        }

        assertThat(printed(all, StandardCharsets.UTF_8)).isEqualTo(all);
    }

    @Test
    void carriesWhatTheLocaleCannotSay() throws IOException, InterruptedException {
        byte[] text = bytes("%s é 'x' \"$(id)\" \\0101 `id`\n\n");

        assertThat(printed(text, StandardCharsets.US_ASCII)).isEqualTo(text);
    }

    @Test
    void keepsEmptyArguments() {
        assertThat(CommandLines.of(List.of(bytes("a"), bytes("")), StandardCharsets.UTF_8))
                .containsExactly("a", "");
    }

    private static byte[] printed(byte[] argument, Charset charset) throws IOException, InterruptedException {
        List<String> words = CommandLines.of(List.of(bytes("printf"), bytes("%s"), argument), charset);
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] printed = process.getInputStream().readAllBytes();
        assertThat(process.waitFor()).isZero();
        return printed;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
