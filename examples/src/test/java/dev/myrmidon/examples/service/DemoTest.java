package dev.myrmidon.examples.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.PoolStats;
import dev.myrmidon.engine.Engine;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoTest {
    private static final Path CONFIG = Path.of("service/config.yaml");
    private static final Duration LONG = Duration.ofSeconds(60);

    private static final Pattern COMPLETED = Pattern.compile("\"state\":\"completed\"");

    @TempDir
    Path folder;

    private Path config;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void takesAnyFreePort() throws IOException {
        config = Files.writeString(
                folder.resolve("config.yaml"), Files.readString(CONFIG).replace("port: 8080", "port: 0"));
    }

    private HttpResponse<String> get(URI base, String path) {
        return client.sendAsync(
                        HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                .join();
    }

    @Test
    void loadFlowsThroughEveryPoolAndTheBooksBalance() throws Exception {
        Engine engine = Engine.load(config);
        Shop shop = new Shop(engine, 0);
        Load load = new Load(shop.address(), 200, () -> !engine.pool().isShutdown());
        try (engine;
                shop;
                load) {
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(load.answered(200)).isGreaterThan(500);
                assertThat(load.answered(202)).isPositive();
                assertThat(engine.registry().pools())
                        .allSatisfy(pool -> assertThat(pool.stats().completed())
                                .as(pool.config().name())
                                .isPositive());
            });

            URI api = engine.management().orElseThrow();
            assertThat(get(api, "/api/pools").body()).contains("\"stock\"", "\"images\"");
            await().atMost(LONG)
                    .untilAsserted(
                            () -> assertThat(get(api, "/api/tasks?pool=reports").body())
                                    .contains("\"name\":\"revenue of "));
        }
        // A task that was interrupted may still be on its way out.
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(engine.registry().pools()).allSatisfy(pool -> {
                    PoolStats stats = pool.stats();
                    assertThat(stats.submitted())
                            .isEqualTo(stats.rejected() + stats.completed() + stats.failed() + stats.cancelled());
                }));
        assertThat(load.toString()).startsWith("requests: 200=");
    }

    @Test
    void whatHasNoRoomIsRefusedUntilLaterAndHarmsNoOther() throws Exception {
        try (Engine engine = Engine.load(config);
                Shop shop = new Shop(engine, 0)) {
            engine.pool("search").pause(); // so that what it accepts stays
            List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
            for (int i = 0; i < engine.pool("search").config().queueCapacity(); i++) {
                accepted.add(client.sendAsync(
                        HttpRequest.newBuilder(shop.address().resolve("search/" + i))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            await().atMost(LONG).until(() -> engine.pool("search").stats().queued() == accepted.size());

            HttpResponse<String> refused = get(shop.address(), "search/boots");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(refused.body()).startsWith("search is paused: running=0/8 queued=16/16");
            assertThat(get(shop.address(), "reset/ann").body()).isEqualTo("sent to ann\n");

            engine.pool("search").resume();
            assertThat(accepted)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        }
    }

    @Test
    void whatIsShedOrComesTooLateIsToBeTriedLater() throws Exception {
        try (Engine engine = Engine.load(config);
                Shop shop = new Shop(engine, 0)) {
            engine.pool("stock").pause(); // its tasks must start within 2 s
            HttpResponse<String> shed = get(shop.address(), "order/7");
            assertThat(shed.statusCode()).isEqualTo(503);
            assertThat(shed.headers().firstValue("Retry-After")).hasValue("1");

            engine.pool("mail").shutdown();
            assertThat(get(shop.address(), "reset/ann").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aCancelledTaskIsAnswered() throws Exception {
        try (Engine engine = Engine.load(config);
                Shop shop = new Shop(engine, 0)) {
            engine.pool("images").pause();
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    HttpRequest.newBuilder(shop.address().resolve("image/1")).build(),
                    HttpResponse.BodyHandlers.ofString());
            await().atMost(LONG).until(() -> engine.pool("images").stats().queued() == 1);
            engine.pool("images").shutdownNow().forEach(task -> ((Future<?>) task).cancel(true));

            assertThat(answer.join().statusCode()).isEqualTo(503);
        }
    }

    /// In a JVM of its own, as the launcher starts it.
    @Test
    void sigtermEndsItCleanly() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                "target/classes" + File.pathSeparator + System.getProperty("jdk.module.path", "") + File.pathSeparator
                        + System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--rate",
                "100",
                "--config",
                config.toString());
        Path out = folder.resolve("out");
        Process process = builder.redirectOutput(out.toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
        try {
            await().atMost(LONG).until(() -> Files.readString(out).contains("Ctrl-C ends it."));
            Matcher console = Pattern.compile("The console is at (\\S+),").matcher(Files.readString(out));
            assertThat(console.find()).isTrue();
            URI api = URI.create(console.group(1));
            await().atMost(LONG)
                    .until(() -> COMPLETED
                                    .matcher(get(api, "/api/tasks?pool=default&state=completed&limit=50")
                                            .body())
                                    .results()
                                    .count()
                            == 50); // so that the load has had answers

            process.toHandle().destroy();

            assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(folder.resolve("err"))).doesNotContain("Exception");
            assertThat(process.exitValue()).isZero();
            assertThat(Files.readString(out)).contains("\nrequests: 200=").contains("\nthe books balance");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aBadCommandLineOrConfigurationIsToldAndNothingStarts() throws Exception {
        assertThat(wrong("--rate", "-1", "--config", config.toString())).contains("--rate must be 0 to 100000, was -1");
        assertThat(wrong("--port", "65536", "--config", config.toString()))
                .contains("--port must be 0 to 65535, was 65536");
        Files.writeString(config, "pools: { stock: { size: 0 } }");
        assertThat(wrong("--config", config.toString())).contains("pools.stock.size");
    }

    private static String wrong(String... arguments) {
        StringWriter err = new StringWriter();
        CommandLine line = Demo.commandLine().setErr(new PrintWriter(err, true));
        assertThat(line.execute(arguments)).isEqualTo(2);
        return err.toString();
    }
}
