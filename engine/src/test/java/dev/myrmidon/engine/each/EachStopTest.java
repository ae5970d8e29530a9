package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.myrmidon.engine.cli.Main;
import dev.myrmidon.engine.each.EachProcess.Ended;
import dev.myrmidon.engine.each.functions.Obeys;
import dev.myrmidon.engine.internal.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How `myrmidon each` ends before its input does.
@Timeout(240)
class EachStopTest {
    private static final List<String> ITEMS =
            IntStream.rangeClosed(1, 1000).mapToObj(String::valueOf).toList();

    /// Tells that it runs, and ends when a file is there.
    private static final String UNTIL_TOLD = "echo {} >> started; until [ -e end ]; do sleep 0.05; done; echo done {}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    void aSignalLetsWhatRunsEnd(String signal, int exit) throws IOException, InterruptedException {
        try (EachProcess each = start("--capacity", "3", "--", "sh", "-c", inFolder(UNTIL_TOLD))) {
            each.awaitLines("started", 3);
            each.awaitIntakeIn("submit");
            each.signal(signal);
            each.awaitLines("err", 1);
            Files.createFile(folder.resolve("end"));

            Ended ended = each.ended();
            assertThat(ended.lines()).hasSize(3).allMatch(line -> line.startsWith("done "));
            assertThat(ended.err().getFirst())
                    .isEqualTo("myrmidon each: stopping; 3 running may take 600s more, another Ctrl-C ends them now");
            // The fourth was read, and waited for room.
            assertThat(ended.counts()).isEqualTo("submitted=4 completed=3 failed=0 cancelled=0 rejected=1");
            assertThat(ended.exit()).isEqualTo(exit);
        }
    }

    @Test
    void whatRunsLongerIsCancelled() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Path in = Files.write(folder.resolve("in"), ITEMS);
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(in.toFile()),
                List.of("-Dmyrmidon.each.lastPatience=600"),
                "--capacity",
                "3",
                "--out",
                record.toString(),
                "--",
                "sh",
                "-c",
                inFolder("echo $$ >> started; sleep 1000 #{}"))) {
            each.awaitLines("started", 3);
            each.awaitIntakeIn("submit");
            long start = System.nanoTime();
            each.signal("INT");
            Ended ended = each.ended();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Stop.PATIENCE);
            assertThat(ended.err().getFirst())
                    .isEqualTo("myrmidon each: stopping; 3 running may take 5s more, another Ctrl-C ends them now");
            assertThat(ended.counts()).isEqualTo("submitted=4 completed=0 failed=0 cancelled=3 rejected=1");
            assertThat(ended.exit()).isEqualTo(130);
            assertThat(Files.readAllLines(record)).hasSize(3).allMatch(line -> line.contains("\"cancelled\""));
            assertNothingLeft(3);
        }
    }

    @Test
    void aSecondSignalCancelsAtOnce() throws IOException, InterruptedException {
        try (EachProcess each =
                start("--capacity", "3", "--", "sh", "-c", inFolder("echo $$ >> started; sleep 1000 #{}"))) {
            each.awaitLines("started", 3);
            each.awaitIntakeIn("submit");
            each.signal("INT");
            each.awaitLines("err", 1);
            each.signal("INT");
            Ended ended = each.ended();

            assertThat(ended.counts()).isEqualTo("submitted=4 completed=0 failed=0 cancelled=3 rejected=1");
            assertThat(ended.exit()).isEqualTo(130);
            assertNothingLeft(3);
        }
    }

    @Test
    void failFastStopsAtTheFirstFailureAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        String script = "echo $$ >> started; [ {} = 3 ] && { until [ -e fail ]; do sleep 0.05; done;"
                + " echo bad >&2; exit 7; }; sleep 1000";
        try (EachProcess each = start(
                "--capacity", "3", "--fail-fast", "--out", record.toString(), "--", "sh", "-c", inFolder(script))) {
            each.awaitLines("started", 3);
            each.awaitIntakeIn("submit");
            Files.createFile(folder.resolve("fail"));
            Ended ended = each.ended();

            assertThat(ended.err()).hasSize(3).contains("bad", "myrmidon each: stopping, since line 3 (3) failed");
            // The fourth was read, and waited for room.
            assertThat(ended.counts()).isEqualTo("submitted=4 completed=0 failed=1 cancelled=2 rejected=1");
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(Files.readAllLines(record))
                    .hasSize(3)
                    .filteredOn(line -> line.contains("\"failed\""))
                    .singleElement()
                    .asString()
                    .contains("\"exit\":7");
            assertNothingLeft(3);
        }
    }

    @Test
    void failFastCountsWhatWasQueued() throws IOException, InterruptedException {
        Path gate = folder.resolve("gate");
        Path record = folder.resolve("record");
        List<String> items = new ArrayList<>(Collections.nCopies(5000, "hello"));
        items.set(1, "throw " + gate);
        try (EachProcess each = EachProcess.start(
                folder,
                items,
                "--capacity",
                "1",
                "--fail-fast",
                "--keep-order",
                "--out",
                record.toString(),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                "target/test-classes")) {
            each.awaitLines("out", 1);
            each.awaitIntakeIn("submit");
            Files.createFile(gate);
            Ended ended = each.ended();

            assertThat(ended.out()).isEqualTo("hello\n");
            assertThat(ended.err()).anyMatch(line -> line.startsWith("myrmidon each: stopping, since line 2 (throw /"));
            Matcher counts = Pattern.compile("submitted=(\\d+) completed=1 failed=1 cancelled=(\\d+) rejected=1")
                    .matcher(ended.counts());
            assertThat(counts.matches()).as(ended.counts()).isTrue();
            int accepted = Integer.parseInt(counts.group(1)) - 1;
            assertThat(Integer.parseInt(counts.group(2))).isPositive().isEqualTo(accepted - 2);
            assertThat(Files.readAllLines(record))
                    .hasSize(accepted)
                    .filteredOn(line -> line.contains("\"cancelled\""))
                    .hasSize(accepted - 2);
            assertThat(ended.exit()).isEqualTo(1);
        }
    }

    @Test
    void failFastIsQuietIfNothingFails() throws IOException, InterruptedException {
        Ended ended = EachProcess.run(folder, ITEMS.subList(0, 20), "--fail-fast", "--", "echo");

        assertThat(ended.err()).hasSize(1);
        assertThat(ended.counts()).isEqualTo("submitted=20 completed=20 failed=0 cancelled=0 rejected=0");
        assertThat(ended.exit()).isZero();
    }

    @Test
    void aFunctionThatIgnoresTheInterruptIsGivenUp() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Path in =
                Files.writeString(folder.resolve("in"), "sleep 100000\ndeaf " + folder.resolve("never") + "\nhello\n");
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(in.toFile()),
                List.of(),
                "--out",
                record.toString(),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                "target/test-classes")) {
            each.awaitLines("out", 1);
            each.signal("INT");
            each.awaitLines("err", 1);
            each.signal("INT");
            Ended ended = each.ended();

            assertThat(ended.counts()).isEqualTo("submitted=3 completed=1 failed=0 cancelled=2 rejected=0");
            assertThat(Files.readAllLines(record)).hasSize(3);
            assertThat(ended.exit()).isEqualTo(130);
        }
    }

    @Test
    void aReadThatBlocksDoesNotKeepItFromEnding() throws IOException, InterruptedException {
        try (EachProcess each =
                EachProcess.start(folder, ProcessBuilder.Redirect.PIPE, List.of(), "--", "echo", "{}")) {
            each.process().outputWriter().append("x\n").flush();
            each.awaitLines("out", 1);
            each.signal("INT");

            assertThat(each.ended().counts()).isEqualTo("submitted=1 completed=1 failed=0 cancelled=0 rejected=0");
            assertThat(each.process().exitValue()).isEqualTo(130);
        }
    }

    @Test
    void linesRunAsTheyCome() throws IOException, InterruptedException {
        try (EachProcess each =
                EachProcess.start(folder, ProcessBuilder.Redirect.PIPE, List.of(), "--", "echo", "{}")) {
            for (int i = 1; i <= 3; i++) {
                each.process().outputWriter().append(i + "\n").flush();
                each.awaitLines("out", i);
            }
            each.process().outputWriter().close();

            assertThat(each.ended().out()).isEqualTo("1\n2\n3\n");
        }
    }

    /// As in `seq 1000 | myrmidon each … | head -1`.
    @Test
    void aReaderThatHasSeenEnoughEndsItQuietly() throws IOException, InterruptedException {
        // Far more than fits between it and its reader.
        Files.write(folder.resolve("in"), Collections.nCopies(20_000, "x".repeat(100)));
        List<String> command = ChildJvm.command(Main.class.getName(), "each", "--capacity", "2", "--", "echo", "{}");
        Process each = new ProcessBuilder(command)
                .redirectInput(folder.resolve("in").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try (InputStream out = each.getInputStream()) {
            assertThat(out.read()).isPositive();
        }

        assertThat(each.waitFor()).isEqualTo(141);
        assertThat(Files.readAllLines(folder.resolve("err")))
                .singleElement()
                .asString()
                .startsWith("submitted=")
                .doesNotContain("submitted=20000 ");
    }

    /// Under `script`, which gives it a terminal and types a Ctrl-C: the whole foreground group gets the signal.
    @Test
    void aCtrlCOnATerminalSparesTheCommands() throws IOException, InterruptedException {
        assumeTrue(ProgramPath.has("script") && ProgramPath.has("setsid"));
        Files.write(folder.resolve("in"), ITEMS);
        String work = "trap 'echo INT >> signals' INT; " + UNTIL_TOLD;
        List<String> options = new ArrayList<>(EachProcess.PATIENT);
        options.addAll(List.of(
                Main.class.getName(),
                "each",
                "--in",
                folder.resolve("in").toString(),
                "--capacity",
                "3",
                "--",
                "sh",
                "-c",
                inFolder(work)));
        List<String> command = ChildJvm.command(options.toArray(String[]::new));
        Path launcher = folder.resolve("launcher");
        Files.writeString(
                launcher,
                "exec "
                        + String.join(
                                " ",
                                command.stream()
                                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                                        .toList()));
        Process terminal = new ProcessBuilder(
                        "script",
                        "-qec",
                        "sh " + launcher,
                        folder.resolve("typescript").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("shown").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(folder.resolve("started"))
                            && Files.readAllLines(folder.resolve("started")).size() == 3);
            EachProcess.awaitIntakeIn("submit", jvm(terminal));
            terminal.outputWriter().append((char) 3).flush();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(folder.resolve("shown")).contains("stopping; 3 running"));
            Files.createFile(folder.resolve("end"));

            assertThat(terminal.waitFor()).isEqualTo(130);
            assertThat(folder.resolve("signals")).doesNotExist();
            assertThat(Files.readString(folder.resolve("shown")))
                    .contains("done 1", "done 2", "done 3", "submitted=4 completed=3 failed=0 cancelled=0 rejected=1");
        } finally {
            terminal.destroyForcibly();
        }
    }

    /// Commands under it are shells.
    private static ProcessHandle jvm(Process terminal) {
        return terminal.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElseThrow();
    }

    private EachProcess start(String... arguments) throws IOException {
        return EachProcess.start(folder, ITEMS, arguments);
    }

    private String inFolder(String script) {
        return "cd " + folder + "; " + script;
    }

    private void assertNothingLeft(int processes) throws IOException {
        ProcessTable table = ProcessTable.look();
        assertThat(Files.readAllLines(folder.resolve("started")))
                .hasSize(processes)
                .noneMatch(pid -> table.has(Long.parseLong(pid)));
    }
}
