package dev.myrmidon.engine.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.OtlpConfig;
import dev.myrmidon.engine.internal.ReservedPort;
import dev.myrmidon.manage.PoolRegistry;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class OtlpExportTest {
    /// Held, since the log manager holds loggers weakly.
    private static final Logger LOGGER = Logger.getLogger("dev.myrmidon.engine.metrics");

    /// For what is to happen, or to be given up, however slow the machine is.
    private static final Duration LONG = Duration.ofSeconds(45);

    /// What a server that hangs would take up.
    private static final Duration ENDLESS = Duration.ofHours(1);

    private final PoolRegistry pools = new PoolRegistry();
    private final List<LogRecord> log = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            log.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void close() {
        awaitNoThreads(); // so that what they log late is not in the log of the next test
        LOGGER.removeHandler(handler);
        pools.close();
    }

    private OtlpExport start(OtlpConfig config) {
        return OtlpExport.start(config, pools, LONG, LONG);
    }

    private Pool pool(String name) {
        return pools.create(Pool.builder(name).capacity(3).timed(true).config());
    }

    private static void run(Pool pool, int tasks) throws Exception {
        for (int i = 0; i < tasks; i++) {
            pool.submit(() -> {
                        Thread.sleep(1);
                        return true;
                    })
                    .get();
        }
        pool.awaitIdle();
    }

    @Test
    void whatArrivesIsWhatThePoolsDid() throws Exception {
        try (Collector collector = new Collector();
                OtlpExport _ = start(
                        collector.everySecond().headers(Map.of("Authorization", "Bearer abc", "X-Scope-OrgID", "7")))) {
            run(pool("orders"), 20);
            int before = collector.exports().size();
            await().atMost(LONG).until(() -> collector.exports().size() > before + 1);

            Collector.Export export = collector.exports().getLast();
            assertThat(export.path()).isEqualTo("/v1/metrics");
            assertThat(export.headers())
                    .containsEntry("Content-type", "application/x-protobuf")
                    .containsEntry("Authorization", "Bearer abc")
                    .containsEntry("X-scope-orgid", "7");
            assertThat(export.resource()).containsKey("service.name").containsEntry("telemetry.sdk.language", "java");
            assertThat(export.completed("orders")).isEqualTo(20);
            HistogramDataPoint runs = export.histogram("executor");
            assertThat(runs.getCount()).isEqualTo(20);
            assertThat(runs.getExplicitBoundsList()).first().isEqualTo(1e-5); // in seconds
            assertThat(runs.getBucketCountsList().stream().mapToLong(n -> n).sum())
                    .isEqualTo(20);
            assertThat(runs.getSum()).isBetween(0.02, 60.0);
            Metric counter = export.metrics()
                    .filter(metric -> metric.getName().equals("executor.completed"))
                    .findFirst()
                    .orElseThrow();
            assertThat(counter.getSum().getIsMonotonic()).isTrue();
            assertThat(counter.getSum().getAggregationTemporality())
                    .isEqualTo(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE);
            assertThat(export.metrics().map(Metric::getName))
                    .contains("executor.idle", "myrmidon.pool.limit", "jvm.memory.used", "process.uptime");
        }
        assertThat(log).isEmpty();
    }

    @Test
    void poolsComeAndGo() throws Exception {
        try (Collector collector = new Collector();
                OtlpExport _ = start(collector.everySecond())) {
            pool("orders");
            pool("images");
            await().atMost(LONG).until(() -> lastPools(collector).equals(List.of("images", "orders")));
            pools.destroy("orders", Duration.ZERO);
            await().atMost(LONG).until(() -> lastPools(collector).equals(List.of("images")));
        }
    }

    private static List<String> lastPools(Collector collector) {
        return collector.exports().isEmpty()
                ? List.of()
                : collector.exports().getLast().pools();
    }

    @Test
    void theLastExportHasWhatPoolsDidUntilTheirEnd() throws Exception {
        try (Collector collector = new Collector()) {
            OtlpExport export = start(OtlpConfig.of(collector.url()));
            Pool pool = pool("orders");
            for (int i = 0; i < 50; i++) {
                pool.execute(() -> {});
            }
            export.stay();
            pools.close();
            export.close();
            assertThat(collector.exports().getLast().completed("orders")).isEqualTo(50);
        }
    }

    @Test
    void aServerThatHangsHoldsNothingUp() throws Exception {
        try (Collector collector = new Collector()) {
            collector.hang();
            OtlpExport export =
                    OtlpExport.start(collector.everySecond(), pools, Duration.ofMillis(300), Duration.ofMillis(300));
            Pool pool = pool("orders");
            collector.awaitHung();
            run(pool, 100);
            assertThat(pool.stats().completed()).isEqualTo(100);
            await().atMost(LONG).until(() -> !log.isEmpty());
            assertThat(log).singleElement().satisfies(entry -> {
                assertThat(entry.getLevel()).isEqualTo(Level.WARNING);
                assertThat(entry.getMessage()).contains("no answer within");
            });
            export.close();
        }
    }

    @Test
    void aCloseDoesntWaitForAServerThatHangs() throws Exception {
        try (Collector collector = new Collector()) {
            collector.hang();
            Duration last = Duration.ofMillis(500);
            OtlpExport export = OtlpExport.start(collector.everySecond(), pools, ENDLESS, last);
            collector.awaitHung();
            long start = System.nanoTime();
            export.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(last);
        }
        awaitNoThreads();
        assertThat(log)
                .singleElement()
                .satisfies(entry -> assertThat(entry.getMessage()).endsWith(": it ended before there was an answer"));
    }

    @Test
    void aCloseInAnInterruptedThreadWaitsForNothing() throws Exception {
        try (Collector collector = new Collector()) {
            collector.hang();
            OtlpExport export = OtlpExport.start(collector.everySecond(), pools, ENDLESS, ENDLESS);
            Thread.currentThread().interrupt();
            export.close(); // that it returns is the point
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aServerThatIsntThereIsToldOnceAndAgainWhenItIs() throws Exception {
        try (ReservedPort port = new ReservedPort()) {
            aServerThatIsntThereIsToldOnceAndAgainWhenItIs(port.number());
        }
        assertThat(log).noneMatch(entry -> entry.getMessage().contains("s3cret"));
    }

    private void aServerThatIsntThereIsToldOnceAndAgainWhenItIs(int port) throws Exception {
        URI url = URI.create("http://127.0.0.1:" + port + "/v1/metrics?key=s3cret");
        try (OtlpExport _ = start(OtlpConfig.of(url).interval(Duration.ofSeconds(1)))) {
            await().atMost(LONG).until(() -> !log.isEmpty());
            assertThat(log.getFirst().getMessage())
                    .isEqualTo("metrics don't arrive at http://127.0.0.1:" + port
                            + "/v1/metrics, and no more is said until they do: connection refused");
            try (Collector collector = new Collector(port, 503)) {
                await().atMost(LONG).until(() -> collector.exports().size() >= 2);
                assertThat(log).hasSize(1);
                collector.answer(200);
                await().atMost(LONG).until(() -> log.size() == 2);
                assertThat(log.getLast().getLevel()).isEqualTo(Level.INFO);
                assertThat(log.getLast().getMessage())
                        .matches("metrics arrive at .*/v1/metrics again; requests that failed meanwhile: \\d+");
                collector.answer(404);
                await().atMost(LONG).until(() -> log.size() == 3);
                assertThat(log.getLast().getMessage()).endsWith("HTTP 404");
            }
        }
    }

    @Test
    void poolsThatGoOnTellAnExportThatHasEndedNothingMore() throws Exception {
        Pool pool = pool("orders");
        try (Collector collector = new Collector()) {
            OtlpExport first = start(OtlpConfig.of(collector.url()));
            run(pool, 5);
            first.close();
            Collector.Export lastOfFirst = collector.exports().getLast();
            OtlpExport second = start(OtlpConfig.of(collector.url()));
            run(pool, 5);
            second.close();
            Collector.Export lastOfSecond = collector.exports().getLast();
            assertThat(lastOfSecond).isNotSameAs(lastOfFirst);
            assertThat(lastOfFirst.histogram("executor").getCount()).isEqualTo(5);
            assertThat(lastOfSecond.histogram("executor").getCount()).isEqualTo(5);
            assertThat(lastOfSecond.completed("orders")).isEqualTo(10);
        }
    }

    @Test
    void nothingIsLeftOfIt() throws IOException {
        try (Collector collector = new Collector()) {
            for (int i = 0; i < 5; i++) {
                start(collector.everySecond()).close();
            }
            assertThat(collector.exports()).hasSizeGreaterThanOrEqualTo(5);
        }
        awaitNoThreads();
    }

    private static void awaitNoThreads() {
        await().atMost(LONG).untilAsserted(() -> assertThat(threads()).isEmpty());
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("myrmidon-otlp"))
                .collect(Collectors.toSet());
    }
}
