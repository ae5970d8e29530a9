package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.engine.cli.Main;
import dev.myrmidon.engine.each.EachProcess.Ended;
import dev.myrmidon.engine.each.functions.Logs;
import dev.myrmidon.engine.each.functions.Obeys;
import dev.myrmidon.engine.internal.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `myrmidon each --journal`: runs that go on where others were ended.
@Timeout(300)
class EachJournalTest {
    private static final String CLASSES = "target/test-classes";
    private static final Pattern COMPLETED =
            Pattern.compile("\\{\"item\":\"(\\d+)\",\"index\":\\d+,\"status\":\"completed\".*}");

    @TempDir
    private Path folder;

    /// Twenty times at random points. Whatever the journal has at a kill is in the output and is not run again, and
    /// in the end everything was run.
    @Test
    void survivesKills() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> items = numbers(5000);
        Files.write(folder.resolve("in"), items);
        Set<String> printed = new HashSet<>();
        BitSet recorded = new BitSet();
        int again = 0;

        for (int kill = 1; kill <= 20; kill++) {
            String as = "seed " + seed + ", kill " + kill;
            int from = executions().size();
            int until = from + random.nextInt(200);
            try (EachProcess each = startLogs(random, 240)) { // so that it isn't done before it is killed
                // Now and then anywhere in its start, too.
                long millis = kill % 5 == 0 ? random.nextInt(1000) : Long.MAX_VALUE;
                long start = System.nanoTime();
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> executions().size() >= until
                                || !each.process().isAlive()
                                || TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) >= millis);
                each.process().destroyForcibly().waitFor();
            }
            again += assertNoneAgain(as, from, recorded);
            printed.addAll(wholeLines(folder.resolve("out")));
            recorded = recorded();
            Set<String> written = completedIn(folder.resolve("results"));
            for (int line = recorded.nextSetBit(1); line >= 0; line = recorded.nextSetBit(line + 1)) {
                assertThat(printed).as(as).contains(items.get(line - 1));
                assertThat(written).as(as).contains(items.get(line - 1));
            }
        }
        assertThat(recorded.cardinality()).as("seed " + seed).isPositive().isLessThan(items.size());

        // Some fail now and then, so it takes a few more runs.
        for (int exit = 1; exit != 0; ) {
            int from = executions().size();
            try (EachProcess each = startLogs(random, items.size())) {
                exit = each.process().waitFor();
            }
            again += assertNoneAgain("seed " + seed + ", to the end", from, recorded);
            printed.addAll(wholeLines(folder.resolve("out")));
            recorded = recorded();
        }
        assertThat(recorded.cardinality()).as("seed " + seed).isEqualTo(items.size());
        assertThat(new HashSet<>(executions())).containsAll(items);
        assertThat(printed).containsAll(items);
        assertThat(completedIn(folder.resolve("results"))).containsAll(items);
        assertThat(Files.readAllLines(folder.resolve("results"))).allMatch(line -> line.endsWith("}"));
        assertThat(again).as("seed " + seed + ": what was under way at a kill").isLessThan(items.size());

        int before = executions().size();
        try (EachProcess each = startLogs(random, items.size())) {
            assertThat(each.process().waitFor()).isZero();
        }
        assertThat(executions()).hasSize(before);
        assertThat(Files.readAllLines(folder.resolve("err")).getFirst())
                .isEqualTo("myrmidon each: nothing to do, earlier runs did all of it");
    }

    /// @param most after so many items it does no more, and waits to be killed
    private EachProcess startLogs(Random random, int most) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--in",
                folder.resolve("in").toString(),
                "--journal",
                journal().toString(),
                "--out",
                folder.resolve("results").toString(),
                "--capacity",
                String.valueOf(1 + random.nextInt(32)),
                "--function",
                Logs.class.getName(),
                "--classpath",
                CLASSES));
        if (random.nextInt(3) == 0) {
            arguments.add("--keep-order");
        }
        return EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()),
                List.of("-Dlog=" + folder.resolve("log"), "-Dflaky=true", "-Dmost=" + most),
                arguments.toArray(String[]::new));
    }

    /// What was run from there on has nothing in it that was recorded before.
    ///
    /// @return how many had been run before all the same
    private int assertNoneAgain(String as, int from, BitSet recorded) throws IOException {
        List<String> executions = executions();
        assertThat(executions.subList(from, executions.size()))
                .as(as)
                .noneMatch(item -> recorded.get(Integer.parseInt(item)));
        Set<String> before = new HashSet<>(executions.subList(0, from));
        return (int) executions.subList(from, executions.size()).stream()
                .filter(before::contains)
                .count();
    }

    private List<String> executions() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /// The lines that the journal has as done, read without any of its code.
    private BitSet recorded() throws IOException {
        BitSet lines = new BitSet();
        if (Files.exists(journal())) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(journal()));
            for (int line = 1; 1024 + 4 * line <= bytes.limit(); line++) {
                lines.set(line, bytes.getInt(1020 + 4 * line) != 0);
            }
        }
        return lines;
    }

    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static Set<String> completedIn(Path results) throws IOException {
        Set<String> items = new HashSet<>();
        for (String line : wholeLines(results)) {
            Matcher completed = COMPLETED.matcher(line);
            if (completed.matches()) {
                items.add(completed.group(1));
            }
        }
        return items;
    }

    @Test
    void doesOnlyWhatFailedBefore() throws IOException, InterruptedException {
        Path heal = folder.resolve("heal");
        String script = "[ -e " + heal + " ] && echo ok{} || exit $(({} % 2))";
        Ended first = each(numbers(100), "--out", results(), "--", "sh", "-c", script);
        assertThat(first.counts()).isEqualTo("submitted=100 completed=50 failed=50 cancelled=0 rejected=0");
        assertThat(first.exit()).isEqualTo(1);

        Files.createFile(heal);
        Ended second = each(numbers(100), "--out", results(), "--keep-order", "--", "sh", "-c", script);
        assertThat(second.lines())
                .isEqualTo(
                        IntStream.range(0, 50).mapToObj(i -> "ok" + (2 * i + 1)).toList());
        assertThat(second.counts()).isEqualTo("submitted=50 completed=50 failed=0 cancelled=0 rejected=0 skipped=50");
        assertThat(second.exit()).isZero();
        assertThat(Files.readAllLines(folder.resolve("results")))
                .as("both attempts")
                .hasSize(150)
                .filteredOn(line -> line.startsWith("{\"item\":\"7\","))
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"failed\""),
                        line -> assertThat(line).contains("\"index\":7,\"status\":\"completed\""));

        Ended third = each(numbers(100), "--out", results(), "--", "sh", "-c", script);
        assertThat(third.err())
                .hasSize(2)
                .first()
                .isEqualTo("myrmidon each: nothing to do, earlier runs did all of it");
        assertThat(third.counts()).isEqualTo("submitted=0 completed=0 failed=0 cancelled=0 rejected=0 skipped=100");
        assertThat(third.exit()).isZero();
    }

    @Test
    void triesAgainWhatTimedOut() throws IOException, InterruptedException {
        List<String> items = List.of("0", "100", "0");
        assertThat(each(items, "--timeout", "5s", "--", "sleep").counts())
                .isEqualTo("submitted=3 completed=2 failed=1 cancelled=0 rejected=0");
        assertThat(each(items, "--timeout", "100ms", "--", "sleep").counts())
                .isEqualTo("submitted=1 completed=0 failed=1 cancelled=0 rejected=0 skipped=2");
    }

    @Test
    void doesWhatWasAdded() throws IOException, InterruptedException {
        each(numbers(10), "--", "echo");
        Ended ended = each(List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "", "12"), "--", "echo");

        assertThat(ended.out()).isEqualTo("12\n");
        assertThat(ended.counts()).isEqualTo("submitted=1 completed=1 failed=0 cancelled=0 rejected=0 skipped=10");
    }

    @Test
    void doesEachOfEqualLines() throws IOException, InterruptedException {
        Ended ended = each(List.of("a", "a", "b", "a"), "--", "echo");

        assertThat(ended.lines()).containsExactlyInAnyOrder("a", "a", "b", "a");
        assertThat(each(List.of("a", "a", "b", "a"), "--", "echo").out()).isEmpty();
    }

    @Test
    void stopsAtALineThatHasChanged() throws IOException, InterruptedException {
        each(List.of("1", "2", "x", "4"), "--", "test", "4", "-ge");
        Ended ended = each(List.of("1", "3", "3", "4"), "--", "test", "4", "-ge");

        assertThat(ended.err().getFirst())
                .isEqualTo("myrmidon each: --journal " + journal()
                        + ": the input has changed: line 2 (3) isn't what was line 2 when that was done; go on with the"
                        + " input it was, with lines added at its end at most, or name another journal");
        assertThat(ended.counts()).isEqualTo("submitted=0 completed=0 failed=0 cancelled=0 rejected=0 skipped=1");
        assertThat(ended.exit()).isEqualTo(1);

        // One that was not done may be put right.
        assertThat(each(List.of("1", "2", "3", "4"), "--", "test", "4", "-ge").counts())
                .isEqualTo("submitted=1 completed=1 failed=0 cancelled=0 rejected=0 skipped=3");
    }

    @Test
    void noticesThatTheInputIsShorter() throws IOException, InterruptedException {
        each(numbers(10), "--", "true");
        Ended ended = each(numbers(8), "--", "true");

        assertThat(ended.err().getFirst()).contains("the input has changed: it ends at line 8, and line 10 is done");
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void aSignalLeavesACompleteJournal() throws IOException, InterruptedException {
        Files.write(folder.resolve("in"), numbers(1000));
        Ended first;
        try (EachProcess each = startEach("--capacity", "3", "--", "sh", "-c", untilTold())) {
            each.awaitLines("started", 3);
            each.awaitIntakeIn("submit");
            each.signal("TERM");
            each.awaitLines("err", 1);
            Files.createFile(folder.resolve("end"));
            first = each.ended();
        }
        assertThat(first.exit()).isEqualTo(143);
        assertThat(first.counts()).isEqualTo("submitted=4 completed=3 failed=0 cancelled=0 rejected=1");
        assertThat(recorded().cardinality()).isEqualTo(3);

        Files.write(folder.resolve("in"), numbers(5));
        try (EachProcess each = startEach("--capacity", "3", "--", "sh", "-c", untilTold())) {
            Ended second = each.ended();
            assertThat(second.counts()).isEqualTo("submitted=2 completed=2 failed=0 cancelled=0 rejected=0 skipped=3");
            assertThat(Stream.concat(first.lines().stream(), second.lines().stream()))
                    .containsExactlyInAnyOrder("done 1", "done 2", "done 3", "done 4", "done 5");
        }
    }

    @Test
    void failFastGoesOnAtWhatFailed() throws IOException, InterruptedException {
        Path heal = folder.resolve("heal");
        String script = "[ {} != 7 ] || [ -e " + heal + " ]";
        Ended first = each(numbers(20), "--fail-fast", "--capacity", "1", "--", "sh", "-c", script);
        assertThat(first.exit()).isEqualTo(1);
        assertThat(recorded().stream()).containsExactly(1, 2, 3, 4, 5, 6);

        Files.createFile(heal);
        Ended second = each(numbers(20), "--fail-fast", "--capacity", "1", "--", "sh", "-c", script);
        assertThat(second.counts()).isEqualTo("submitted=14 completed=14 failed=0 cancelled=0 rejected=0 skipped=6");
        assertThat(second.exit()).isZero();
    }

    @Test
    void keysStillKeepTheirOrder() throws IOException, InterruptedException {
        List<String> items =
                IntStream.rangeClosed(1, 40).mapToObj(i -> i % 2 + " " + i).toList();
        List<String> half = items.subList(0, 20);
        String script = "echo {} >> " + folder.resolve("log");
        each(half, "--key-field", "1", "--", "sh", "-c", script);
        each(items, "--key-field", "1", "--", "sh", "-c", script);

        for (String key : List.of("0", "1")) {
            assertThat(Files.readAllLines(folder.resolve("log")).stream().filter(line -> line.startsWith(key)))
                    .isEqualTo(
                            items.stream().filter(line -> line.startsWith(key)).toList());
        }
    }

    /// What waits for its turn is not written, so it isn't done.
    @Test
    void withKeepOrderDoneIsWhatWasWritten() throws IOException, InterruptedException {
        Path gate = folder.resolve("gate");
        Files.write(folder.resolve("in"), List.of("first", "deaf " + gate, "third"));
        String[] arguments = {"--keep-order", "--function", Obeys.class.getName(), "--classpath", CLASSES};
        try (EachProcess each = startEach(arguments)) {
            each.awaitLines("out", 1);
            await().atMost(Duration.ofSeconds(60)).until(() -> recorded().cardinality() == 1);
            each.process().destroyForcibly().waitFor();
        }
        Files.createFile(gate);
        try (EachProcess each = startEach(arguments)) {
            each.process().waitFor();
        }
        assertThat(Files.readAllLines(folder.resolve("out"))).containsExactly("deaf " + gate, "third");
    }

    @Test
    void nothingIsDoneWhoseOutputIsLost() throws IOException, InterruptedException {
        Ended ended = each(numbers(300), "--out", "/dev/full", "--", "echo");

        assertThat(ended.err().getFirst()).isEqualTo("myrmidon each: --out /dev/full: No space left on device");
        assertThat(recorded().cardinality()).isZero();
        assertThat(ended.exit()).isEqualTo(1);
    }

    /// The pipe takes what it has room for; the rest is written nowhere when the run is killed.
    @Test
    void nothingIsDoneWhoseOutputNobodyTook() throws IOException, InterruptedException {
        Files.write(
                folder.resolve("in"),
                IntStream.range(0, 5000)
                        .mapToObj(i -> "%05d".formatted(i).repeat(20))
                        .toList());
        List<String> command = ChildJvm.command(
                "-Dlog=" + folder.resolve("log"),
                Main.class.getName(),
                "each",
                "--in",
                folder.resolve("in").toString(),
                "--journal",
                journal().toString(),
                "--function",
                Logs.class.getName(),
                "--classpath",
                CLASSES);
        Process each = new ProcessBuilder(command)
                .redirectError(folder.resolve("err").toFile())
                .start();
        // Far more than a pipe and a buffer hold.
        await().atMost(Duration.ofSeconds(60)).until(() -> executions().size() > 3000);
        each.toHandle().destroyForcibly(); // the process would close the pipe
        each.waitFor();
        Set<String> taken = new HashSet<>(each.inputReader().lines().toList());

        assertThat(taken).isNotEmpty().hasSizeLessThan(3000);
        List<String> items = Files.readAllLines(folder.resolve("in"));
        assertThat(recorded().stream().mapToObj(line -> items.get(line - 1)))
                .isNotEmpty()
                .allMatch(taken::contains);
    }

    @Test
    void nothingIsDoneWhoseOutputCannotBeWritten() throws IOException, InterruptedException {
        List<String> command = ChildJvm.command(
                Main.class.getName(),
                "each",
                "--in",
                "/etc/passwd",
                "--journal",
                journal().toString(),
                "--",
                "echo");
        Process each = new ProcessBuilder(command)
                .redirectOutput(Path.of("/dev/full").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();

        assertThat(each.waitFor()).isEqualTo(1);
        assertThat(Files.readAllLines(folder.resolve("err")).getFirst())
                .isEqualTo("myrmidon each: standard output: No space left on device");
        assertThat(recorded().cardinality()).isZero();
    }

    /// As on a full disk.
    @Test
    void stopsWhenTheJournalCannotGrow() throws IOException, InterruptedException {
        Files.write(folder.resolve("in"), numbers(100_000));
        List<String> command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"));
        command.addAll(ChildJvm.command(
                "-XX:-UsePerfData",
                Main.class.getName(),
                "each",
                "--in",
                folder.resolve("in").toString(),
                "--journal",
                journal().toString(),
                "--function",
                "dev.myrmidon.engine.each.functions.Silent",
                "--classpath",
                CLASSES));
        Process each = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("err").toFile())
                .start();

        assertThat(each.waitFor()).isEqualTo(1);
        List<String> err = Files.readAllLines(folder.resolve("err"));
        assertThat(err.getFirst()).isEqualTo("myrmidon each: --journal " + journal() + ": File too large");
        Matcher completed = Pattern.compile("completed=(\\d+)").matcher(err.getLast());
        assertThat(completed.find()).isTrue();
        assertThat(recorded().cardinality())
                .isPositive()
                .isLessThanOrEqualTo(Integer.parseInt(completed.group(1)))
                .isLessThan(100_000);
    }

    @Test
    void isForOneRunAtATime() throws IOException, InterruptedException {
        Files.write(folder.resolve("in"), numbers(1));
        Path other = Files.createDirectory(folder.resolve("other"));
        try (EachProcess each = startEach("--", "sh", "-c", untilTold())) {
            each.awaitLines("started", 1);
            Ended second = EachProcess.run(
                    other, numbers(1), "--journal", journal().toString(), "--", "sh", "-c", untilTold());

            assertThat(second.err())
                    .containsExactly("myrmidon each: --journal " + journal() + ": is in use by another run");
            assertThat(second.exit()).isEqualTo(2);
            Files.createFile(folder.resolve("end"));
            assertThat(each.ended().exit()).isZero();
        }
    }

    @Test
    void refusesOtherWorkAndLeavesTheRecordAlone() throws IOException, InterruptedException {
        each(numbers(3), "--out", results(), "--", "echo");
        Ended ended = each(numbers(3), "--out", results(), "--", "echo", "-n");

        assertThat(ended.err())
                .containsExactly("myrmidon each: --journal " + journal()
                        + ": belongs to other work, COMMAND echo, and this is COMMAND echo -n; name another file");
        assertThat(ended.exit()).isEqualTo(2);
        assertThat(Files.readAllLines(folder.resolve("results"))).hasSize(3);
    }

    @Test
    void refusesItsOtherFiles() throws IOException, InterruptedException {
        Ended out = each(numbers(3), "--out", journal().toString(), "--", "echo");
        assertThat(out.err())
                .containsExactly("myrmidon each: --journal " + journal() + ": is the file that --out writes");
        assertThat(out.exit()).isEqualTo(2);

        Path byAnotherName = folder.resolve(".").resolve(journal().getFileName()); // and not there yet
        assertThat(each(numbers(3), "--out", byAnotherName.toString(), "--", "echo")
                        .err())
                .isEqualTo(out.err());
        assertThat(journal()).doesNotExist();

        Files.write(journal(), numbers(3));
        Ended in = each(numbers(3), "--in", journal().toString(), "--", "echo");
        assertThat(in.err()).containsExactly("myrmidon each: --journal " + journal() + ": is the file that --in reads");
        assertThat(in.exit()).isEqualTo(2);
        assertThat(Files.readAllLines(journal())).isEqualTo(numbers(3));
    }

    private Ended each(List<String> items, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("--journal", journal().toString()));
        all.addAll(List.of(arguments));
        return EachProcess.run(folder, items, all.toArray(String[]::new));
    }

    /// With the file `in` as input.
    private EachProcess startEach(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("--journal", journal().toString()));
        all.addAll(List.of(arguments));
        return EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(folder.resolve("in").toFile()),
                EachProcess.PATIENT,
                all.toArray(String[]::new));
    }

    private String untilTold() {
        return "cd " + folder + "; echo {} >> started; until [ -e end ]; do sleep 0.05; done; echo done {}";
    }

    private Path journal() {
        return folder.resolve("journal");
    }

    private String results() {
        return folder.resolve("results").toString();
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(String::valueOf).toList();
    }
}
