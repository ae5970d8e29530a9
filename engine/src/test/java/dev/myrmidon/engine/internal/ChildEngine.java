package dev.myrmidon.engine.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.manage.RegistryReport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What [SignalTest] runs in a JVM of its own: an application with an engine in it, which says on stdout how far it is.
///
/// Arguments: the grace, and what the task of pool `a` does when the drain starts: `ends` or `waits`, or `none` for no
/// task.
final class ChildEngine {
    private ChildEngine() {}

    public static void main(String[] args) throws InterruptedException {
        Object before = JvmSignal.handle("TERM", () -> say("own handler"));
        EngineConfig config = new EngineConfig(
                EngineConfig.defaults().pool(),
                Map.of("a", Pool.builder("a").capacity(2).config()),
                Duration.parse(args[0]));
        DefaultEngine engine = new DefaultEngine(config);
        Pool pool = engine.pool("a");
        CountDownLatch draining = new CountDownLatch(1);
        if (!args[1].equals("none")) {
            CountDownLatch started = new CountDownLatch(1);
            pool.execute(() -> work(args[1], started, draining));
            started.await();
        }
        Thread.ofPlatform().daemon().start(() -> {
            while (pool.stats().state() == PoolStats.State.RUNNING) {
                Thread.onSpinWait();
            }
            say("draining");
            draining.countDown();
        });
        RegistryReport report = engine.run(() -> say("ready"));
        say("clean=" + report.clean() + " completed=" + report.pools().get(1).completed());
        if (args.length > 2) {
            // The handlers from before run() must be back.
            say("after");
            new CountDownLatch(1).await(60, TimeUnit.SECONDS);
        }
        JvmSignal.restore("TERM", before);
        if (!report.clean()) {
            System.exit(1);
        }
        // otherwise nothing must keep the JVM from ending by itself
    }

    private static void work(String kind, CountDownLatch started, CountDownLatch draining) {
        started.countDown();
        try {
            draining.await();
            if (kind.equals("waits")) {
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException e) {
            say("interrupted");
        }
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
