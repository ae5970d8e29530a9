package dev.myrmidon.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.CloseReport;
import dev.myrmidon.TaskReport;
import dev.myrmidon.engine.internal.config.ConfigFile;
import dev.myrmidon.manage.RegistryReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void theVersionComesFromTheBuild() {
        assertThat(execute("--version")).isZero();
        assertThat(out.toString()).matches("myrmidon \\d+\\.\\d+\\.\\d+\\R");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "run",
                "check",
                "each",
                "top",
                "pools",
                "tasks",
                "resize",
                "pause",
                "resume",
                "cancel",
                "alarms",
                "generate-completion"
            })
    void everyCommandHasHelp(String command) {
        assertThat(command.isEmpty() ? execute("--help") : execute(command, "--help"))
                .isZero();
        assertThat(out.toString()).startsWith("Usage: myrmidon");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "run", "check", "each", "top", "pools", "tasks", "resize", "pause", "resume", "cancel", "alarms"
            })
    void helpHasExamples(String command) {
        assertThat(command.isEmpty() ? execute("--help") : execute(command, "--help"))
                .isZero();
        assertThat(out.toString()).containsPattern("(?s)Examples:\\R  .*myrmidon " + command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | myrmidon: missing required subcommand | myrmidon",
                "chek config.yaml | myrmidon: unknown argument 'chek', did you mean 'check'? | myrmidon",
                "--versoin | myrmidon: unknown option '--versoin', did you mean '--version'? | myrmidon",
                "check | myrmidon check: missing required parameter: 'FILE' | myrmidon check",
                "check --halp | myrmidon check: unknown option '--halp', did you mean '--help'? | myrmidon check",
                "check a b | myrmidon check: unknown argument 'b' | myrmidon check",
                "run a b | myrmidon run: unknown argument 'b' | myrmidon run",
                "run -q | myrmidon run: unknown option '-q' | myrmidon run",
            })
    void aWrongCommandLineGetsOneLineAndAHint(String line, String message, String command) {
        assertThat(execute(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).containsExactly(message, "Try '" + command + " --help' for more.");
    }

    @Test
    void anUnexpectedFailureGetsOneLine() {
        CommandLine line = commandLine()
                .addSubcommand("fail", CommandLine.Model.CommandSpec.wrapWithoutInspection((Runnable) () -> {
                    throw new IllegalStateException("first line\nsecond line");
                }));
        line.setErr(new PrintWriter(err, true)).setExecutionExceptionHandler(line.getExecutionExceptionHandler());

        assertThat(line.execute("fail")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "myrmidon fail: unexpected failure: IllegalStateException: first line (set MYRMIDON_DEBUG=1 to see where)");
    }

    @Test
    void atSignsAreNotFilesOfArguments() throws IOException {
        Path arguments = Files.writeString(folder.resolve("arguments"), "--help");

        assertThat(execute("check", "@" + arguments)).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly("@" + arguments + ": no such file");
    }

    @Test
    void completionIsABashScript() {
        assertThat(execute("generate-completion")).isZero();
        assertThat(out.toString())
                .startsWith("#!/usr/bin/env bash")
                .contains("check")
                .contains("run")
                .contains("--token-file")
                .contains("timed_out");
    }

    @Test
    void checkPrintsWhatIsInEffect() throws IOException {
        Path file = config("pool: { size: 7 }\npools: { a: { size: -1 } }\n");

        assertThat(execute("check", file.toString())).isZero();

        assertThat(out.toString()).isEqualTo("""
                # ok: this is in effect
                pool:
                  size: 7
                  expiry_duration: "10s"
                  pre_alloc: true
                  max_blocking_tasks: 10000
                  nonblocking: false
                  queue: { capacity: 0, order: fifo }
                  task_timeout: "0s"
                  start_within: "0s"
                  isolated: false
                  timed: false
                pools:
                  "a":
                    size: -1
                    expiry_duration: "10s"
                    pre_alloc: false
                    max_blocking_tasks: 10000
                    nonblocking: false
                    queue: { capacity: 0, order: fifo }
                    task_timeout: "0s"
                    start_within: "0s"
                    isolated: false
                    timed: false
                monitor: { interval: "5s", window: "1m", history: "15m" }
                alarms:
                  least_tasks: 20
                  growth_window: "1h"
                shutdown: { grace: "30s" }
                """);
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2:21: warning: pools.a.size: -1 is unbounded: nothing limits how many tasks run at"
                                + " once, or their memory");
        assertThat(ConfigFile.read(config(out.toString())).config())
                .as("what was printed passes check and means the same")
                .isEqualTo(ConfigFile.read(config("pool: { size: 7 }\npools: { a: { size: -1 } }"))
                        .config());
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run"})
    void mistakesAreLinesOnStderrAndNothingStarts(String command) throws IOException {
        Path file = config("pool:\n  siez: 5\n  size: 0\n");

        assertThat(execute(command, file.toString())).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        file + ":2:3: pool.siez: unknown key, did you mean \"size\"?",
                        file + ":3:9: pool.size: 0 is out of range: must be 1 to 2147483647, or -1 for unbounded");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run"})
    void aMissingFileIsOneLine(String command) {
        Path file = folder.resolve("missing.yaml");

        assertThat(execute(command, file.toString())).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly(file + ": no such file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "run"})
    void filesOfTheServerThatAreMissingAreOneLine(String command) throws IOException {
        Path token = folder.resolve("no-token");
        Path file = config("management: { port: 0, token_file: \"" + token + "\" }");
        assertThat(execute(command, file.toString())).isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(file + ": management.token_file: " + token + ": no such file");

        err.getBuffer().setLength(0);
        Files.writeString(token, "a-token-of-the-tests");
        file = config("management: { port: 0, token_file: \"" + token + "\", tls: { certificate: \"" + token
                + "\", key: k } }");
        assertThat(execute(command, file.toString())).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(file + ": management.tls.certificate: " + token
                        + ": is no PEM file with a whole block -----BEGIN CERTIFICATE-----");
    }

    @Test
    void runSaysWhatItDrained() {
        CloseReport idle = new CloseReport("default", Duration.ofMillis(1), 0, 0, 0, List.of(), List.of(), List.of());
        CloseReport busy = new CloseReport(
                "a",
                Duration.ofMillis(1234),
                3,
                1,
                2,
                IntStream.rangeClosed(1, 6)
                        .mapToObj(i -> new TaskReport("a/" + i, Duration.ofMillis(i), List.of()))
                        .toList(),
                List.of(
                        new TaskReport("a/Slow", Duration.ofSeconds(2), List.of()),
                        new TaskReport("a/Stubborn", Duration.ofSeconds(3), List.of())),
                List.of(new TaskReport(
                        "a/Stubborn",
                        Duration.ofSeconds(4),
                        List.of(
                                new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", 509),
                                new StackTraceElement("shop.Stubborn", "run", "Stubborn.java", 12)))));
        PrintWriter to = new PrintWriter(err, true);

        assertThat(RunCommand.ended(
                        new RegistryReport(Duration.ofMillis(1), List.of(idle)), Duration.ofSeconds(30), to))
                .isZero();
        assertThat(RunCommand.ended(
                        new RegistryReport(Duration.ofMillis(1), List.of(idle, busy)), Duration.ofSeconds(30), to))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly(
                        "drained default in 0.001s: completed=0 failed=0 cancelled=0 dropped=0 interrupted=0"
                                + " still_running=0",
                        "drained default in 0.001s: completed=0 failed=0 cancelled=0 dropped=0 interrupted=0"
                                + " still_running=0",
                        "drained a in 1.234s: completed=3 failed=1 cancelled=2 dropped=6"
                                + " (a/1 1ms, a/2 2ms, a/3 3ms, a/4 4ms, a/5 5ms, ...)"
                                + " interrupted=2 (a/Slow 2000ms, a/Stubborn 3000ms)"
                                + " still_running=1 (a/Stubborn 4000ms at shop.Stubborn.run(Stubborn.java:12))",
                        "myrmidon run: some tasks had not ended when the grace of 30s was over or cut short");
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("config.yaml"), yaml);
    }

    private int execute(String... args) {
        return commandLine().execute(args);
    }

    private CommandLine commandLine() {
        return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    }
}
