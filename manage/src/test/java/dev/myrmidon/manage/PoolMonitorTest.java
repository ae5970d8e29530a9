package dev.myrmidon.manage;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolMonitorTest {
    /// So long that only the test looks.
    private static final MonitorConfig BY_HAND =
            MonitorConfig.every(Duration.ofHours(1)).history(Duration.ofHours(9));

    private static final String LOOK_TAKES_LONG =
            "the monitor's look at its pools takes longer than the interval; no pool is sampled until it ends; it is at"
                    + "\n\tat ";

    private final List<Pool> pools = new CopyOnWriteArrayList<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();

    @AfterEach
    void closePools() {
        pools.forEach(Pool::close);
        await().until(PoolMonitorTest::noMonitorIsLeft); // which might log in the midst of the next test
    }

    private static boolean noMonitorIsLeft() {
        return Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("myrmidon-monitor"));
    }

    private Pool open(String name) {
        return added(Pool.builder(name).capacity(4).build());
    }

    private Pool added(Pool pool) {
        pools.add(pool);
        return pool;
    }

    private PoolMonitor monitor(MonitorConfig config) {
        PoolMonitor monitor = PoolMonitor.start(() -> pools, config);
        monitor.addListener(new SampleListener() {
            @Override
            public void onSample(PoolSample sample) {
                heard.add(sample.pool());
            }

            @Override
            public void onGone(String pool) {
                heard.add(pool + " is gone");
            }
        });
        return monitor;
    }

    @Test
    void samplesByItself() {
        try (PoolMonitor monitor = monitor(MonitorConfig.every(Duration.ofMillis(10)))) {
            pools.addAll(List.of(
                    Pool.builder("orders").capacity(4).build(),
                    Pool.builder("images").capacity(4).build())); // at once, and when somebody listens
            await().until(() -> monitor.history("orders").size() >= 3);
            assertThat(monitor.latest()).extracting(PoolSample::pool).containsExactly("images", "orders");
            assertThat(heard).startsWith("orders", "images", "orders", "images");
        }
    }

    @Test
    void aSampleHasTheNumbersAndWhatTheyGrewBy() {
        Pool pool = open("orders");
        pool.submit(() -> {}).join();
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            assertThat(monitor.latest("orders")).isEmpty();
            pool.submit(() -> {}).join();
            pool.submit(() -> {}).join();
            monitor.look();

            PoolSample sample = monitor.latest("orders").orElseThrow();
            assertThat(sample.stats().submitted()).isEqualTo(3);
            assertThat(sample.submitted()).isEqualTo(2);
            assertThat(sample.ended()).isEqualTo(2);
            assertThat(sample.interval()).isPositive();
            assertThat(sample.throughput()).isPositive().isEqualTo(sample.arrivalRate());
            assertThat(sample.runs()).as("not timed").isEmpty();
            assertThat(monitor.history("orders")).containsExactly(sample);
            assertThat(monitor.latest()).containsExactly(sample);
        }
    }

    @Test
    void readingChangesNothing() {
        Pool pool = open("orders");
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            pool.submit(() -> {}).join();
            monitor.look();
            PoolStats before = pool.stats();
            List<PoolSample> history = monitor.history("orders");
            monitor.look();
            assertThat(monitor.latest("orders")).isNotEmpty().isEqualTo(monitor.latest("orders"));
            assertThat(monitor.history("orders")).startsWith(history.getFirst()).hasSize(2);
            assertThat(monitor.latest("orders").orElseThrow().submitted()).isZero();
            assertThat(pool.stats().submitted()).isEqualTo(before.submitted());
            assertThat(history).as("a snapshot").hasSize(1);
        }
    }

    @Test
    void percentilesAreOverASlidingWindow() {
        Pool pool = added(Pool.builder("orders").capacity(1).timed(true).build());
        MonitorConfig config = BY_HAND.window(Duration.ofHours(2));
        try (PoolMonitor monitor = monitor(config)) {
            monitor.look();
            assertThat(runs(monitor).count()).isZero();
            pool.submit(() -> nap(5)).join();
            pool.submit(() -> nap(5)).join();
            monitor.look();
            assertThat(runs(monitor).count()).isEqualTo(2);
            assertThat(runs(monitor).p50()).isGreaterThanOrEqualTo(Duration.ofMillis(5));
            assertThat(monitor.latest("orders")
                            .orElseThrow()
                            .waits()
                            .orElseThrow()
                            .count())
                    .isEqualTo(2);
            pool.submit(() -> nap(50)).join();
            monitor.look();
            assertThat(runs(monitor).count()).as("of both intervals").isEqualTo(3);
            monitor.look();
            assertThat(runs(monitor).count())
                    .as("the first has left the window")
                    .isEqualTo(1);
            assertThat(runs(monitor).p50()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
            monitor.look();
            assertThat(runs(monitor))
                    .isEqualTo(new Latencies(
                            0,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO,
                            Duration.ZERO));
        }
    }

    private static Latencies runs(PoolMonitor monitor) {
        return monitor.latest("orders").orElseThrow().runs().orElseThrow();
    }

    private static void nap(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void samplesOfAnIdlePoolShareWhatTheyHaveInCommon() {
        added(Pool.builder("orders").capacity(1).timed(true).build());
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            monitor.look();
            monitor.look();
            PoolSample one = monitor.history("orders").get(0);
            PoolSample next = monitor.history("orders").get(1);
            assertThat(next.runs()).isSameAs(one.runs());
            assertThat(next.stats()).isSameAs(one.stats()).isSameAs(next.before());
        }
    }

    @Test
    void keepsTheLastSamples() {
        Pool pool = open("orders");
        try (PoolMonitor monitor = monitor(BY_HAND.history(Duration.ofHours(3)))) {
            for (int i = 1; i <= 5; i++) {
                pool.resize(i);
                monitor.look();
            }
            assertThat(monitor.history("orders"))
                    .extracting(sample -> sample.stats().capacity())
                    .containsExactly(3, 4, 5);
        }
    }

    @Test
    void picksUpPoolsThatComeAndForgetsThoseThatGo() {
        Pool orders = open("orders");
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            Pool images = open("images");
            monitor.look();
            assertThat(heard).containsExactly("orders");
            heard.clear();

            images.submit(() -> {}).join();
            pools.remove(orders);
            monitor.look();
            assertThat(heard).containsExactly("orders", "orders is gone", "images");
            assertThat(monitor.latest("images").orElseThrow().submitted()).isEqualTo(1);
            assertThat(monitor.latest("orders")).isEmpty();
            assertThat(monitor.history("orders")).isEmpty();
            assertThat(monitor.latest()).hasSize(1);
            heard.clear();

            monitor.look();
            assertThat(heard).containsExactly("images");
            orders.close();
        }
    }

    @Test
    void aTerminatedPoolHasALastSampleAndIsNotTakenUpAgain() {
        Pool pool = open("orders");
        List<PoolSample> samples = new ArrayList<>();
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            monitor.addListener(samples::add);
            pool.execute(() -> {});
            pool.close();
            monitor.look();
            monitor.look();
            monitor.look();
            assertThat(heard).containsExactly("orders", "orders is gone");
            assertThat(samples).singleElement().satisfies(last -> {
                assertThat(last.stats().state()).isEqualTo(PoolStats.State.TERMINATED);
                assertThat(last.ended()).isEqualTo(1);
            });
            assertThat(monitor.latest()).isEmpty();
        }
    }

    @Test
    void aSuccessorOfTheSameNameBeginsAnew() {
        Pool first = open("orders");
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            first.submit(() -> {}).join();
            monitor.look();
            pools.remove(first);
            first.close();
            Pool second = open("orders");
            heard.clear();
            monitor.look();
            assertThat(heard).containsExactly("orders", "orders is gone");
            second.submit(() -> {}).join();
            monitor.look();
            assertThat(monitor.history("orders")).singleElement().satisfies(sample -> {
                assertThat(sample.submitted()).isEqualTo(1);
                assertThat(sample.stats().submitted()).isEqualTo(1);
            });
        }
    }

    @Test
    void aSecondPoolOfANameIsLeftOutUntilTheFirstIsGoneAndTheLogSaysSoOnce() {
        try (Logged log = new Logged();
                PoolMonitor monitor = monitor(BY_HAND)) {
            Pool first = open("orders");
            Pool second = open("orders");
            second.resize(7);
            pools.add(first); // the same pool once more is no other one
            monitor.look();
            monitor.look();
            monitor.look();
            assertThat(heard).containsExactly("orders", "orders");
            assertThat(monitor.latest("orders").orElseThrow().stats().capacity())
                    .isEqualTo(4);
            assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .containsExactly("the monitor leaves out a pool, since it watches another one named orders");

            first.close();
            monitor.look();
            monitor.look();
            assertThat(monitor.latest("orders").orElseThrow().stats().capacity())
                    .isEqualTo(7);
        }
    }

    @Test
    void nothingOfAPoolStays() {
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            WeakReference<Pool> gone = new WeakReference<>(open("orders"));
            monitor.look();
            monitor.look();
            pools.removeFirst().close();
            monitor.look();
            await().until(() -> {
                System.gc();
                return gone.get() == null;
            });
        }
    }

    @Test
    void aListenerThatThrowsHarmsNobodyAndIsLoggedOncePerRowOfFailures() {
        open("orders");
        try (Logged log = new Logged();
                PoolMonitor monitor = PoolMonitor.start(() -> pools, BY_HAND)) {
            List<Integer> failing = new ArrayList<>(List.of(1, 2, 4));
            int[] calls = {0};
            monitor.addListener(_ -> {
                if (failing.contains(++calls[0])) {
                    throw new AssertionError("no");
                }
            });
            monitor.addListener(sample -> heard.add(sample.pool()));
            for (int i = 0; i < 5; i++) {
                monitor.look();
            }
            assertThat(calls[0]).isEqualTo(5);
            assertThat(heard).hasSize(5);
            assertThat(log.records()).hasSize(2).allSatisfy(record -> {
                assertThat(record.getMessage())
                        .isEqualTo("a listener of the monitor failed; not logged again until it gets through a look");
                assertThat(record.getThrown()).hasMessage("no");
            });
        }
    }

    @Test
    void aListenerThatFailsAtOnePoolOnlyIsLoggedOnceToo() {
        open("orders");
        open("images");
        try (Logged log = new Logged();
                PoolMonitor monitor = PoolMonitor.start(() -> pools, BY_HAND)) {
            monitor.addListener(sample -> {
                if (sample.pool().equals("orders")) {
                    throw new IllegalStateException("no");
                }
                heard.add(sample.pool());
            });
            for (int i = 0; i < 5; i++) {
                monitor.look();
            }
            assertThat(heard).hasSize(5);
            assertThat(log.records()).hasSize(1);
        }
    }

    @Test
    void aListenerCanBeRemovedByItselfToo() {
        open("orders");
        try (PoolMonitor monitor = monitor(BY_HAND)) {
            int[] calls = {0};
            SampleListener once = new SampleListener() {
                @Override
                public void onSample(PoolSample sample) {
                    calls[0]++;
                    monitor.removeListener(this);
                }
            };
            monitor.addListener(once);
            monitor.look();
            monitor.look();
            monitor.removeListener(once);
            assertThat(calls[0]).isEqualTo(1);
            assertThat(heard).hasSize(2);
        }
    }

    @Test
    void aListenerThatHangsIsLoggedWhileItHangsAndReadingGoesOn() throws Exception {
        open("orders");
        CountDownLatch letGo = new CountDownLatch(1);
        try (Logged log = new Logged();
                PoolMonitor monitor = PoolMonitor.start(() -> pools, MonitorConfig.every(Duration.ofMillis(10)))) {
            SampleListener hanging = _ -> hang(letGo);
            monitor.addListener(hanging);
            // A look may take its time before it comes to the listener; then the next one says where that hangs.
            await().untilAsserted(() -> assertThat(log.records())
                    .extracting(LogRecord::getMessage)
                    .anySatisfy(message ->
                            assertThat(message).startsWith(LOOK_TAKES_LONG).contains("PoolMonitorTest.hang(")));
            int before = monitor.history("orders").size();
            assertThat(before).isPositive();

            monitor.removeListener(hanging);
            letGo.countDown();
            await().until(() -> monitor.history("orders").size() > before);
        }
    }

    private static void hang(CountDownLatch latch) {
        try {
            var _ = latch.await(500, MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSupplierThatThrowsIsLoggedAndAskedAgain() {
        open("orders");
        AtomicBoolean broken = new AtomicBoolean();
        try (Logged log = new Logged();
                PoolMonitor monitor = PoolMonitor.start(
                        () -> {
                            if (broken.getAndSet(false)) {
                                throw new IllegalStateException("no pools today");
                            }
                            return pools;
                        },
                        MonitorConfig.every(Duration.ofMillis(10)))) {
            broken.set(true);
            await().until(() -> !failures(log).isEmpty());
            int before = monitor.history("orders").size();
            await().until(() -> monitor.history("orders").size() > before);
            assertThat(failures(log))
                    .singleElement()
                    .satisfies(thrown -> assertThat(thrown).hasMessage("no pools today"));
        }
    }

    private static List<Throwable> failures(Logged log) {
        return log.records().stream()
                .map(LogRecord::getThrown)
                .filter(Objects::nonNull)
                .toList();
    }

    @Test
    void whatItKnowsCanBeReadAfterItIsClosed() {
        PoolMonitor monitor = monitor(MonitorConfig.every(Duration.ofMillis(10)));
        open("orders"); // when somebody listens
        await().until(() -> monitor.latest("orders").isPresent());
        monitor.close();
        monitor.close();
        await().until(PoolMonitorTest::noMonitorIsLeft);
        int samples = monitor.history("orders").size();
        assertThat(samples).isPositive();
        assertThat(heard).hasSize(samples);
    }

    @Test
    void refusesNothingToAskAndSaysSo() {
        assertThatThrownBy(() -> PoolMonitor.start(() -> pools, null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("config");
        assertThatThrownBy(() -> PoolMonitor.start(
                        () -> {
                            throw new IllegalStateException("not yet");
                        },
                        BY_HAND))
                .hasMessage("not yet");
    }
}
