package dev.myrmidon.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.ChildJvm;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands that ask an engine, against one.
@Timeout(120)
class ApiCommandsTest {
    private static final String TOKEN = "a-token-of-the-tests";

    @TempDir
    Path folder;

    private DefaultEngine engine;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void serve() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        engine = new DefaultEngine(new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of(
                                "images",
                                Pool.builder("images").capacity(200).timed(true).config()),
                        Duration.ofSeconds(20))
                .monitor(MonitorConfig.every(Duration.ofMillis(20)))
                .tracker(TrackerConfig.DEFAULT)
                .management(ManagementConfig.DEFAULT.port(0).tokenFile(token)));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        engine.close();
    }

    private String url() {
        return engine.management().orElseThrow().toString();
    }

    private int execute(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command, "--url", url()));
        all.addAll(List.of("--token-file", folder.resolve("token").toString()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private int run(String... line) {
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private Task<?> blocked(String name) {
        return Blocked.at(gate, engine.pool("images"), name);
    }

    private Json json() {
        assertThat(out.toString().lines()).as("one document on one line").hasSize(1);
        return Json.parse(out.toString());
    }

    @Test
    void poolsAreATable() {
        var _ = blocked("slow");

        assertThat(execute("pools")).isZero();

        assertThat(lines()).hasSize(3);
        assertThat(lines().getFirst()).startsWith("POOL     STATE    RUNNING  CAPACITY  QUEUED");
        assertThat(lines().get(1)).matches("default +running +0 +10 +0 +0 .*");
        assertThat(lines().get(2)).matches("images +running +1 +200 +0 +0 .*");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aPoolHasItsRateOnceThereIsASample() {
        await().untilAsserted(() -> {
            for (int i = 0; i < 10; i++) {
                engine.pool("images").submit(() -> 1).get();
            }
            out.getBuffer().setLength(0);
            assertThat(execute("pools")).isZero();
            assertThat(lines().get(2)).matches("images .* [\\d.]+k? +[\\d.]+(us|ms|s) +0 +0");
        });
    }

    @Test
    void onePoolIsToldInFull() {
        assertThat(execute("pools", "images")).isZero();

        assertThat(lines())
                .anyMatch(line -> line.matches("POOL +images"))
                .anyMatch(line -> line.matches("capacity +200"))
                .anyMatch(line -> line.matches("config.expiry +10.0s"))
                .anyMatch(line -> line.matches("config.task_timeout +never"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"pools", "pools images", "tasks", "alarms", "resize images 7", "pause images", "resume images"})
    void jsonIsOneDocument(String line) {
        String[] words = (line + " --json").split(" ", 2);

        assertThat(execute(words[0], words[1].split(" "))).isZero();

        assertThat(json().isObject()).isTrue();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void jsonIsWhatTheApiAnswers() {
        assertThat(execute("pools", "--json")).isZero();

        assertThat(json().get("pools").items())
                .extracting(pool -> pool.get("name").text(""))
                .containsExactly("default", "images");
    }

    @Test
    void tasksAreATable() {
        Task<?> task = blocked("line\nof \u001b[31mred");

        assertThat(execute("tasks", "--pool", "images", "--sort", "slowest", "--limit", "5"))
                .isZero();

        assertThat(lines()).hasSize(2);
        assertThat(lines().getFirst()).matches("POOL +ID +RAN +WAITED +NAME");
        assertThat(lines().get(1)).matches("images +" + task.id() + " .* line\ufffdof \ufffd\\[31mred");
    }

    @Test
    void tasksThatFailedHaveTheirErrors() {
        engine.pool("images").execute(() -> {
            throw new IllegalStateException("no such image");
        });
        await().untilAsserted(() -> {
            out.getBuffer().setLength(0);
            assertThat(execute("tasks", "--state", "failed")).isZero();
            assertThat(lines()).hasSize(2);
        });
        assertThat(lines().get(1)).contains(" failed ").contains("no such image");
    }

    @Test
    void oneTaskHasItsStack() {
        Task<?> task = blocked("slow");

        assertThat(execute("tasks", "images", Long.toString(task.id()))).isZero();

        assertThat(lines())
                .anyMatch(line -> line.matches("name +slow"))
                .anyMatch(line -> line.startsWith("  at ") && line.contains("CountDownLatch"));
    }

    @Test
    void resizeSetsTheCapacity() {
        assertThat(execute("resize", "images", "400")).isZero();
        assertThat(engine.pool("images").config().capacity()).isEqualTo(400);
        assertThat(execute("resize", "images", "unbounded")).isZero();
        assertThat(engine.pool("images").config().capacity()).isEqualTo(Pool.UNBOUNDED);

        assertThat(lines())
                .containsExactly(
                        "images: capacity 400, running 0, queued 0", "images: capacity unbounded, running 0, queued 0");
    }

    @Test
    void pauseAndResume() {
        assertThat(execute("pause", "images")).isZero();
        assertThat(engine.pool("images").isPaused()).isTrue();
        assertThat(execute("pools")).isZero();
        assertThat(execute("resume", "images")).isZero();
        assertThat(engine.pool("images").isPaused()).isFalse();

        assertThat(lines())
                .startsWith("images: paused, running 0, queued 0")
                .endsWith("images: resumed, running 0, queued 0")
                .anyMatch(line -> line.matches("images +paused .*"));
    }

    @Test
    void cancelInterrupts() {
        Task<?> task = blocked("slow");

        assertThat(execute("cancel", "images", Long.toString(task.id()))).isZero();

        assertThat(lines()).containsExactly("images " + task.id() + ": cancelled (slow)");
        await().until(task::isCancelled);
    }

    @Test
    void noAlarmIsSaidSo() {
        assertThat(execute("alarms")).isZero();
        assertThat(lines()).containsExactly("no alarm is up");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pools imges        | no pool is named 'imges' at %s, did you mean 'images'?",
                "pools xyz          | no pool is named 'xyz' at %s; there are default, images",
                "pools a/b?c=d%20e+ | no pool is named 'a/b?c=d%20e+' at %s; there are default, images",
                "resize imges 3     | no pool is named 'imges' at %s, did you mean 'images'?",
                "pause imges        | no pool is named 'imges' at %s, did you mean 'images'?",
                "tasks --pool imges | no pool is named 'imges' at %s, did you mean 'images'?",
                "tasks imges 1      | no pool is named 'imges' at %s, did you mean 'images'?",
                "cancel imges 1     | no pool is named 'imges' at %s, did you mean 'images'?",
                "cancel images 777  | no task with this id runs",
                "tasks images 777   | no task with this id runs, or has ended and is remembered",
            })
    void whatIsNotThereIsSaidSo(String line, String message) {
        String[] words = line.split(" ", 2);

        assertThat(execute(words[0], words[1].split(" "))).isEqualTo(1);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly("myrmidon " + words[0] + ": " + message.replace("%s", url()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "resize images 0        | CAPACITY): must be 1 to 2147483647 or unbounded, was '0'",
                "resize images 2147483648 | must be 1 to 2147483647 or unbounded, was '2147483648'",
                "resize images          | missing required parameter: 'CAPACITY'",
                "cancel images x        | 'x' is not a long",
                "tasks images           | a task is a POOL and an ID; --pool images lists those of a pool",
                "tasks --limit 0        | --limit must be 1 to 1000, was 0",
                "tasks --sort largest   | --sort must be one of newest, slowest, was 'largest'",
                "tasks --state gone     | --state must be one of running, finished, completed,",
                "tasks images 1 --limit 3 | are for the list, and not for one task",
                "pools --url ftp://x    | \"ftp://x\" must begin with http:// or https://",
                "top --interval 1ms     | --interval must be at least 100ms",
                "top --json             | --json is for --once",
                "top localhost --url x  | the address is given twice, as URL and by --url",
            })
    void aWrongCommandLineAsksNobody(String line, String message) {
        assertThat(run(line.split(" "))).isEqualTo(2);

        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).contains(message).contains("Try 'myrmidon ");
    }

    @Test
    void writesNeedTheToken() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "another-token-than-that");

        assertThat(run("pause", "images", "--url", url(), "--token-file", wrong.toString()))
                .isEqualTo(1);

        assertThat(err.toString().lines())
                .containsExactly("myrmidon pause: " + url() + " refused the token in " + wrong
                        + ": the token is not the one of this server");
        assertThat(engine.pool("images").isPaused()).isFalse();
    }

    @Test
    void topOncePrintsOneFrame() {
        var _ = blocked("slow");

        assertThat(execute("top", "--once")).isZero();

        assertThat(lines().getFirst()).startsWith("myrmidon").contains(url());
        assertThat(lines())
                .anyMatch(line -> line.startsWith("2 pools  running 1  queued 0  waiting 0"))
                .anyMatch(line -> line.matches("images +running +1 +200 +1% +0 .*"))
                .anyMatch(line -> line.matches("images +\\d+ .* slow"));
        assertThat(out.toString()).doesNotContain("\u001b");
    }

    @Test
    void topWithoutATerminalPrintsOneFrame() {
        assertThat(execute("top")).isZero();
        assertThat(lines().getFirst()).startsWith("myrmidon").contains(url());
    }

    @Test
    void topOnceAsJsonIsOneDocument() {
        var _ = blocked("slow");

        assertThat(execute("top", "--once", "--json")).isZero();

        assertThat(json().fields().keySet()).containsExactly("at", "info", "pools", "samples", "alarms", "tasks");
        assertThat(json().get("pools").items()).hasSize(2);
        assertThat(json().get("tasks").items().getFirst().get("name").text("")).isEqualTo("slow");
    }

    @Test
    void jsonHasNoCharactersThatSteerATerminal() {
        assertThat(ApiCommand.safe("{\"a\": \"\u009b31m\u007f\"}")).isEqualTo("{\"a\": \"\\u009b31m\\u007f\"}");
    }

    /// As `myrmidon tasks | head -1`: the reader ends while much is written.
    @Test
    void aReaderThatGoesAwayIsNoError() throws IOException, InterruptedException {
        for (int i = 0; i < 300; i++) {
            var _ = engine.registry()
                    .create(Pool.builder("p-" + "x".repeat(50) + i).capacity(1).config());
        }
        Path log = folder.resolve("err");
        List<String> shell = List.of("sh", "-c", "{ \"$@\"; echo \"exit $?\" >&2; } 2> " + log + " | head -1", "sh");
        try (ChildJvm child = ChildJvm.start(shell, Main.class.getName(), "pools", "--url", url())) {
            child.awaitLine("POOL");
            assertThat(child.exitCode()).isZero();
        }
        await().atMost(30, TimeUnit.SECONDS).until(() -> !Files.readString(log).isEmpty());
        // All of it may have been in the pipe before the reader went away.
        assertThat(Files.readString(log)).isIn("exit 141\n", "exit 0\n");
    }

    @Test
    void aConfigurationThatCannotBeWrittenIsAFailure() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool: { size: 5 }");
        List<String> shell = List.of("sh", "-c", "\"$@\" > /dev/full", "sh");
        try (ChildJvm child = ChildJvm.start(shell, Main.class.getName(), "check", file.toString())) {
            assertThat(child.exitCode()).isEqualTo(1);
            assertThat(child.said()).containsExactly("myrmidon check: standard output can't be written");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"resize images 3", "pause images", "resume images", "cancel images 1"})
    void whoeverSaysOnlyThatAllIsWellHasChangedNothing(String line) throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });
        other.start();
        try {
            String url = "http://127.0.0.1:" + other.getAddress().getPort();
            List<String> all = new ArrayList<>(List.of(line.split(" ")));
            all.addAll(List.of(
                    "--url", url, "--token-file", folder.resolve("token").toString()));
            assertThat(run(all.toArray(String[]::new))).isEqualTo(1);
            assertThat(out.toString()).isEmpty();
            assertThat(err.toString())
                    .endsWith(url + " doesn't speak as a Myrmidon engine: it doesn't say that it changed images\n");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() throws IOException, InterruptedException {
        List<String> shell = List.of("sh", "-c", "\"$@\" > /dev/full", "sh");
        try (ChildJvm child = ChildJvm.start(shell, Main.class.getName(), "pools", "--url", url())) {
            assertThat(child.exitCode()).isEqualTo(1);
            assertThat(child.said()).containsExactly("myrmidon pools: standard output can't be written");
        }
    }

    @Test
    void theEnvironmentSaysWhereAndWithWhat() throws IOException, InterruptedException {
        List<String> env = List.of("env", "MYRMIDON_URL=" + url(), "MYRMIDON_TOKEN=" + TOKEN);
        try (ChildJvm child = ChildJvm.start(env, Main.class.getName(), "resize", "images", "9")) {
            assertThat(child.exitCode()).isZero();
            assertThat(child.said()).containsExactly("images: capacity 9, running 0, queued 0");
        }
    }

    @Test
    void anAddressOfTheEnvironmentThatIsNoneIsToldAsSuch() throws IOException, InterruptedException {
        List<String> env = List.of("env", "MYRMIDON_URL=ftp://x");
        try (ChildJvm child = ChildJvm.start(env, Main.class.getName(), "pools")) {
            assertThat(child.exitCode()).isEqualTo(2);
            assertThat(child.said().getFirst())
                    .startsWith("myrmidon pools: the variable MYRMIDON_URL: \"ftp://x\" must begin with http://");
        }
        try (ChildJvm child = ChildJvm.start(env, Main.class.getName(), "top", "--once", url())) {
            assertThat(child.exitCode()).as("nobody needs it").isZero();
        }
    }
}
