package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.each.EachProcess.Ended;
import dev.myrmidon.engine.each.functions.Obeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `myrmidon each --retries`.
@Timeout(240)
class EachRetryTest {
    private static final String CLASSES = "target/test-classes";

    @TempDir
    private Path folder;

    private Ended each(List<String> items, String... arguments) throws IOException, InterruptedException {
        return EachProcess.run(folder, items, arguments);
    }

    /// A command that fails for the first and the second time it sees an item.
    private String thirdTimeLucky() {
        String seen = folder.resolve("seen").toString();
        return "echo x >> '" + seen + ".{}'; n=$(wc -l < '" + seen + ".{}'); echo {} $n; [ $n -ge 3 ]";
    }

    private static List<String> numbers(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toList();
    }

    @Test
    void triesAgainUntilItSucceeds() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Ended ended = each(
                numbers(5),
                "--retries",
                "2",
                "--backoff",
                "1ms",
                "--keep-order",
                "--out",
                record.toString(),
                "--",
                "sh",
                "-c",
                thirdTimeLucky());

        assertThat(ended.lines()).containsExactly("1 3", "2 3", "3 3", "4 3", "5 3");
        assertThat(ended.counts()).isEqualTo("submitted=5 completed=5 failed=0 cancelled=0 rejected=0 retries=10");
        assertThat(Files.readAllLines(record)).hasSize(5).allMatch(line -> line.endsWith(",\"attempts\":3}"));
        assertThat(ended.exit()).isZero();
    }

    @Test
    void givesUpAfterThatManyTimes() throws IOException, InterruptedException {
        Ended ended = each(numbers(3), "--retries", "1", "--backoff", "1ms", "--", "sh", "-c", thirdTimeLucky());

        assertThat(ended.lines()).containsExactlyInAnyOrder("1 2", "2 2", "3 2");
        assertThat(ended.counts()).isEqualTo("submitted=3 completed=0 failed=3 cancelled=0 rejected=0 retries=3");
        assertThat(ended.exit()).isEqualTo(1);
    }

    @Test
    void failsFastOnlyAfterTheLastTime() throws IOException, InterruptedException {
        Ended lucky = each(
                numbers(3), "--fail-fast", "--retries", "2", "--backoff", "1ms", "--", "sh", "-c", thirdTimeLucky());
        assertThat(lucky.counts()).isEqualTo("submitted=3 completed=3 failed=0 cancelled=0 rejected=0 retries=6");

        Ended ended = each(List.of("1"), "--fail-fast", "--retries", "1", "--backoff", "1ms", "--", "false");
        assertThat(ended.err()).contains("myrmidon each: stopping, since line 1 (1) failed");
        assertThat(ended.counts()).isEqualTo("submitted=1 completed=0 failed=1 cancelled=0 rejected=0 retries=1");
    }

    /// The last attempt at the first item waits for one of another key.
    @Test
    void aKeyStaysBusyUntilItsItemHasEnded() throws IOException, InterruptedException {
        List<String> items = List.of("a1 a", "b1 b", "a2 a", "a3 a", "b2 b", "c");
        String seen = folder.resolve("seen").toString();
        String script = "set -- {}; echo x >> '" + seen + ".'$1; n=$(wc -l < '" + seen
                + ".'$1); [ $1 != a1 ] || { [ $n -ge 3 ] && until grep -q '^b2' '" + seen
                + "'; do sleep 0.05; done; }; e=$?; echo $1 $n >> '" + seen + "'; exit $e";
        Ended ended = each(items, "--key-field", "2", "--retries", "2", "--backoff", "1ms", "--", "sh", "-c", script);

        List<String> attempts = Files.readAllLines(folder.resolve("seen"));
        assertThat(attempts.stream().filter(line -> line.startsWith("a")))
                .containsExactly("a1 1", "a1 2", "a1 3", "a2 1", "a3 1");
        assertThat(attempts.stream().filter(line -> line.startsWith("b"))).containsExactly("b1 1", "b2 1");
        assertThat(ended.counts())
                .as("an item without a key isn't tried again")
                .isEqualTo("submitted=6 completed=5 failed=1 cancelled=0 rejected=0 retries=2");
    }

    @Test
    void aTimeoutIsForEachAttempt() throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        Ended ended = each(
                List.of("sleep 60000"),
                "--timeout",
                "50ms",
                "--retries",
                "2",
                "--backoff",
                "1ms",
                "--out",
                record.toString(),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                CLASSES);

        assertThat(ended.counts()).isEqualTo("submitted=1 completed=0 failed=1 cancelled=0 rejected=0 retries=2");
        assertThat(Files.readAllLines(record))
                .singleElement()
                .asString()
                .contains("\"status\":\"timed_out\"")
                .contains("\"error\":\"timed out after 50ms\"")
                .contains("\"attempts\":3");
    }

    /// The first item fails until the second one has run.
    @Test
    void holdsNoSlotWhileItWaits() throws IOException, InterruptedException {
        Path go = folder.resolve("go");
        Ended ended = each(
                List.of("throw " + go, "go"),
                "--capacity",
                "1",
                "--retries",
                "10",
                "--backoff",
                "200ms",
                "--",
                "sh",
                "-c",
                "case '{}' in throw*) [ -e '" + go + "' ];; *) touch '" + go + "';; esac");

        assertThat(ended.counts()).startsWith("submitted=2 completed=2 failed=0 cancelled=0 rejected=0 retries=");
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalEndsWhatWaits(String signal, int exit) throws IOException, InterruptedException {
        Path record = folder.resolve("record");
        try (EachProcess each = EachProcess.start(
                folder,
                List.of("1 k", "2 k"),
                "--key-field",
                "2",
                "--retries",
                "2",
                "--backoff",
                "1h",
                "--out",
                record.toString(),
                "--",
                "sh",
                "-c",
                "echo {} >> '" + folder.resolve("begun") + "'; exit 1")) {
            each.awaitLines("begun", 1);
            each.awaitIntakeIn("awaitEnds"); // by then it most likely waits, too; it ends in any case
            each.signal(signal);
            Ended ended = each.ended();

            assertThat(ended.counts()).startsWith("submitted=2 completed=0 ").doesNotContain("retries");
            assertThat(ended.exit()).isEqualTo(exit);
            assertThat(Files.readAllLines(record)).hasSize(2);
            assertThat(Files.readAllLines(folder.resolve("begun"))).hasSize(1);
        }
    }

    /// Each of them waits for a while, and if all did so at once they would not fit.
    @Test
    void manyThatFailFitIntoLittleMemory() throws IOException, InterruptedException {
        int items = 20_000;
        Path in = Files.write(folder.resolve("items"), Collections.nCopies(items, "interrupt" + " ".repeat(4096)));
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(in.toFile()),
                List.of("-Xmx40m"),
                "--capacity",
                "1000",
                "--retries",
                "1",
                "--backoff",
                "100ms",
                "--function",
                Obeys.class.getName(),
                "--classpath",
                CLASSES)) {
            assertThat(each.ended().counts())
                    .isEqualTo("submitted=" + items + " completed=0 failed=" + items
                            + " cancelled=0 rejected=0 retries=" + items);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--retries -1 -- echo                  | --retries must be at least 0, was -1",
                "--retries 2 --backoff 0s -- echo      | --backoff must be at least 1ms, was 0s",
                "--retries 2 --backoff -1s -- echo     | --backoff must be at least 1ms, was -1s",
                "--backoff 1s -- echo                  | --backoff is for --retries only",
            })
    void refusesWhatCannotBeDone(String arguments, String complaint) throws IOException, InterruptedException {
        Ended ended = each(List.of("x"), arguments.split(" "));

        assertThat(ended.err()).containsExactly("myrmidon each: " + complaint);
        assertThat(ended.exit()).isEqualTo(2);
    }
}
