package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ApiTest {
    @TempDir
    Path folder;

    private Served served;
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void serve() throws IOException {
        EngineConfig config = new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of(
                                "images",
                                Pool.builder("images").capacity(200).timed(true).config()),
                        Duration.ofSeconds(20))
                .monitor(MonitorConfig.every(Duration.ofMillis(20)))
                .tracker(TrackerConfig.DEFAULT);
        served = new Served(folder, config);
    }

    @AfterEach
    void stop() {
        gate.countDown();
        served.close();
    }

    @Test
    void healthAndReadinessAreTold() throws IOException, InterruptedException {
        assertThat(served.json("/healthz")).containsEntry("status", "up");
        assertThat(served.json("/readyz")).containsEntry("status", "ready");
    }

    @Test
    void itStaysUpDuringTheDrainAndIsNotReadyThen() throws IOException, InterruptedException {
        var _ = blockedTask("slow");
        Thread closer = Thread.startVirtualThread(served.engine::close);
        await().until(() -> served.get("/readyz").statusCode() == 503);

        assertThat(served.json("/healthz")).containsEntry("status", "up");
        await().untilAsserted(() -> assertThat(pool("images")).containsEntry("state", "draining"));
        assertThat(pool("images")).containsEntry("running", 1);
        HttpResponse<String> late = served.patch("/api/pools/images", "{\"capacity\": 3}");
        assertThat(late.statusCode()).isEqualTo(409);

        gate.countDown();
        closer.join();
        await().until(() -> {
            try {
                served.get("/healthz");
                return false;
            } catch (IOException _) {
                return true;
            }
        });
    }

    @Test
    void itSaysWhatItIs() throws IOException, InterruptedException {
        Map<String, Object> info = served.json("/api/info");

        assertThat(info)
                .containsEntry("name", "myrmidon")
                .containsEntry("pid", (int) ProcessHandle.current().pid())
                .containsEntry("interval", 0.02)
                .containsEntry("tracked", true)
                .containsEntry("file", null)
                .containsEntry("reads_need_token", false);
        assertThat(info.get("version")).asString().matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(Instant.parse(info.get("started").toString())).isBeforeOrEqualTo(Instant.now());
    }

    /// Names that an application gives need not be those that a file may have.
    @ParameterizedTest
    @ValueSource(strings = {"a b", "a/b", "x+y", "größe", "日本", "50%", "a?b#c", "..", "a;b=c&d"})
    void aPoolOfAnyNameIsFoundAndChanged(String name) throws IOException, InterruptedException {
        served.engine.functionPool(name, 5, _ -> {});
        String path =
                "/api/pools/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");

        assertThat(served.json(path)).containsEntry("name", name);
        assertThat(served.patch(path, "{\"capacity\": 6}").statusCode()).isEqualTo(200);
        assertThat(served.engine.pool(name).config().capacity()).isEqualTo(6);
        assertThat(served.json("/api/tasks?pool=" + URLEncoder.encode(name, StandardCharsets.UTF_8)))
                .containsEntry("tasks", List.of());
    }

    @Test
    void poolsAreListed() throws IOException, InterruptedException {
        List<Map<String, Object>> pools = Served.list(served.json("/api/pools").get("pools"));

        assertThat(pools).extracting(pool -> pool.get("name")).containsExactly("default", "images");
        assertThat(pools.get(1))
                .containsEntry("state", "running")
                .containsEntry("capacity", 200)
                .containsEntry("available", 200)
                .containsEntry("paused", false)
                .containsEntry("scaled", false);
    }

    @Test
    void aPoolHasItsConfigurationAndSamples() throws IOException, InterruptedException {
        await().until(() -> served.engine.monitor().latest("images").isPresent());
        served.engine.pool("images").submit(() -> "done").join();
        await().until(() -> served.engine.monitor().history("images").stream().anyMatch(sample -> sample.ended() == 1));

        Map<String, Object> pool = pool("images");

        assertThat(pool).containsEntry("completed", 1);
        assertThat(pool.get("config"))
                .asString()
                .contains("queue_order=fifo", "when_saturated=wait", "expiry=10.0", "task_timeout=null");
        List<Map<String, Object>> history = Served.list(pool.get("history"));
        assertThat(history).isNotEmpty().last().isEqualTo(pool.get("sample"));
        assertThat(history).anySatisfy(sample -> assertThat(sample).containsEntry("ended", 1));
        assertThat(history.getLast().get("runs")).asString().contains("p99=");
        assertThat(pool("default").get("sample")).asString().contains("runs=null");
    }

    @Test
    void aPatchResizesAndPausesAndIsInTheAudit() throws IOException, InterruptedException {
        HttpResponse<String> response = served.patch("/api/pools/images", "{\"capacity\": 400, \"paused\": true}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Served.parsed(response.body()))
                .containsEntry("capacity", 400)
                .containsEntry("paused", true);
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(400);
        assertThat(served.engine.pool("images").isPaused()).isTrue();
        AuditEntry entry = served.engine.audit().getLast();
        assertThat(entry.changes()).containsExactly("images.capacity 200 → 400", "images.paused false → true");
        assertThat(entry.applied()).isTrue();
        assertThat(entry.source()).isEqualTo(AuditEntry.Source.HTTP);
        assertThat(entry.client().orElseThrow()).matches("127\\.0\\.0\\.1:\\d+");

        served.patch("/api/pools/images", "{\"capacity\": -1, \"paused\": false}");
        assertThat(served.engine.audit().getLast().changes())
                .containsExactly("images.capacity 400 → unbounded", "images.paused true → false");
        List<Map<String, Object>> entries =
                Served.list(served.json("/api/audit").get("entries"));
        assertThat(entries).hasSize(2).last().extracting("source", "applied").containsExactly("http", true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"capacity\": 0}|capacity must be a whole number from 1 to 2147483647, or -1 for unbounded, was 0",
                "{\"capacity\": 99999999999}|was 99999999999",
                "{\"capacity\": \"20\"}|was \"20\"",
                "{\"capacity\": 1.5}|was 1.5",
                "{\"capacity\": \"a\\nINFO b\"}|was \"a\ufffdINFO b\"",
                "{\"capacity\": [1]}|was an array",
                "{\"capacity\": null}|was null",
                "{\"paused\": \"yes\"}|paused must be true or false, was \"yes\"",
                "{\"capacity\": 3, \"size\": 4}|unknown field \"size\"; those here are capacity, paused and scaling",
                "{}|the body must have one of capacity, paused and scaling",
                "[]|the body must be a JSON object",
                "`` |the body must be a JSON object",
                "{\"capacity\": 3} x|is not JSON: line 1, column ",
                "{\"capacity\": 3} {}|something comes after it",
                "{\"capacity\": 3|is not JSON: line 1, column ",
                "{capacity: 3}|is not JSON: line 1, column 2",
                "{\"capacity\": 3, \"capacity\": 4}|is not JSON: line 1, column ",
                "{\"capacity\": [[[[[[[[[[[[1]]]]]]]]]]]]}|nests too deep",
            })
    void aBadBodyChangesNothingAndSaysWhatIsWrong(String body, String detail) throws IOException, InterruptedException {
        HttpResponse<String> response = served.patch("/api/pools/images", body);

        assertProblem(response, 400, detail);
        assertThat(response.body()).doesNotContain("jackson", "Exception", "Source", "REDACTED", "[]");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
        AuditEntry entry = served.engine.audit().getLast();
        assertThat(entry.applied()).isFalse();
        assertThat(entry.refusals())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("PATCH /api/pools/images: ")
                .contains(detail);
    }

    @Test
    void aPoolThatIsNotThereIs404() throws IOException, InterruptedException {
        assertProblem(served.get("/api/pools/nope"), 404, "no pool has this name");
        assertProblem(served.patch("/api/pools/nope", "{\"capacity\": 3}"), 404, "no pool has this name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/api", "/api/", "/console", "/api/pools/a/b", "/metrics/x", "/healthz/"})
    void anUnknownPathIs404(String path) throws IOException, InterruptedException {
        assertProblem(served.get(path), 404, "there is nothing at this path");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /healthz, 'GET, HEAD'",
        "PUT, /api/pools/images, 'GET, HEAD, PATCH'",
        "GET, /api/config/reload, POST",
        "OPTIONS, /api/tasks, 'GET, HEAD'",
        "TRACE, /api/audit, 'GET, HEAD'",
        "PATCH, /api/tasks/images/1, 'DELETE, GET, HEAD'",
    })
    void anotherMethodIs405(String method, String path, String allow) throws IOException, InterruptedException {
        HttpResponse<String> response = served.send(served.request(path).method(method, BodyPublishers.noBody()));

        assertProblem(response, 405, allow);
        assertThat(response.headers().firstValue("Allow")).contains(allow);
    }

    @Test
    void theHeadOfEverythingIsThere() throws IOException, InterruptedException {
        for (String path : List.of("/healthz", "/api/pools", "/api/pools/images", "/api/config", "/api/events")) {
            HttpResponse<String> response = served.send(served.request(path).HEAD());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void runningTasksAreListedWithTheirStacksAndCancelled() throws IOException, InterruptedException {
        var task = blockedTask("<script>alert(1)</script>");

        List<Map<String, Object>> tasks = Served.list(
                served.json("/api/tasks?pool=images&sort=slowest&limit=5").get("tasks"));
        assertThat(tasks).hasSize(1);
        assertThat(tasks.getFirst())
                .containsEntry("pool", "images")
                .containsEntry("id", (int) task.id())
                .containsEntry("name", "<script>alert(1)</script>")
                .containsEntry("state", "running");
        String path = "/api/tasks/images/" + task.id();
        await().untilAsserted(() ->
                assertThat(served.json(path).get("stack")).asString().contains("CountDownLatch.await"));

        HttpResponse<String> cancelled = served.send(served.request(path)
                .header("Authorization", "Bearer " + Served.TOKEN)
                .DELETE());

        assertThat(cancelled.statusCode()).isEqualTo(200);
        assertThat(task.isCancelled()).isTrue();
        assertThat(served.engine.audit().getLast().changes())
                .containsExactly("images: task " + task.id() + " cancelled");
        await().untilAsserted(() -> assertThat(served.json(path)).containsEntry("state", "cancelled"));
        assertProblem(
                served.send(served.request(path)
                        .header("Authorization", "Bearer " + Served.TOKEN)
                        .DELETE()),
                409,
                "the task has ended");
    }

    @Test
    void endedTasksAreListedByOutcome() throws IOException, InterruptedException {
        Pool images = served.engine.pool("images");
        images.submit(() -> "well").join();
        var failed = images.submit(
                () -> {
                    throw new IllegalStateException("boom");
                },
                TaskOptions.named("fails"));
        await().until(failed::isDone);
        await().until(() -> Served.list(served.json("/api/tasks?state=finished").get("tasks"))
                        .size()
                == 2);

        List<Map<String, Object>> failures =
                Served.list(served.json("/api/tasks?state=failed&sort=slowest").get("tasks"));
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst())
                .containsEntry("name", "fails")
                .containsEntry("error", "java.lang.IllegalStateException: boom");
        assertThat(Served.list(served.json("/api/tasks?state=finished&limit=1").get("tasks")))
                .hasSize(1);
        Map<String, Object> one = served.json("/api/tasks/images/" + failed.id());
        assertThat(one).containsEntry("state", "failed");
        assertThat(one.get("stack")).asString().contains(ApiTest.class.getName() + ".");
    }

    @ParameterizedTest
    @CsvSource({
        "state=gone, state must be",
        "limit=0, limit must be",
        "limit=1001, limit must be",
        "limit=x, limit must be",
        "sort=fast, sort must be",
        "pool=nope, pool must be",
        "color=red, unknown parameter",
        "limit=1&limit=2, must come once",
    })
    void aBadParameterIs400(String query, String detail) throws IOException, InterruptedException {
        assertProblem(served.get("/api/tasks?" + query), 400, detail);
    }

    @Test
    void aTaskThatIsNotThereIs404() throws IOException, InterruptedException {
        assertProblem(served.get("/api/tasks/images/777"), 404, "no task with this id");
        assertProblem(served.get("/api/tasks/images/x"), 404, "the id of a task is a number");
        assertProblem(served.get("/api/tasks/nope/1"), 404, "no pool");
        assertProblem(
                served.send(served.request("/api/tasks/images/777")
                        .header("Authorization", "Bearer " + Served.TOKEN)
                        .DELETE()),
                404,
                "no task with this id");
    }

    @Test
    void alarmsConfigurationAndTheDescriptionAreServed() throws IOException, InterruptedException {
        assertThat(served.json("/api/alarms")).containsKeys("active", "recent");
        HttpResponse<String> config = served.get("/api/config");
        assertThat(config.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(config.body())
                .contains("\"images\":", "management: { host: \"127.0.0.1\"")
                .doesNotContain(Served.TOKEN);
        assertThat(served.get("/api/openapi.yaml").body()).startsWith("openapi: 3.1.0");
    }

    @Test
    void aReloadNeedsAFile() throws IOException, InterruptedException {
        assertProblem(reload(served), 409, "not made from a file");
        assertProblem(served.get("/api/config/diff"), 409, "no file");
    }

    @Test
    void aReloadAppliesTheFile() throws IOException, InterruptedException {
        String text = "pools: { images: { size: %s } }\nmanagement: { port: 0, token_file: \"" + folder.resolve("token")
                + "\" }\nalarms: { webhook: { url: \"https://h.example/secret-path\" } }";
        Path file = Files.writeString(folder.resolve("config.yaml"), text.formatted(200));
        try (Served fromFile = new Served(new DefaultEngine(file, false))) {
            assertThat(fromFile.get("/api/config").body())
                    .contains("https://h.example")
                    .doesNotContain("secret-path");
            assertThat(fromFile.json("/api/info")).containsEntry("file", file.toString());
            assertThat(fromFile.json("/api/config/diff"))
                    .isEqualTo(Map.of("changes", List.of(), "refusals", List.of()));
            Files.writeString(file, text.formatted(300));
            assertThat(fromFile.json("/api/config/diff"))
                    .isEqualTo(Map.of("changes", List.of("images.size 200 → 300"), "refusals", List.of()));
            assertThat(fromFile.engine.pool("images").config().capacity()).isEqualTo(200);
            assertThat(fromFile.engine.audit()).isEmpty();
            assertThat(Served.parsed(reload(fromFile).body()))
                    .containsEntry("applied", true)
                    .containsEntry("source", "http")
                    .containsEntry("changes", List.of("images.size 200 → 300"));
            Files.writeString(file, text.formatted("x"));
            assertThat(Served.list(fromFile.json("/api/config/diff").get("refusals"))
                            .toString())
                    .contains("config.yaml:1:", "\"x\"");
            assertThat(Served.parsed(reload(fromFile).body())).containsEntry("applied", false);
            Files.writeString(file, text.formatted(300).replace("port: 0", "port: 1"));
            assertThat(fromFile.json("/api/config/diff"))
                    .containsEntry("changes", List.of("management.port 0 → 1"))
                    .containsEntry("refusals", List.of("management.port 0 → 1 needs a restart"));
            assertThat(fromFile.engine.reload().refusals()).containsExactly("management.port 0 → 1 needs a restart");
        }
    }

    private static HttpResponse<String> reload(Served served) throws IOException, InterruptedException {
        return served.send(served.request("/api/config/reload")
                .header("Authorization", "Bearer " + Served.TOKEN)
                .POST(BodyPublishers.noBody()));
    }

    private Task<?> blockedTask(String name) throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        var task = served.engine
                .pool("images")
                .submit(
                        () -> {
                            began.countDown();
                            gate.await();
                            return null;
                        },
                        TaskOptions.named(name));
        began.await();
        return task;
    }

    private Map<String, Object> pool(String name) throws IOException, InterruptedException {
        return served.json("/api/pools/" + name);
    }

    static void assertProblem(HttpResponse<String> response, int status, String detail) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        Map<String, Object> problem = Served.parsed(response.body());
        assertThat(problem)
                .containsEntry("status", status)
                .containsEntry("type", "about:blank")
                .containsKey("title");
        assertThat(problem.get("detail")).asString().contains(detail);
    }
}
