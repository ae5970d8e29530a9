package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.engine.each.EachProcess.Ended;
import dev.myrmidon.engine.each.functions.Obeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A run of `myrmidon each` that others look at and steer.
@Timeout(300)
class EachManagementTest {
    private static final Pattern INVITATION =
            Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+), writes need the token in (\\S+)");
    private static final Pattern ID = Pattern.compile("\"id\":(\\d+),\"name\":\"([^\"]*)\"");
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final HttpClient client = HttpClient.newHttpClient();

    /// A run and its API.
    private record Managed(EachProcess each, URI api, Path token, HttpClient client) {
        String get(String path) throws IOException, InterruptedException {
            return client.send(HttpRequest.newBuilder(api.resolve(path)).build(), BodyHandlers.ofString())
                    .body();
        }

        HttpResponse<String> write(String method, String path, String body) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(api.resolve(path))
                    .header("Authorization", "Bearer " + Files.readString(token).strip())
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }

        void set(String change) throws IOException, InterruptedException {
            HttpResponse<String> answer = write("PATCH", "/api/pools/each", change);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }

        void awaitIn(String path, String part) {
            await().atMost(LONG).untilAsserted(() -> assertThat(get(path)).contains(part));
        }

        /// The id of the running task of this name.
        String idOf(String name) throws IOException, InterruptedException {
            Matcher tasks = ID.matcher(get("/api/tasks"));
            while (tasks.find()) {
                if (tasks.group(2).equals(name)) {
                    return tasks.group(1);
                }
            }
            throw new AssertionError("no task " + name + " runs");
        }
    }

    private Managed managed(List<String> items, String... arguments) throws IOException {
        Path in = Files.write(folder.resolve("in"), items);
        List<String> all = new ArrayList<>(List.of("--management", "0"));
        all.addAll(List.of(arguments));
        EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.from(in.toFile()),
                Stream.concat(EachProcess.PATIENT.stream(), Stream.of("-Duser.home=" + folder))
                        .toList(),
                all.toArray(String[]::new));
        each.awaitLines("err", 1);
        Matcher invitation =
                INVITATION.matcher(EachProcess.linesOf(folder.resolve("err")).getFirst());
        assertThat(invitation.matches()).isTrue();
        return new Managed(each, URI.create(invitation.group(1)), Path.of(invitation.group(2)), client);
    }

    private String until(String file) {
        return "until [ -e " + folder.resolve(file) + " ]; do sleep 0.05; done";
    }

    private void create(String file) throws IOException {
        Files.createFile(folder.resolve(file));
    }

    private static List<String> numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(String::valueOf).toList();
    }

    @Test
    void showsItsItemsAndCanBeResized() throws Exception {
        Managed run = managed(numbers(40), "--capacity", "2", "--", "sh", "-c", until("end") + "; echo {}");
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/tasks", "\"name\":\"line 1 (1)\"");
            run.awaitIn("/api/pools", "\"name\":\"each\"");
            assertThat(run.get("/api/pools")).doesNotContain("\"default\"");

            run.set("{\"capacity\": 5}");
            run.awaitIn("/api/tasks", "\"name\":\"line 5 (5)\"");
            assertThat(run.get("/api/audit")).contains("each.capacity 2 → 5");
            create("end");

            Ended ended = each.ended();
            assertThat(ended.lines()).containsExactlyInAnyOrderElementsOf(numbers(40));
            assertThat(ended.counts()).isEqualTo("submitted=40 completed=40 failed=0 cancelled=0 rejected=0");
            assertThat(ended.exit()).isZero();
            assertThat(run.token()).doesNotExist();
            assertThat(String.join("\n", ended.err()))
                    .containsOnlyOnce("console at")
                    .contains("each.capacity 2 → 5");
        }
    }

    /// All items are read long before they have ended: until then the pool is open to changes.
    @Test
    void canBePausedAndResumedWhenAllIsRead() throws Exception {
        Path classes = Path.of("target", "test-classes");
        List<String> items = new ArrayList<>(List.of("throw " + folder.resolve("end")));
        items.addAll(numbers(30));
        Managed run = managed(
                items, "--capacity", "1", "--function", Obeys.class.getName(), "--classpath", classes.toString());
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/pools", "\"queued\":30");
            run.set("{\"paused\": true}");
            create("end");
            run.awaitIn("/api/pools", "\"running\":0");
            run.awaitIn("/api/pools", "\"queued\":30");
            run.awaitIn("/api/tasks?state=failed", "\"error\":\"java.io.IOException: as told\"");
            run.set("{\"paused\": false}");

            assertThat(each.ended().counts()).isEqualTo("submitted=31 completed=30 failed=1 cancelled=0 rejected=0");
        }
    }

    @Test
    void aSignalEndsAPausedRun() throws Exception {
        Managed run = managed(numbers(30), "--key-field", "1", "--capacity", "1", "--", "sh", "-c", until("end"));
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/pools", "\"queued\":29");
            run.set("{\"paused\": true}");
            create("end");
            run.awaitIn("/api/pools", "\"running\":0");
            each.signal("TERM");

            Ended ended = each.ended();
            assertThat(ended.counts()).isEqualTo("submitted=30 completed=1 failed=0 cancelled=29 rejected=0");
            assertThat(ended.exit()).isEqualTo(143);
            assertThat(run.token()).doesNotExist();
        }
    }

    @Test
    void aCancelledItemIsToldAsThatAndNotTriedAgainUntilTheNextRun() throws Exception {
        Path out = folder.resolve("results");
        Path journal = folder.resolve("journal");
        String[] arguments = {
            "--capacity",
            "3",
            "--retries",
            "2",
            "--timeout",
            "1h",
            "--keep-order",
            "--out",
            out.toString(),
            "--journal",
            journal.toString(),
            "--",
            "sh",
            "-c",
            until("end") + "; echo {}"
        };
        Managed run = managed(numbers(9), arguments);
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/tasks", "\"name\":\"line 2 (2)\"");
            String path = "/api/tasks/each/" + run.idOf("line 2 (2)");
            assertThat(run.write("DELETE", path, "").statusCode()).isEqualTo(200);
            run.awaitIn("/api/tasks?state=cancelled", "\"name\":\"line 2 (2)\"");
            assertThat(run.write("DELETE", path, "").statusCode()).isIn(404, 409);
            create("end");

            Ended ended = each.ended();
            assertThat(ended.counts()).isEqualTo("submitted=9 completed=8 failed=0 cancelled=1 rejected=0");
            assertThat(ended.exit()).isEqualTo(1);
            assertThat(ended.lines()).containsExactly("1", "3", "4", "5", "6", "7", "8", "9");
            assertThat(ended.err()).contains("myrmidon: line 2 (2): cancelled over the HTTP API");
            assertThat(Files.readAllLines(out))
                    .hasSize(9)
                    .filteredOn(line -> line.contains("\"status\":\"cancelled\""))
                    .singleElement()
                    .asString()
                    .contains("\"item\":\"2\"")
                    .contains("cancelled over the HTTP API");
        }

        Ended second = EachProcess.run(folder, numbers(9), arguments);
        assertThat(second.lines()).containsExactly("2");
        assertThat(second.counts()).isEqualTo("submitted=1 completed=1 failed=0 cancelled=0 rejected=0 skipped=8");
    }

    @Test
    void aFunctionOrARequestIsCancelledToo() throws Exception {
        Path classes = Path.of("target", "test-classes");
        Managed run = managed(
                List.of("sleep 1000000", "late 1000000", "throw " + folder.resolve("end")),
                "--function",
                Obeys.class.getName(),
                "--classpath",
                classes.toString());
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/tasks", "line 3");
            run.awaitIn("/api/tasks", "line 1");
            run.awaitIn("/api/tasks", "line 2");
            for (String name : List.of("line 1 (sleep 1000000)", "line 2 (late 1000000)")) {
                String path = "/api/tasks/each/" + run.idOf(name);
                assertThat(run.write("DELETE", path, "").statusCode()).isEqualTo(200);
            }
            create("end");

            Ended ended = each.ended();
            assertThat(ended.out()).as("what returned as if nothing were").isEqualTo("late 1000000\n");
            assertThat(ended.counts()).isEqualTo("submitted=3 completed=1 failed=1 cancelled=1 rejected=0");
        }
    }

    /// Whatever limits and retries do behind the scenes.
    @Test
    void theTrackerKnowsHowItemsEnded() throws Exception {
        Managed run = managed(
                List.of("true", "false", "sleep 1000", until("end")),
                "--timeout",
                "5s",
                "--retries",
                "1",
                "--backoff",
                "1ms",
                "--",
                "sh",
                "-c");
        try (EachProcess each = run.each()) {
            run.awaitIn("/api/tasks?state=completed", "\"name\":\"line 1 (true)\"");
            run.awaitIn("/api/tasks?state=failed", "\"error\":\"exit 1\"");
            run.awaitIn("/api/tasks?state=timed_out", "\"name\":\"line 3 (sleep 1000)\"");
            assertThat(run.get("/api/tasks?state=cancelled")).contains("\"tasks\":[]");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(run.get("/api/tasks?state=failed").split("\"error\":\"exit 1\"", -1))
                                    .as("two attempts")
                                    .hasSize(3));
            create("end");
            assertThat(each.ended().exit()).isEqualTo(1);
        }
    }

    /// With retries a run has a window of items that are under way, which is no use if it doesn't grow too.
    @Test
    void aGrownPoolGetsMoreItems() throws Exception {
        Path classes = Path.of("target", "test-classes");
        List<String> items = new ArrayList<>(IntStream.range(0, 1_500)
                .mapToObj(_ -> "deaf " + folder.resolve("end"))
                .toList());
        items.addAll(numbers(1_500));
        Managed run = managed(
                items,
                "--capacity",
                "1",
                "--retries",
                "1",
                "--function",
                Obeys.class.getName(),
                "--classpath",
                classes.toString());
        try (EachProcess each = run.each()) {
            run.set("{\"capacity\": 1500}");
            run.awaitIn("/api/pools", "\"running\":1500");
            create("end");
            assertThat(each.ended().counts())
                    .isEqualTo("submitted=3000 completed=3000 failed=0 cancelled=0 rejected=0");
        }
    }

    @Test
    void aPortThatIsTakenIsToldBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            Ended ended = EachProcess.run(folder, numbers(3), "--management", port, "--", "echo");

            assertThat(ended.exit()).isEqualTo(2);
            assertThat(ended.out()).isEmpty();
            assertThat(ended.err())
                    .containsExactly("myrmidon each: --management " + port + ": port: " + port
                            + " at 127.0.0.1 is taken: end what listens there, or give another port");
        }
        assertThat(EachProcess.run(folder, numbers(3), "--management", "65536", "--", "echo")
                        .err())
                .containsExactly("myrmidon each: --management must be 0 to 65535, was 65536");
    }

    @Test
    void aMistakeElsewhereLeavesNoTokenBehind() throws Exception {
        try (EachProcess each = EachProcess.start(
                folder,
                ProcessBuilder.Redirect.PIPE,
                List.of("-Duser.home=" + folder),
                "--management",
                "0",
                "--in",
                folder.resolve("missing").toString(),
                "--",
                "echo")) {
            Ended ended = each.ended();

            assertThat(ended.exit()).isEqualTo(2);
            assertThat(ended.err()).hasSize(1);
            assertThat(folder.resolve(".myrmidon")).isEmptyDirectory();
        }
    }
}
