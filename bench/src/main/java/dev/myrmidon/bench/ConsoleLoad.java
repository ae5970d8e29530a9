package dev.myrmidon.bench;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.TrackerConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// An engine that can be watched, whose pools run short tasks.
final class ConsoleLoad implements AutoCloseable {
    /// Room for some of the tasks at once, as short ones need it.
    private static final int CAPACITY = 4;

    /// So short a history is full soon, and hides no growth of the heap.
    private static final int HISTORY_SAMPLES = 60;

    /// How often tasks are submitted when there are so many a second, in nanoseconds.
    private static final long STEP = 10_000_000;

    private final Engine engine;
    private final List<Pool> pools;
    private final long rounds;
    private final List<Thread> submitters = new ArrayList<>();
    private volatile boolean stopped;

    /// @param rounds of computing in a task
    /// @param interval from one sample of a pool to the next
    /// @param token a file that has the token of the API
    ConsoleLoad(int pools, long rounds, Duration interval, Path token) {
        Map<String, PoolConfig> configs = new LinkedHashMap<>();
        for (int i = 0; i < pools; i++) {
            String name = "pool-" + i;
            configs.put(name, Pool.builder(name).capacity(CAPACITY).timed(true).config());
        }
        this.engine = Engine.create(new EngineConfig(EngineConfig.defaults().pool(), configs, Duration.ofSeconds(10))
                .monitor(MonitorConfig.every(interval).history(interval.multipliedBy(HISTORY_SAMPLES)))
                .tracker(TrackerConfig.DEFAULT)
                .management(ManagementConfig.DEFAULT.port(0).tokenFile(token)));
        this.pools = configs.keySet().stream().map(engine::pool).toList();
        this.rounds = rounds;
    }

    URI address() {
        return engine.management().orElseThrow();
    }

    /// Submits as much as the pools take, until [#stop()].
    void saturate() {
        start(() -> pools.forEach(pool -> submitters.add(Thread.startVirtualThread(() -> {
            while (!stopped) {
                pool.execute(() -> Spin.spin(rounds));
            }
        }))));
    }

    /// Submits so many tasks a second, until [#stop()].
    void submit(int perSecond) {
        start(() -> submitters.add(Thread.ofPlatform().daemon().start(() -> {
            long begin = System.nanoTime();
            long submitted = 0;
            while (!stopped) {
                long due = (long) ((System.nanoTime() - begin) / 1e9 * perSecond);
                for (; submitted < due; submitted++) {
                    pools.get((int) (submitted % pools.size())).execute(() -> Spin.spin(rounds));
                }
                LockSupport.parkNanos(STEP);
            }
        })));
    }

    private void start(Runnable load) {
        stopped = false;
        load.run();
    }

    /// Submits no more.
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread submitter : submitters) {
            submitter.join();
        }
        submitters.clear();
    }

    /// How many tasks have been done.
    long completed() {
        return pools.stream().mapToLong(pool -> pool.stats().completed()).sum();
    }

    @Override
    public void close() {
        engine.close();
    }
}
