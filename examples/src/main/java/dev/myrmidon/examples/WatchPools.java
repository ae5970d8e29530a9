package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.Latencies;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/// Watches all pools of a registry: what they do, how fast, and how long tasks waited and ran lately.
///
/// Pools that come later are found, and those that go leave nothing behind. A listener is told of each sample:
/// that is the place for an alarm.
final class WatchPools {
    static void main() {
        MonitorConfig everyNow = MonitorConfig.every(Duration.ofMillis(50)); // MonitorConfig.DEFAULT is every 5 s
        PoolRegistry pools = new PoolRegistry();
        Pool orders =
                pools.create(Pool.builder("orders").capacity(20).timed(true).config());
        try (pools;
                PoolMonitor monitor = PoolMonitor.start(pools::pools, everyNow)) {
            CompletableFuture<PoolSample> allDone = new CompletableFuture<>();
            monitor.addListener(sample -> {
                if (sample.stats().completed() == 100 && sample.stats().running() == 0) {
                    allDone.complete(sample);
                }
            });
            for (int i = 0; i < 100; i++) {
                orders.execute(() -> {
                    try {
                        Thread.sleep(2);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            PoolSample sample = allDone.join();
            IO.println(sample.pool() + " backlog " + sample.backlog() + ", usage " + sample.usage());
            Latencies runs = sample.runs().orElseThrow(); // of the last minute, since the pool is timed
            IO.println(runs.count() + " ran, and took 2 ms at least: "
                    + (runs.p50().toMillis() >= 2));
            IO.println("slowest last: " + (runs.max().compareTo(runs.p99()) >= 0));
            IO.println("kept: " + !monitor.history("orders").isEmpty());
        }
    }
}
