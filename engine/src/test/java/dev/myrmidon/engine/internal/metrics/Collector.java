package dev.myrmidon.engine.internal.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.engine.OtlpConfig;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Takes exports as a collector does, and keeps them; or answers otherwise, or not at all.
public final class Collector implements AutoCloseable {
    /// What was sent, decoded.
    public record Export(Map<String, String> headers, String path, ExportMetricsServiceRequest request) {
        Stream<Metric> metrics() {
            return request.getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream());
        }

        List<String> pools() {
            return metrics()
                    .filter(metric -> metric.getName().equals("executor.active"))
                    .flatMap(metric -> metric.getGauge().getDataPointsList().stream())
                    .map(point -> attributes(point.getAttributesList()).get("name"))
                    .sorted()
                    .toList();
        }

        Optional<NumberDataPoint> sum(String name, String pool) {
            return metrics()
                    .filter(metric -> metric.getName().equals(name))
                    .flatMap(metric -> metric.getSum().getDataPointsList().stream())
                    .filter(point ->
                            pool.equals(attributes(point.getAttributesList()).get("name")))
                    .findFirst();
        }

        /// How many tasks of a pool have ended, as this says.
        public double completed(String pool) {
            return sum("executor.completed", pool)
                    .map(NumberDataPoint::getAsDouble)
                    .orElse(-1.0);
        }

        HistogramDataPoint histogram(String name) {
            return metrics()
                    .filter(metric -> metric.getName().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .getHistogram()
                    .getDataPoints(0);
        }

        Map<String, String> resource() {
            return attributes(request.getResourceMetrics(0).getResource().getAttributesList());
        }

        private static Map<String, String> attributes(List<KeyValue> attributes) {
            return attributes.stream()
                    .collect(Collectors.toMap(
                            KeyValue::getKey, attribute -> attribute.getValue().getStringValue()));
        }
    }

    private final List<Export> exports = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile int status;
    private volatile boolean hanging;
    private final CountDownLatch hung = new CountDownLatch(1);

    public Collector() throws IOException {
        this(0, 200);
    }

    /// @param status of its answers
    Collector(int port, int status) throws IOException {
        this.status = status;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::take);
        server.start();
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Map<String, String> headers = exchange.getRequestHeaders().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(",", header.getValue())));
            if (hanging) {
                hung.countDown();
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return;
            }
            exports.add(new Export(
                    headers, exchange.getRequestURI().toString(), ExportMetricsServiceRequest.parseFrom(body)));
            exchange.sendResponseHeaders(status, -1);
        }
    }

    /// Answers so from now on.
    void answer(int with) {
        status = with;
    }

    /// Answers no more.
    public void hang() {
        hanging = true;
    }

    /// Waits until an export gets no answer.
    public void awaitHung() throws InterruptedException {
        hung.await();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/v1/metrics");
    }

    OtlpConfig everySecond() {
        return OtlpConfig.of(url()).interval(Duration.ofSeconds(1));
    }

    public List<Export> exports() {
        return exports;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
