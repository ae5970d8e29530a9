package dev.myrmidon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.CloseReport;
import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.TaskTimeoutException;
import dev.myrmidon.engine.internal.Endless;
import dev.myrmidon.manage.RegistryReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void loadsPoolsFromAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), """
                pool: { size: 3 }
                pools: { images: { size: 5 } }
                shutdown: { grace: 7s }
                """);
        try (Engine engine = Engine.load(file)) {
            assertThat(engine.pool().config().capacity()).isEqualTo(3);
            assertThat(engine.pool("default")).isSameAs(engine.pool());
            assertThat(engine.pool("images").config().capacity()).isEqualTo(5);
            assertThat(engine.config().grace()).isEqualTo(Duration.ofSeconds(7));
        }
    }

    @Test
    void loadsNothingFromABadFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool: { size: 0, x: 1 }");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> Engine.load(file))
                .satisfies(e -> assertThat(e.mistakes()).hasSize(2));
    }

    @Test
    void hasADefaultPoolWithoutAFile() throws Exception {
        try (Engine engine = Engine.create()) {
            assertThat(engine.config()).isEqualTo(EngineConfig.defaults());
            assertThat(engine.pool().submit(() -> 42).get()).isEqualTo(42);
        }
    }

    @Test
    void namesThePoolsThereAre() {
        try (Engine engine = Engine.create(config(LONG, "b", "a"))) {
            engine.functionPool("crawl", 1, (Object _) -> {});

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.pool("c"))
                    .withMessage("no pool has the name \"c\"; there are: default, b, a, crawl");
        }
    }

    @Test
    void functionPoolsApplyTheirFunction() {
        AtomicInteger sum = new AtomicInteger();
        FunctionPool<Integer> adder;
        try (Engine engine = Engine.create()) {
            adder = engine.functionPool("adder", 10, sum::addAndGet);
            assertThat(engine.pool("adder")).isSameAs(adder.pool());
            for (int i = 0; i < 1000; i++) {
                adder.invoke(i);
            }
        }
        assertThat(sum).hasValue(499_500);
        assertThat(adder.pool().isTerminated()).isTrue();
        assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> adder.invoke(1));
    }

    @Test
    void functionPoolsHaveTheSettingsOfTheDefaultPool() {
        PoolConfig settings = EngineConfig.defaults().pool().toBuilder()
                .nonblocking()
                .queueCapacity(9)
                .expiry(Duration.ofSeconds(3))
                .maxBlockingTasks(4)
                .config();
        try (Engine engine = Engine.create(new EngineConfig(settings, Map.of(), LONG))) {
            assertThat(engine.functionPool("f", 2, (Object _) -> {}).pool().config())
                    .isEqualTo(Pool.builder("f")
                            .capacity(2)
                            .queueCapacity(9)
                            .maxBlockingTasks(4)
                            .whenSaturated(SaturationPolicy.refuse())
                            .expiry(Duration.ofSeconds(3))
                            .preallocate(true)
                            .config());
            assertThat(engine.functionPool("g", Pool.UNBOUNDED, (Object _) -> {})
                            .pool()
                            .config()
                            .preallocate())
                    .isFalse();
        }
    }

    @Test
    void functionPoolsCanHaveSettingsOfTheirOwn() throws Exception {
        PoolConfig own = Pool.builder("f")
                .capacity(2)
                .queueOrder(QueueOrder.priority())
                .taskTimeout(Duration.ofMillis(50))
                .config();
        FunctionPool<Duration> sleepers;
        try (Engine engine = Engine.create()) {
            sleepers = engine.functionPool(own, Thread::sleep);
            assertThat(engine.pool("f")).isSameAs(sleepers.pool());
            assertThat(sleepers.pool().config()).isEqualTo(own);

            Task<?> task = sleepers.submit(LONG);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(task::get)
                    .withCauseInstanceOf(TaskTimeoutException.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.functionPool(own, (Object _) -> {}))
                    .withMessage("name must not be that of another pool, was \"f\"; taken are: default, f");
        }
        assertThat(sleepers.pool().isTerminated()).isTrue();
    }

    @Test
    void refusesFunctionPoolsThatMakeNoSense() {
        try (Engine engine = Engine.create(config(LONG, "a"))) {
            for (String taken : List.of("default", "a")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> engine.functionPool(taken, 1, (Object _) -> {}))
                        .withMessage(
                                "name must not be that of another pool, was \"" + taken + "\"; taken are: default, a");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> engine.functionPool(" ", 1, (Object _) -> {}));
            assertThatIllegalArgumentException().isThrownBy(() -> engine.functionPool("f", 0, (Object _) -> {}));
            assertThatIllegalArgumentException().isThrownBy(() -> engine.functionPool("f", 1, null));

            engine.functionPool("f", 1, (Object _) -> {}).close();

            assertThatIllegalArgumentException()
                    .as("closed, but taken")
                    .isThrownBy(() -> engine.functionPool("f", 1, (Object _) -> {}));
        }
    }

    @Test
    void aClosedEngineMakesNoFunctionPool() {
        Engine engine = Engine.create();
        engine.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> engine.functionPool("late", 1, (Object _) -> {}))
                .withMessage("the pools are closed: no pool \"late\" can be added");
    }

    @Test
    void closeWaitsForWhatWasAccepted() {
        Engine engine = Engine.create(config(LONG, "a"));
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        for (Pool pool : List.of(engine.pool(), engine.pool("a"))) {
            pool.execute(() -> {
                awaitQuietly(release);
                done.incrementAndGet();
            });
        }
        Thread closer = Thread.startVirtualThread(engine::close);
        await().until(() -> engine.pool().isShutdown() && engine.pool("a").isShutdown());

        release.countDown();

        await().until(() -> !closer.isAlive());
        assertThat(done).hasValue(2);
        assertThat(engine.pool("a").isTerminated()).isTrue();
    }

    @Test
    void closeFromManyThreadsReturnsToAllWhenEverythingHasEnded() throws InterruptedException {
        Engine engine = Engine.create(config(LONG, "a", "b"));
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        engine.pool("b").execute(() -> {
            awaitQuietly(release);
            done.set(true);
        });
        Queue<Boolean> seen = new ConcurrentLinkedQueue<>();
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            closers.add(Thread.ofPlatform().start(() -> {
                engine.close();
                seen.add(done.get() && engine.pool("b").isTerminated());
            }));
        }
        await().until(() -> closers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        assertThat(seen).isEmpty();

        release.countDown();

        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(seen).hasSize(16).containsOnly(true);
        engine.close();
    }

    /// Each task waits until all pools are shut down. If one pool were closed after the other, the first would
    /// wait for its task, and that for the second pool.
    @Test
    void allPoolsCloseAtOnce() {
        Engine engine = Engine.create(config(LONG, "a", "b", "c"));
        List<Pool> pools = engine.registry().pools();
        for (Pool pool : pools) {
            pool.execute(() -> await().atMost(Duration.ofSeconds(60))
                    .until(() -> pools.stream().allMatch(Pool::isShutdown)));
        }
        engine.close();

        RegistryReport report = engine.run();

        assertThat(report.pools()).extracting(CloseReport::name).containsExactly("default", "a", "b", "c");
        assertThat(report.pools())
                .allSatisfy(pool -> assertThat(pool.completed()).isEqualTo(1));
        assertThat(report.clean()).isTrue();
    }

    /// Each task, once interrupted, waits until the others are as well.
    @Test
    void thereIsOneDeadlineForAllPools() {
        CyclicBarrier allInterrupted = new CyclicBarrier(4);
        Engine engine = Engine.create(config(Duration.ofMillis(50), "a", "b", "c"));
        List<Pool> pools = engine.registry().pools();
        for (Pool pool : pools) {
            CountDownLatch started = new CountDownLatch(1);
            pool.execute(() -> {
                started.countDown();
                Endless.awaitInterrupt();
                meet(allInterrupted);
            });
            awaitQuietly(started);
        }
        engine.close();

        RegistryReport report = engine.run();

        assertThat(report.pools())
                .allSatisfy(pool -> assertThat(pool.interrupted()).hasSize(1));
        assertThat(report.clean()).isFalse();
        // One that gets a CPU too late for the report completes all the same.
        await().untilAsserted(() -> assertThat(pools)
                .allSatisfy(pool -> assertThat(pool.stats().completed()).isEqualTo(1)));
    }

    @Test
    void runReturnsWhenTheEngineIsClosed() throws InterruptedException {
        Engine engine = Engine.create(config(LONG, "a"));
        CountDownLatch release = new CountDownLatch(1);
        engine.pool("a").execute(() -> awaitQuietly(release));
        AtomicReference<RegistryReport> report = new AtomicReference<>();
        Thread runner = Thread.ofPlatform().start(() -> report.set(engine.run()));
        await().until(() -> runner.getState() == Thread.State.WAITING);

        Thread closer = Thread.ofPlatform().start(engine::close);
        await().until(() -> engine.pool("a").isShutdown());
        assertThat(report).hasValue(null);
        release.countDown();

        runner.join();
        closer.join();
        assertThat(report.get().clean()).isTrue();
        assertThat(report.get().pools())
                .extracting(CloseReport::name, CloseReport::completed)
                .containsExactly(tuple("default", 0L), tuple("a", 1L));
    }

    @Test
    void runReturnsAtOnceWhenTheEngineIsClosedAlready() {
        Engine engine = Engine.create();
        engine.close();

        RegistryReport first = engine.run();

        assertThat(first.clean()).isTrue();
        assertThat(engine.run()).isEqualTo(first);
    }

    @Test
    void anInterruptOfRunDrains() throws InterruptedException {
        Engine engine = Engine.create();
        CountDownLatch release = new CountDownLatch(1);
        engine.pool().execute(() -> awaitQuietly(release));
        AtomicReference<RegistryReport> report = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread runner = Thread.ofPlatform().start(() -> {
            report.set(engine.run());
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> runner.getState() == Thread.State.WAITING);

        runner.interrupt();
        await().until(() -> engine.pool().isShutdown());
        release.countDown();
        runner.join();

        assertThat(report.get().clean()).isTrue();
        assertThat(interrupted).isTrue();
    }

    @Test
    void anInterruptOfCloseEndsTheGrace() throws InterruptedException {
        Engine engine = Engine.create(config(LONG, "a"));
        AtomicBoolean taskInterrupted = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(1);
        engine.pool("a").execute(() -> {
            started.countDown();
            Endless.awaitInterrupt();
            taskInterrupted.set(true);
        });
        started.await();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread closer = Thread.ofPlatform().start(() -> {
            engine.close();
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> engine.pool("a").isShutdown());

        closer.interrupt();

        assertThat(closer.join(Duration.ofSeconds(30))).isTrue();
        assertThat(interrupted).isTrue();
        await().untilTrue(taskInterrupted);
        assertThat(engine.run().clean()).isFalse();
    }

    @Test
    void aTaskThatIgnoresInterruptsIsReported() {
        Engine engine = Engine.create(config(Duration.ofMillis(20), "a"));
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        engine.pool("a").execute(() -> {
            started.countDown();
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException _) {
                    // that is the point
                }
            }
        });
        awaitQuietly(started);
        engine.close();

        RegistryReport report = engine.run();

        assertThat(report.clean()).isFalse();
        assertThat(report.pools().get(0).clean()).isTrue();
        assertThat(report.pools().get(1).stillRunning())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("a/");
        release.countDown();
    }

    @Test
    void anIdlePoolIsInTimeEvenWithoutGrace() {
        Engine engine = Engine.create(config(Duration.ZERO, "a"));
        engine.close();

        assertThat(engine.run().clean()).isTrue();
    }

    @Test
    void aPoolThatWasClosedBeforeIsNoTrouble() {
        Engine engine = Engine.create(config(LONG, "a"));
        engine.pool("a").close();
        engine.close();

        assertThat(engine.run().clean()).isTrue();
    }

    /// Could fail if the engine looked whether it is open, and then made the pool.
    @RepeatedTest(50)
    void noFunctionPoolSlipsThroughAClose() throws InterruptedException {
        Engine engine = Engine.create(config(LONG, "a"));
        int makers = 4;
        CyclicBarrier start = new CyclicBarrier(makers + 1);
        Queue<Pool> made = new ConcurrentLinkedQueue<>();
        Queue<Pool> openAfterClose = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < makers; i++) {
            String name = "maker-" + i + "-";
            threads.add(Thread.ofPlatform().start(() -> {
                meet(start);
                for (int n = 0; n < 300; n++) {
                    try {
                        made.add(engine.functionPool(name + n, 1, (Object _) -> {})
                                .pool());
                    } catch (IllegalStateException closed) {
                        return;
                    }
                }
            }));
        }
        meet(start);
        engine.close();
        for (Thread thread : threads) {
            thread.join();
        }
        made.stream()
                .filter(pool -> pool.stats().state() != PoolStats.State.TERMINATED)
                .forEach(openAfterClose::add);
        assertThat(openAfterClose).isEmpty();
        assertThat(engine.run().pools()).hasSize(2 + made.size());
    }

    private static EngineConfig config(Duration grace, String... names) {
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (String name : names) {
            pools.put(name, Pool.builder(name).capacity(4).config());
        }
        PoolConfig defaultPool = Pool.builder("default").capacity(4).config();
        return new EngineConfig(defaultPool, pools, grace);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
