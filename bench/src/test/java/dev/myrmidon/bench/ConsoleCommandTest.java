package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConsoleCommandTest {
    private final StringWriter out = new StringWriter();

    private int execute(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true))
                .execute(arguments);
    }

    /// So short that the figures mean nothing: that it runs, and that nobody who reads is dropped.
    @Test
    void itMeasuresWithAndWithoutClients() {
        assertThat(execute(
                        "console",
                        "--pools",
                        "3",
                        "--clients",
                        "2",
                        "--deaf",
                        "1",
                        "--rounds",
                        "2",
                        "--seconds",
                        "1",
                        "--interval",
                        "20",
                        "--rate",
                        "500",
                        "--soak",
                        "1"))
                .as(out.toString())
                .isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines)
                .anySatisfy(line -> assertThat(line)
                        .matches("ratio (\\d+\\.\\d+|Infinity) \\(.*\\), by CPU (\\d+\\.\\d+|Infinity) \\(.*\\)"));
        assertThat(lines).anySatisfy(line -> assertThat(line).matches(" +1 s +\\d+/s  heap after GC +[0-9.]+ MB"));
        assertThat(lines.getLast())
                .matches("2 of 2 clients still read, after [1-9]\\d* events; . of 1 that don't read were dropped");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(execute("console", "--pools", "0")).isEqualTo(2);
        assertThat(out.toString()).contains("--pools, --micros, --rounds and --seconds must be at least 1");
    }
}
