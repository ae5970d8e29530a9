package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.manage.MonitorConfig;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
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

@Timeout(60)
class HistoryTest {
    @TempDir
    Path folder;

    private Served served;
    private final CountDownLatch gate = new CountDownLatch(1);

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
                                                .queueCapacity(10)
                                                .timed(true)
                                                .config()),
                                Duration.ofSeconds(2))
                        .monitor(MonitorConfig.every(Duration.ofMillis(20))));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        served.close();
    }

    @Test
    void stepsAreAsLongAsThePointsNeedAndPeaksStay() throws IOException, InterruptedException {
        block("images", 3);
        await().until(() -> served.engine.monitor().latest("images").stream()
                .anyMatch(sample -> sample.stats().queued() == 1));
        gate.countDown();
        await().until(() -> served.engine.monitor().latest("images").stream()
                .anyMatch(sample -> sample.stats().running() == 0
                        && sample.runs().orElseThrow().count() >= 3));

        Map<String, Object> history = served.json("/api/history?pool=images&last=60&points=2");

        assertThat(history).containsEntry("step", 30.0);
        assertThat(history.values().stream().filter(List.class::isInstance))
                .allSatisfy(list -> assertThat((List<?>) list).hasSizeBetween(1, 3));
        assertThat(list(history, "running")).contains(2);
        assertThat(list(history, "queued")).contains(1);
        assertThat(list(history, "capacity")).containsOnly(2);
        assertThat(list(history, "throughput"))
                .anySatisfy(rate -> assertThat((double) rate).isPositive());
        assertThat(list(history, "run_p99").getLast()).isNotNull();
        assertThat(list(history, "at").getLast()).isInstanceOf(Double.class);
    }

    @Test
    void withoutAPoolTheSumsAreTold() throws IOException, InterruptedException {
        block("images", 3);
        block("default", 4);
        await().until(() -> served.engine.monitor().latest().stream()
                        .mapToInt(sample -> sample.stats().running())
                        .sum()
                == 6);

        Map<String, Object> history = served.json("/api/history?last=3600&points=1");

        assertThat(list(history, "running")).contains(6);
        assertThat(list(history, "queued")).contains(1);
        assertThat(history).doesNotContainKeys("capacity", "run_p50");
    }

    @Test
    void aStepIsNoShorterThanAnInterval() throws IOException, InterruptedException {
        await().until(() -> served.engine.monitor().history("images").size() > 3);

        Map<String, Object> history = served.json("/api/history?pool=images&last=1&points=1000");

        assertThat(history).containsEntry("step", 0.02);
        assertThat(list(history, "at").size()).isLessThanOrEqualTo(51);
    }

    @ParameterizedTest
    @CsvSource({
        "pool=nobody,404,no pool has this name",
        "last=0,400,last must be a whole number from 1 to 86400",
        "last=86401,400,last must be",
        "points=1001,400,points must be a whole number from 1 to 1000",
        "points=many,400,points must be",
        "points=1&points=2,400,must come once",
        "since=1,400,unknown parameter",
    })
    void whatIsWrongIsSaid(String query, int status, String detail) throws IOException, InterruptedException {
        HttpResponse<String> response = served.get("/api/history?" + query);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(detail);
    }

    private void block(String pool, int tasks) {
        for (int i = 0; i < tasks; i++) {
            var _ = served.engine.pool(pool).submit(() -> {
                gate.await();
                return null;
            });
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> history, String name) {
        return (List<Object>) history.get(name);
    }
}
