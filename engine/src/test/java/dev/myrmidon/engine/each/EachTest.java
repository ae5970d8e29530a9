package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.engine.cli.Main;
import dev.myrmidon.engine.each.EachProcess.Ended;
import dev.myrmidon.engine.each.functions.Obeys;
import dev.myrmidon.engine.each.functions.Shout;
import dev.myrmidon.engine.each.functions.Silent;
import dev.myrmidon.engine.internal.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `myrmidon each` from input to exit code, with real commands.
@Timeout(240)
class EachTest {
    private static final String CLASSES = "target/test-classes";

    @TempDir
    private Path folder;

    @Test
    void runsACommandForEachLine() throws IOException, InterruptedException {
        Ended ended = each(numbers(300), "--capacity", "50", "--", "echo", "<{}>");

        assertThat(ended.lines())
                .containsExactlyInAnyOrderElementsOf(
                        numbers(300).stream().map(number -> "<" + number + ">").toList());
        assertThat(ended.err()).hasSize(1);
        assertThat(ended.counts()).isEqualTo("submitted=300 completed=300 failed=0 cancelled=0 rejected=0");
        assertThat(ended.exit()).isZero();
    }

    @Test
    void countsFailuresAndExitsWith1() throws IOException, InterruptedException {
        Ended ended = each(numbers(100), "--capacity", "8", "--", "sh", "-c", "exit $(({} % 2))");

        assertThat(ended.counts()).isEqualTo("submitted=100 completed=50 failed=50 cancelled=0 rejected=0");
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void keepsGoingAlsoWhenToldSo() throws IOException, InterruptedException {
        Ended ended = each(numbers(10), "--keep-going", "--", "sh", "-c", "exit $(({} % 2))");

        assertThat(ended.counts()).isEqualTo("submitted=10 completed=5 failed=5 cancelled=0 rejected=0");
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void passesNamesOnAsTheyAre() throws IOException, InterruptedException {
        List<String> names = List.of("a b", "it's", "\"q\"", "$(id)", "*", "-n", "é", "tab\tx", "{}", "\\");
        Ended ended = each(names, "--keep-order", "printf", "%s|\\n");

        assertThat(ended.lines())
                .isEqualTo(names.stream().map(name -> name + "|").toList());
    }

    @Test
    void givesCommandsNothingToRead() throws IOException, InterruptedException {
        assertThat(each(List.of("x"), "--timeout", "60s", "--", "sh", "-c", "cat; echo {}")
                        .out())
                .isEqualTo("x\n");
    }

    @Test
    void keepsOutputsWhole() throws IOException, InterruptedException {
        String script = "for i in 1 2 3 4 5 6 7 8 9; do echo {}; sleep 0.00{}; done";
        List<String> lines =
                each(numbers(9), "--capacity", "9", "--", "sh", "-c", script).lines();

        List<String> changes = new ArrayList<>();
        for (String line : lines) {
            if (changes.isEmpty() || !changes.getLast().equals(line)) {
                changes.add(line);
            }
        }
        assertThat(lines).hasSize(81);
        assertThat(changes).hasSize(9);
    }

    @Test
    void keepsTheOrder() throws IOException, InterruptedException {
        String script = "sleep 0.$((9 - {})); head -c 100000 /dev/zero | tr '\\0' {}; echo; echo err{} >&2";
        Ended ended = each(numbers(9), "--capacity", "9", "--keep-order", "--", "sh", "-c", script);

        assertThat(ended.lines())
                .isEqualTo(numbers(9).stream()
                        .map(number -> number.repeat(100_000))
                        .toList());
        assertThat(ended.err().subList(0, 9))
                .isEqualTo(numbers(9).stream().map(number -> "err" + number).toList());
    }

    @Test
    void recordsEachItem() throws IOException, InterruptedException {
        Path record = folder.resolve("record.jsonl");
        Ended ended = each(
                List.of("0", "", "3"), "--out", record.toString(), "--", "sh", "-c", "echo o{}; echo e{} >&2; exit {}");

        assertThat(ended.lines()).containsExactlyInAnyOrder("o0", "o3");
        assertThat(ended.err()).contains("e0", "e3");
        assertThat(Files.readAllLines(record).stream().map(line -> line.replaceAll("\"millis\":\\d+", "M")))
                .containsExactlyInAnyOrder(
                        "{\"item\":\"0\",\"index\":1,\"status\":\"completed\",M,\"exit\":0,\"output\":\"o0\\n\",\"error\":null}",
                        "{\"item\":\"3\",\"index\":3,\"status\":\"failed\",M,\"exit\":3,\"output\":\"o3\\n\",\"error\":\"exit 3: e3\"}");
    }

    /// With a time in which even a slow machine begins all that is to be ended.
    @Test
    void endsWhatTakesTooLongAndLeavesNothingBehind() throws IOException, InterruptedException {
        Path pids = folder.resolve("pids");
        String script = "echo hi; echo $$ >> " + pids + "; sleep 1000 & echo $! >> " + pids
                + "; (sleep 1000 & echo $! >> " + pids + "); sleep 1000";
        Ended ended = each(numbers(4), "--capacity", "4", "--timeout", "5s", "--", "sh", "-c", script + " #{}");

        assertThat(ended.out()).isEqualTo("hi\n".repeat(4));
        assertThat(ended.err()).contains("myrmidon: line 2 (2): timed out after 5s");
        assertThat(ended.counts()).isEqualTo("submitted=4 completed=0 failed=4 cancelled=0 rejected=0");
        ProcessTable table = ProcessTable.look();
        assertThat(Files.readAllLines(pids)).hasSize(12).noneMatch(pid -> table.has(Long.parseLong(pid)));
    }

    /// Each waits for the last one: it ends only if all of them run at once.
    @Test
    void runsAsManyAtOnceAsTheCapacityAllows() throws IOException, InterruptedException {
        Path started = folder.resolve("started");
        String script = "echo {} >> " + started + "; until [ $(wc -l < " + started + ") -ge 100 ]; do sleep 0.5; done";
        Ended ended = each(numbers(100), "--capacity", "100", "--timeout", "120s", "--", "sh", "-c", script);

        assertThat(ended.counts()).isEqualTo("submitted=100 completed=100 failed=0 cancelled=0 rejected=0");
    }

    /// The first command of the README, on the file that it names.
    @Test
    void runsTheExample() throws IOException, InterruptedException {
        Path zones = Path.of("..", "examples", "data", "time-zones.txt");
        Ended ended = each(
                List.of(),
                "--capacity",
                "8",
                "--keep-order",
                "--in",
                zones.toString(),
                "--",
                "env",
                "TZ={}",
                "date",
                "+%H:%M %Z {}");

        List<String> names = Files.readAllLines(zones);
        assertThat(names).hasSizeGreaterThan(50).isSorted().doesNotHaveDuplicates();
        assertThat(names).allSatisfy(name -> assertThat(ZoneId.of(name)).isNotNull());
        assertThat(ended.lines().stream().map(line -> line.substring(line.lastIndexOf(' ') + 1)))
                .containsExactlyElementsOf(names);
        assertThat(ended.lines()).allSatisfy(line -> assertThat(line).matches("\\d\\d:\\d\\d \\S+ \\S+"));
        assertThat(ended.exit()).isZero();
    }

    @Test
    void failsOnlyTheItemsThatHaveNoCommand() throws IOException, InterruptedException {
        Ended ended = each(List.of("true", "no-such-thing", "/etc"), "--keep-order", "{}");

        assertThat(ended.err())
                .startsWith(
                        "myrmidon: line 2 (no-such-thing): no-such-thing: command not found",
                        "myrmidon: line 3 (/etc): /etc: is a directory");
        assertThat(ended.counts()).isEqualTo("submitted=3 completed=1 failed=2 cancelled=0 rejected=0");
    }

    @Test
    void failsAnItemThatIsTooLongForACommand() throws IOException, InterruptedException {
        Ended ended = each(List.of("x".repeat(500_000), "y"), "--", "echo");

        assertThat(ended.out()).isEqualTo("y\n");
        assertThat(ended.err().getFirst()).endsWith("can't be started: Argument list too long");
    }

    @Test
    void appliesAFunction() throws IOException, InterruptedException {
        Ended ended = each(
                List.of("a", "b\r", ""), "--keep-order", "--function", Shout.class.getName(), "--classpath", CLASSES);

        assertThat(ended.out()).isEqualTo("A\nB\n");
        assertThat(ended.exit()).isZero();
    }

    @Test
    void survivesWhatFunctionsDo() throws IOException, InterruptedException {
        Ended ended = each(
                List.of("throw", "overflow", "sleep 60000", "long 200000", "hello"),
                "--keep-order",
                "--timeout",
                "5s",
                "--function",
                Obeys.class.getName(),
                "--classpath",
                CLASSES);

        assertThat(ended.lines()).containsExactly("x".repeat(200_000), "hello");
        assertThat(ended.err())
                .startsWith(
                        "myrmidon: line 1 (throw): java.io.IOException: as told",
                        "myrmidon: line 2 (overflow): java.lang.StackOverflowError",
                        "myrmidon: line 3 (sleep 60000): timed out after 5s");
    }

    /// A time limit ends what a function did too late, whatever it made of the interrupt.
    @Test
    void tellsATimeoutFromOtherEnds() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Ended ended = each(
                List.of("late 60000", "interrupt", "hello"),
                "--keep-order",
                "--timeout",
                "5s",
                "--out",
                record.toString(),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                CLASSES);

        assertThat(ended.err())
                .startsWith(
                        "myrmidon: line 1 (late 60000): timed out after 5s",
                        "myrmidon: line 2 (interrupt): java.lang.InterruptedException: as told");
        assertThat(ended.lines()).containsExactly("late 60000", "hello");
        assertThat(Files.readAllLines(record).stream().map(line -> line.replaceAll(".*\"status\":\"(\\w+)\".*", "$1")))
                .containsExactly("timed_out", "failed", "completed");
    }

    /// Items of one key never overlap and keep their order, and those of others don't wait for them.
    @Test
    void runsItemsOfOneKeyOneAtATime() throws IOException, InterruptedException {
        String log = folder + "/log-$1";
        String script = "set -- {}; echo start $2 >> " + log + "; sleep 0.02; echo end $2 >> " + log;
        List<String> items = IntStream.range(0, 60)
                .mapToObj(i -> "abc".charAt(i % 3) + " \t " + i)
                .toList();
        Ended ended = each(items, "--capacity", "8", "--key-field", "1", "--", "sh", "-c", script);

        assertThat(ended.counts()).isEqualTo("submitted=60 completed=60 failed=0 cancelled=0 rejected=0");
        for (int key = 0; key < 3; key++) {
            int first = key;
            assertThat(Files.readAllLines(folder.resolve("log-" + "abc".charAt(key))))
                    .isEqualTo(IntStream.range(0, 20)
                            .mapToObj(i -> first + 3 * i)
                            .flatMap(i -> Stream.of("start " + i, "end " + i))
                            .toList());
        }
    }

    /// The first item waits for the last one, with a hundred of its own key between them.
    @Test
    void aBusyKeyIsInNobodysWay() throws IOException, InterruptedException {
        Path gate = folder.resolve("gate");
        List<String> items = new ArrayList<>(Collections.nCopies(100, "{\"k\":1,\"run\":\"true\"}"));
        items.addFirst("{\"k\":1,\"run\":\"wait\"}");
        items.add("{\"k\":2,\"run\":\"open\"}");
        String script =
                "case $1 in *wait*) until [ -e " + gate + " ]; do sleep 0.05; done;; *open*) touch " + gate + ";; esac";
        Ended ended = each(items, "--capacity", "2", "--key-field", "k", "--", "sh", "-c", script, "sh", "{}");

        assertThat(ended.counts()).isEqualTo("submitted=102 completed=102 failed=0 cancelled=0 rejected=0");
    }

    @Test
    void aTimedOutItemKeepsItsKeyUntilNothingOfItIsLeft() throws IOException, InterruptedException {
        String script = "cd " + folder + "; set -- {}; [ $2 = 2 ] && { kill -0 $(cat first) || echo alone; exit 0; };"
                + " trap '' TERM; echo $$ > first; while :; do sleep 0.01; done";
        Ended ended = each(List.of("k 1", "k 2"), "--timeout", "5s", "--key-field", "1", "--", "sh", "-c", script);

        assertThat(folder.resolve("first")).isNotEmptyFile();
        assertThat(ended.out()).isEqualTo("alone\n");
        assertThat(ended.counts()).isEqualTo("submitted=2 completed=1 failed=1 cancelled=0 rejected=0");
    }

    @Test
    void failsItemsWithoutAKey() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Ended ended =
                each(List.of("a b", "a"), "--keep-order", "--key-field", "2", "--out", record.toString(), "--", "echo");

        assertThat(ended.out()).isEqualTo("a b\n");
        assertThat(ended.err()).startsWith("myrmidon: line 2 (a): the line has no field 2 for --key-field, only 1");
        assertThat(ended.counts()).isEqualTo("submitted=2 completed=1 failed=1 cancelled=0 rejected=0");
        assertThat(Files.readAllLines(record).getLast())
                .contains("\"status\":\"failed\"")
                .contains("\"error\":\"the line has no field 2 for --key-field, only 1\"");
    }

    @ParameterizedTest
    @CsvSource({
        "yes 'an item' | head -2000000, --progress, never",
        "yes 'an item' | head -2000000, --timeout, 1h",
        "yes 'an item' | head -2000000, --key-field, 2",
        "seq 2000000, --key-field, 1"
    })
    void streamsMillionsOfItemsInLittleMemory(String items, String option, String value)
            throws IOException, InterruptedException {
        Path script = folder.resolve("script");
        Files.writeString(script, items);
        Process yes = new ProcessBuilder("sh", script.toString())
                .redirectOutput(folder.resolve("items").toFile())
                .start();
        assertThat(yes.waitFor()).isZero();
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(folder.resolve("items").toFile()),
                List.of("-Xmx32m"),
                option,
                value,
                "--function",
                Silent.class.getName(),
                "--classpath",
                CLASSES)) {
            assertThat(each.ended().counts())
                    .isEqualTo("submitted=2000000 completed=2000000 failed=0 cancelled=0 rejected=0");
        }
    }

    @Test
    void ordersMoreThanFitsIntoMemory() throws IOException, InterruptedException {
        Path gate = folder.resolve("gate");
        List<String> items = new ArrayList<>(Collections.nCopies(300_000, "x".repeat(100)));
        items.addFirst("deaf " + gate); // runs until the file exists
        items.set(items.size() - 1, "throw");
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(
                        Files.write(folder.resolve("items"), items).toFile()),
                List.of("-Xmx24m"),
                "--keep-order",
                "--out",
                folder.resolve("record").toString(),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                CLASSES)) {
            // The items after the first one are spilled: at 100 bytes each, they'd fill the heap.
            await().atMost(Duration.ofSeconds(60)).until(() -> spilled() > 30_000_000);
            assertThat(folder.resolve("out")).isEmptyFile();
            Files.createFile(gate);

            Ended ended = each.ended();
            assertThat(ended.counts()).isEqualTo("submitted=300001 completed=300000 failed=1 cancelled=0 rejected=0");
            assertThat(ended.out())
                    .startsWith("deaf ")
                    .hasSize(100 * 299_999 + 299_999 + items.getFirst().length() + 1);
            List<String> records = Files.readAllLines(folder.resolve("record"));
            assertThat(IntStream.range(0, records.size())
                            .allMatch(i -> records.get(i).contains("\"index\":" + (i + 1) + ",")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--capacity 0 -- echo          | --capacity must be at least 1, was 0",
                "--capacity -3 -- echo         | --capacity must be at least 1, was -3",
                "--timeout 0s -- echo          | --timeout must be positive, was 0s",
                "--timeout -1s -- echo         | --timeout must be positive, was -1s",
                "--in no/such -- echo          | --in no/such: No such file or directory",
                "--in /etc -- echo             | --in /etc: is a directory",
                "--in /etc/hosts --out /etc/hosts -- echo | --out /etc/hosts: is the file that --in reads",
                "--out no/such -- echo         | --out no/such: No such file or directory",
                "--out /etc -- echo            | --out /etc: Is a directory",
                "no-such-thing                 | no-such-thing: command not found",
                "pom.xml                       | pom.xml: command not found (to read items from a file, say --in pom.xml)",
                "--http -- echo                | too much to do with the items: give one of COMMAND, --http and --function CLASS --classpath PATH",
                "--keep-order                  | nothing to do with the items: give one of COMMAND, --http and --function CLASS --classpath PATH",
                "--function x.Y                | --function x.Y needs --classpath PATH, where its class is",
                "--keep-going --fail-fast -- echo | --keep-going and --fail-fast exclude each other",
                "--http --classpath x          | --classpath is for --function only",
                "--function x.Y --classpath .  | --function x.Y: there is no such class in --classpath .",
            })
    void refusesWhatCannotBeDone(String arguments, String complaint) throws IOException, InterruptedException {
        Ended ended = each(List.of("x"), arguments.split(" "));

        assertThat(ended.err()).containsExactly("myrmidon each: " + complaint);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.exit()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--capacity x -- echo    | invalid value for option '--capacity': 'x' is not an int",
                "--timeout 10sec -- echo | invalid value for option '--timeout': \"10sec\" is not a duration (try \"10s\")",
                "--key-field 0 -- echo   | invalid value for option '--key-field': must be 1 to 2147483647, or the name of a field of JSON objects, was \"0\"",
                "--key-field= -- echo    | invalid value for option '--key-field': must not be empty",
                "--progress no -- echo   | invalid value for option '--progress': must be auto, always or never, was \"no\"",
            })
    void refusesWhatCannotBeRead(String arguments, String complaint) throws IOException, InterruptedException {
        Ended ended = each(List.of("x"), arguments.split(" "));

        assertThat(ended.err()).startsWith("myrmidon each: " + complaint);
        assertThat(ended.exit()).isEqualTo(2);
    }

    /// Otherwise it would read whatever file the JVM opens first, and run commands on it.
    @Test
    void refusesAClosedInput() throws IOException, InterruptedException {
        List<String> command = ChildJvm.command(Main.class.getName(), "each", "--", "echo");
        List<String> closing = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        closing.addAll(command);
        Process each = new ProcessBuilder(closing).redirectErrorStream(true).start();

        assertThat(each.inputReader().readAllLines()).containsExactly("myrmidon each: standard input is closed");
        assertThat(each.waitFor()).isEqualTo(2);
    }

    @Test
    void saysWhenTheRecordCannotBeWritten() throws IOException, InterruptedException {
        // More than can be on their way when the first one is written.
        Ended ended = each(numbers(10_000), "--capacity", "2", "--out", "/dev/full", "--", "echo");

        assertThat(ended.err().getFirst()).isEqualTo("myrmidon each: --out /dev/full: No space left on device");
        assertThat(ended.err()).hasSize(2);
        assertThat(ended.lines()).as("stopped reading").hasSizeLessThan(10_000);
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void showsProgressWhenAsked() throws IOException, InterruptedException {
        String script = "until [ -e " + folder.resolve("end") + " ]; do sleep 0.05; done";
        try (EachProcess always =
                EachProcess.start(folder, List.of("x"), "--progress", "always", "--", "sh", "-c", script)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.readString(folder.resolve("err")).contains("running 1"));
            Files.createFile(folder.resolve("end"));
            assertThat(always.ended().exit()).isZero();
        }

        Ended auto = each(List.of("0.6"), "--", "sleep");
        assertThat(auto.err()).hasSize(1);
    }

    private long spilled() throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(folder.resolve("tmp"))) {
            for (Path file : files.toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
        }
        return bytes;
    }

    private Ended each(List<String> items, String... arguments) throws IOException, InterruptedException {
        return EachProcess.run(folder, items, arguments);
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(String::valueOf).toList();
    }
}
