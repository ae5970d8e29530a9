package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.micrometer.PoolMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/// Publishes the numbers of a pool as meters of Micrometer, and shows what Prometheus would get.
///
/// The meters are asked when they are scraped. Only the timers are told of each task; they need a pool that is
/// `timed`.
final class PublishMetrics {
    static void main() throws InterruptedException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Pool pool = Pool.builder("orders")
                .capacity(200)
                .queueCapacity(1_000)
                .timed(true)
                .build();
        try (PoolMetrics metrics = new PoolMetrics(pool)) {
            metrics.bindTo(registry);
            for (int order = 1; order <= 3; order++) {
                pool.execute(() -> {});
            }
            pool.awaitIdle();
            registry.scrape().lines().filter(PublishMetrics::isShown).forEach(IO::println);
        }
        IO.println("after close: " + registry.getMeters().size() + " meters");
        pool.close();
    }

    private static boolean isShown(String line) {
        return line.startsWith("executor_completed") || line.startsWith("myrmidon_pool_limit");
    }
}
