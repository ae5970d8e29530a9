package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.EngineConfig;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What `/metrics` of an engine says, against what the documents make of it.
@Timeout(60)
class MetricsTest {
    private static final Path DOCS = Path.of("..", "docs");
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Only there if whoever retries counts, and an engine's pools have nobody who does.
    private static final String RETRIES = "myrmidon_pool_retries_total";

    private static final Pattern METRIC = Pattern.compile("\\b(?:executor|myrmidon|jvm|process|system)_[a-z0-9_]+");
    private static final Pattern LABELS = Pattern.compile(
            "\\{([^}]*)}|\\b(?:by|on|without|ignoring)\\s*\\(([^)]*)\\)|label_values\\([a-z_]+, ([a-z]+)");
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(
                folder,
                new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of(
                                "images",
                                Pool.builder("images")
                                        .capacity(2)
                                        .queueCapacity(3)
                                        .timed(true)
                                        .config()),
                        Duration.ofSeconds(5)));
    }

    @AfterEach
    void close() {
        served.close();
    }

    private Scraped scrape() throws IOException, InterruptedException {
        HttpResponse<String> answer = served.get("/metrics");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        return Scraped.read(answer.body(), false);
    }

    private HttpResponse<String> scrape(String accept) throws IOException, InterruptedException {
        return served.send(served.request("/metrics").header("Accept", accept).GET());
    }

    @Test
    void saysTheSameInBothFormats() throws Exception {
        Scraped text = scrape();
        HttpResponse<String> answer = scrape("application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        assertThat(answer.headers().firstValue("Content-Type")).contains(OPEN_METRICS);
        Scraped openMetrics = Scraped.read(answer.body(), true);

        assertThat(openMetrics.names()).isEqualTo(text.names());
        assertThat(openMetrics.labels()).isEqualTo(text.labels());
        assertThat(text.names()).anyMatch(name -> name.endsWith("_total")).contains("jvm_memory_used_bytes");
    }

    @Test
    void timersAreHistogramsAndCountersCount() throws Exception {
        Pool images = served.engine.pool("images");
        for (int i = 0; i < 30; i++) {
            images.submit(() -> {
                        Thread.sleep(1);
                        return true;
                    })
                    .get();
        }
        served.engine.pool().submit(() -> {}).get();
        images.awaitIdle();
        served.engine.pool().awaitIdle();

        Scraped scraped = scrape();

        Map<String, String> own = Map.of("name", "images");
        assertThat(scraped.families().get("executor_seconds").type()).isEqualTo("histogram");
        assertThat(scraped.families().get("executor_idle_seconds").type()).isEqualTo("histogram");
        assertThat(scraped.value("executor_seconds_count", own)).isEqualTo(30);
        assertThat(scraped.value("executor_seconds_sum", own)).isGreaterThanOrEqualTo(0.03);
        assertThat(scraped.value("executor_idle_seconds_count", own)).isEqualTo(30);
        assertThat(scraped.samples().stream().filter(sample -> sample.name().equals("executor_idle_seconds_bucket")))
                .hasSize(25);
        assertThat(scraped.value("executor_completed_tasks_total", own)).isEqualTo(30);
        assertThat(scraped.value("executor_completed_tasks_total", Map.of("name", "default")))
                .isEqualTo(1);
        assertThat(scraped.value("myrmidon_pool_limit_tasks", own)).isEqualTo(2);
    }

    @Test
    void dashboardAndAlertsAskForWhatThereIs() throws Exception {
        Set<String> metrics = new HashSet<>();
        Set<String> labels = new HashSet<>();
        for (String document : List.of("grafana-dashboard.json", "prometheus-alerts.yaml")) {
            expressions(Served.parsed(Files.readString(DOCS.resolve(document)))).forEach(expression -> {
                found(METRIC, expression.replaceAll("\\{[^}]*}", "{}")).forEach(metrics::add);
                LABELS.matcher(expression)
                        .results()
                        .map(MetricsTest::group)
                        .flatMap(list -> found(Pattern.compile("[a-z_]+"), list.replaceAll("\"[^\"]*\"", "")))
                        .forEach(labels::add);
            });
        }
        labels.removeAll(OF_PROMETHEUS);
        Scraped scraped = scrape();

        assertThat(metrics).hasSizeGreaterThan(15).contains(RETRIES);
        metrics.remove(RETRIES);
        assertThat(scraped.names()).containsAll(metrics);
        assertThat(labels).contains("name", "le", "reason", "kind", "cause");
        assertThat(scraped.labels()).containsAll(labels);
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group);
    }

    private static String group(MatchResult found) {
        return Stream.of(1, 2, 3)
                .map(found::group)
                .filter(group -> group != null)
                .findFirst()
                .orElseThrow();
    }

    /// All that stands under `expr` or `query`, however deep.
    private static Stream<String> expressions(Object node) {
        return switch (node) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .flatMap(entry -> entry.getValue() instanceof String text
                                        && Set.of("expr", "query").contains(entry.getKey())
                                ? Stream.of(text)
                                : expressions(entry.getValue()));
            case List<?> list -> list.stream().flatMap(MetricsTest::expressions);
            case null, default -> Stream.of();
        };
    }

    @Test
    void thePageHasEveryMeterOfTheJvm() throws Exception {
        String page = Files.readString(DOCS.resolve("metrics.md"));
        String section = page.substring(page.indexOf("## The JVM"));
        Set<String> documented = found(Pattern.compile("`(?:jvm|process|system)_[a-z0-9_]+`"), section)
                .map(name -> name.replace("`", ""))
                .collect(Collectors.toSet());
        scrape();
        System.gc(); // some are there only once there was a collection
        Set<String> scraped = scrape(OPEN_METRICS)
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("executor") && !line.startsWith("myrmidon"))
                .map(line -> line.substring(0, line.indexOf(line.contains("{") ? '{' : ' ')))
                .collect(Collectors.toSet());

        assertThat(documented).containsAll(scraped);
        documented.removeIf(name -> name.startsWith("jvm_gc_pause_") || name.startsWith("jvm_gc_concurrent_"));
        assertThat(scraped).containsAll(documented);
    }

    @Test
    void needsNoTokenAndKeepsToTheRulesOfTheOthers() throws Exception {
        HttpResponse<String> head =
                served.send(served.request("/metrics").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isGreaterThan(1_000);
        assertThat(head.body()).isEmpty();
        assertThat(served.get("/metrics?name=images").statusCode()).isEqualTo(400);
        assertThat(served.send(served.request("/metrics").DELETE()).statusCode())
                .isEqualTo(405);
        assertThat(served.get("/metrics/").statusCode()).isEqualTo(404);
        assertThat(served.raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void anAcceptThatIsGarbageGetsText() throws Exception {
        for (String accept :
                List.of(";;;", "q=9", "*/*;q=abc", "x".repeat(5_000), "application/openmetrics-text;q=-1")) {
            assertThat(scrape(accept).headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/plain");
        }
        assertThat(scrape("application/json").statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsPausedFullOrRefusesCanBeScraped() throws Exception {
        Pool images = served.engine.pool("images");
        CountDownLatch hold = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            images.execute(() -> {
                try {
                    hold.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        served.engine.pool().pause();
        Scraped scraped = scrape();
        assertThat(scraped.value("executor_active_threads", Map.of("name", "images")))
                .isEqualTo(2);
        assertThat(scraped.value("executor_queue_remaining_tasks", Map.of("name", "images")))
                .isZero();
        hold.countDown();
        served.engine.pool().resume();
    }
}
