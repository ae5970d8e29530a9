package dev.myrmidon.micrometer;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.ResizeCause;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.TaskOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolMetricsTest {
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void closeRegistry() {
        registry.close();
    }

    private double gauge(String name) {
        return registry.get(name).tag("name", "orders").gauge().value();
    }

    private double count(String name, String... tags) {
        return registry.get(name)
                .tags(Tags.of(tags).and("name", "orders"))
                .functionCounter()
                .count();
    }

    private Timer timer(String name) {
        return registry.get(name).tag("name", "orders").timer();
    }

    @Test
    void gaugesTellWhatThePoolIsDoing() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);

            assertThat(gauge("executor.active")).isEqualTo(2);
            assertThat(gauge("executor.queued")).isEqualTo(1);
            assertThat(gauge("executor.queue.remaining")).isEqualTo(2);
            assertThat(gauge("executor.pool.size"))
                    .isEqualTo(busy.pool().stats().workers());
            assertThat(gauge("executor.pool.core")).isEqualTo(2);
            assertThat(gauge("executor.pool.max")).isEqualTo(2);
            assertThat(gauge("myrmidon.pool.limit")).isEqualTo(2);
            assertThat(gauge("myrmidon.pool.waiting")).isZero();

            busy.pool().resize(7);
            assertThat(gauge("myrmidon.pool.limit")).isEqualTo(7);
        }
    }

    @Test
    void whatIsUnboundedIsTheLargestInt() {
        try (Pool pool = Pool.builder("orders")
                .capacity(Pool.UNBOUNDED)
                .queueCapacity(Pool.UNBOUNDED)
                .build()) {
            new PoolMetrics(pool).bindTo(registry);
            assertThat(List.of(
                            gauge("executor.pool.core"),
                            gauge("executor.pool.max"),
                            gauge("myrmidon.pool.limit"),
                            gauge("executor.queue.remaining")))
                    .containsOnly((double) Integer.MAX_VALUE);
        }
    }

    @Test
    void aQueueThatHoldsMoreThanItMayHasNoRoom() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            busy.pool()
                    .reconfigure(
                            busy.pool().config().toBuilder().queueCapacity(0).config());
            assertThat(gauge("executor.queue.remaining")).isZero();
        }
    }

    @Test
    void waitingSubmittersAreToldAndTheirAge() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(1).build();
        try (BusyPool busy = BusyPool.of(pool)) {
            new PoolMetrics(pool).bindTo(registry);
            Thread submitter = Thread.ofVirtual().start(() -> pool.execute(() -> {}));
            await().until(() -> pool.stats().waiting() == 1);
            assertThat(gauge("myrmidon.pool.waiting")).isEqualTo(1);
            busy.letGo();
            submitter.join();
        }
    }

    @Test
    void countersCount() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            Pool pool = busy.pool();
            new PoolMetrics(pool).bindTo(registry);
            pool.submit(() -> {}).cancel(true);
            pool.execute(() -> {
                throw new IllegalStateException("boom");
            });
            pool.execute(() -> {});
            assertThat(pool.tryExecute(() -> {})).isFalse();
            busy.letGo();
            pool.resize(5);
            pool.resize(6, ResizeCause.SCALING);
            pool.resize(6, ResizeCause.SCALING);
            pool.reconfigure(pool.config().toBuilder().capacity(7).config());
            pool.reconfigure(pool.config().toBuilder().capacity(8).config());

            assertThat(count("myrmidon.pool.submitted")).isEqualTo(7);
            assertThat(count("executor.completed")).isEqualTo(5);
            assertThat(count("myrmidon.pool.failed")).isEqualTo(1);
            assertThat(count("myrmidon.pool.cancelled")).isEqualTo(1);
            assertThat(count("myrmidon.pool.rejected", "reason", "saturated")).isEqualTo(1);
            for (String reason : List.of("timed_out", "interrupted", "closed", "no_worker")) {
                assertThat(count("myrmidon.pool.rejected", "reason", reason)).isZero();
            }
            assertThat(count("myrmidon.pool.resizes", "cause", "manual")).isEqualTo(1);
            assertThat(count("myrmidon.pool.resizes", "cause", "scaling")).isEqualTo(1);
            assertThat(count("myrmidon.pool.resizes", "cause", "reload")).isEqualTo(2);
        }
    }

    @Test
    void timeoutsAreToldApart() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(2)
                .queueCapacity(1)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (BusyPool busy = BusyPool.of(pool)) {
            new PoolMetrics(pool).bindTo(registry);
            pool.execute(() -> {}, TaskOptions.NONE.startWithin(Duration.ofMillis(1))); // displaces the queued one
            await().until(() -> pool.stats().queued() == 0);
            busy.letGo();
            var late = pool.submit(
                    () -> new CountDownLatch(1).await(60, SECONDS), TaskOptions.NONE.timeout(Duration.ofMillis(1)));
            await().until(late::isDone);
            pool.awaitIdle();

            assertThat(count("myrmidon.pool.timeouts", "kind", "run")).isEqualTo(1);
            assertThat(count("myrmidon.pool.timeouts", "kind", "start")).isEqualTo(1);
            assertThat(pool.stats().shed()).isEqualTo(2);
        }
    }

    @Test
    void timersCountWhatThePoolCounts() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            for (int i = 0; i < 400; i++) {
                while (!busy.pool().tryExecute(() -> {})) {
                    busy.letGo();
                }
            }
            busy.letGo();

            var timings = busy.pool().timings();
            assertThat(timer("executor").count()).isEqualTo(timings.runs().count());
            assertThat(timer("executor.idle").count()).isEqualTo(timings.waits().count());
            assertThat(timer("executor").totalTime(NANOSECONDS)).isPositive();
            assertThat(timer("executor").max(NANOSECONDS)).isPositive();
        }
    }

    @Test
    void timersHaveBuckets() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            CountAtBucket[] buckets = timer("executor").takeSnapshot().histogramCounts();
            assertThat(Stream.of(buckets).map(at -> Duration.ofNanos((long) at.bucket())))
                    .hasSize(24)
                    .startsWith(Duration.ofNanos(10_000), Duration.ofNanos(20_000), Duration.ofNanos(50_000))
                    .endsWith(Duration.ofSeconds(100), Duration.ofSeconds(200), Duration.ofSeconds(500));
        }
    }

    @Test
    void thePoolThatIsNotTimedHasNoTimers() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            new PoolMetrics(pool).bindTo(registry);
            assertThat(registry.find("executor").timer()).isNull();
            assertThat(registry.find("executor.idle").timer()).isNull();
            assertThat(gauge("executor.active")).isZero();
        }
    }

    @Test
    void theAgeOfTheQueueIsThatOfItsOldestTask() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            TimeGauge age = registry.get("myrmidon.pool.queue.age.max").timeGauge();
            double first = age.value(NANOSECONDS);
            assertThat(first).isPositive();
            assertThat(age.value(NANOSECONDS)).isGreaterThan(first);
            busy.letGo();
            assertThat(age.value(NANOSECONDS)).isZero();
        }
    }

    @Test
    void anAgeThatNobodyKnowsIsNotANumber() throws Exception {
        try (BusyPool busy =
                BusyPool.of(Pool.builder("orders").capacity(2).queueCapacity(1).build())) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            assertThat(registry.get("myrmidon.pool.queue.age.max").timeGauge().value(SECONDS))
                    .isNaN();
        }
    }

    @Test
    void aPoolByPriorityHasNoAge() {
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .queueOrder(QueueOrder.priority())
                .timed(true)
                .build()) {
            new PoolMetrics(pool).bindTo(registry);
            assertThat(registry.find("myrmidon.pool.queue.age.max").meter()).isNull();
            assertThat(timer("executor.idle").count()).isZero();
        }
    }

    @Test
    void retriesAreThoseOfWhoeverRetries() {
        AtomicLong retries = new AtomicLong();
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            new PoolMetrics(pool).bindTo(registry);
            assertThat(registry.find("myrmidon.pool.retries").meter()).isNull();
            new PoolMetrics(pool).withRetries(retries::get).bindTo(registry);
            retries.set(3);
            assertThat(count("myrmidon.pool.retries")).isEqualTo(3);
        }
    }

    @Test
    void moreTagsAreOnEveryMeter() {
        try (Pool pool = Pool.builder("orders").capacity(1).timed(true).build()) {
            new PoolMetrics(pool, Tags.of("zone", "a", "name", "ignored")).bindTo(registry);
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getTag("zone")).isEqualTo("a"))
                    .allSatisfy(
                            meter -> assertThat(meter.getId().getTag("name")).isEqualTo("orders"));
        }
    }

    @Test
    void endsWithThePool() {
        Pool pool = Pool.builder("orders").capacity(1).timed(true).build();
        Counter other = registry.counter("other");
        new PoolMetrics(pool).bindTo(registry);
        pool.close();
        await().untilAsserted(() -> assertThat(registry.getMeters()).containsExactly(other));
    }

    @Test
    void staysWhileThePoolDrains() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            busy.pool().shutdown();
            assertThat(gauge("executor.active")).isEqualTo(2);
            assertThat(gauge("executor.queued")).isEqualTo(1);
        }
    }

    @Test
    void closingRemovesTheMetersFromEveryRegistryAndLeavesThePoolAlone() {
        MeterRegistry second = new SimpleMeterRegistry();
        try (Pool pool = Pool.builder("orders").capacity(1).timed(true).build()) {
            PoolMetrics metrics = new PoolMetrics(pool);
            metrics.bindTo(registry);
            metrics.bindTo(second);
            assertThat(second.getMeters()).hasSameSizeAs(registry.getMeters()).isNotEmpty();

            metrics.close();
            metrics.close();

            assertThat(registry.getMeters()).isEmpty();
            assertThat(second.getMeters()).isEmpty();
            assertThat(pool.stats().state()).isEqualTo(PoolStats.State.RUNNING);

            metrics.bindTo(registry);
            assertThat(registry.getMeters()).as("after close").isEmpty();
        }
    }

    @Test
    void noTimersAreToldAfterClose() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(registry);
            Timer runs = timer("executor");
            metrics.close();
            busy.letGo();
            assertThat(busy.pool().timings().runs().count()).isPositive();
            assertThat(runs.count()).isZero();
        }
    }

    @Test
    void bindingTwiceIsBindingOnce() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(registry);
            List<Meter> once = registry.getMeters();
            metrics.bindTo(registry);
            assertThat(registry.getMeters()).hasSameSizeAs(once);
            busy.letGo();
            assertThat(timer("executor").count())
                    .isEqualTo(busy.pool().timings().runs().count());
        }
    }

    @Test
    void theLastOfTwoPoolsOfOneNameHasTheMeters() throws Exception {
        try (BusyPool draining = BusyPool.timed();
                Pool successor = Pool.open(draining.pool().config())) {
            PoolMetrics before = new PoolMetrics(draining.pool());
            before.bindTo(registry);
            Timer oldTimer = timer("executor");
            new PoolMetrics(successor).bindTo(registry);

            assertThat(gauge("executor.active")).isZero();
            successor.submit(() -> {}).get();
            successor.awaitIdle();
            assertThat(count("executor.completed")).isEqualTo(1);
            assertThat(timer("executor").count()).isEqualTo(1);
            assertThat(oldTimer.count()).isZero();

            int meters = registry.getMeters().size();
            before.close();
            assertThat(registry.getMeters()).hasSize(meters);
            assertThat(count("executor.completed")).isEqualTo(1);
        }
    }

    @Test
    void aPoolThatHasEndedIsNotBound() {
        Pool pool = Pool.builder("orders").capacity(1).build();
        pool.close();
        new PoolMetrics(pool).bindTo(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void untilTheyAreClosedTheyOutliveThePool() throws Exception {
        PoolMetrics metrics;
        try (BusyPool busy = BusyPool.timed()) {
            metrics = new PoolMetrics(busy.pool()).withRetries(() -> 7).untilClosed();
            metrics.bindTo(registry);
            busy.letGo();
        }
        assertThat(count("executor.completed")).isEqualTo(3);
        assertThat(count("myrmidon.pool.retries")).isEqualTo(7);
        assertThat(gauge("executor.active")).isZero();
        assertThat(timer("executor").count()).isPositive();
        metrics.close();
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void untilTheyAreClosedAPoolThatHasEndedCanBeBound() {
        Pool pool = Pool.builder("orders").capacity(1).build();
        pool.execute(() -> {});
        pool.close();
        PoolMetrics metrics = new PoolMetrics(pool).untilClosed();
        metrics.bindTo(registry);
        assertThat(count("executor.completed")).isEqualTo(1);
        metrics.close();
        metrics.bindTo(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    @Test
    void aClosedRegistryTakesNothing() throws Exception {
        registry.close();
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(registry);
            assertThat(registry.getMeters()).isEmpty();
            busy.letGo();
            metrics.close();
        }
    }

    @Test
    void aRegistryThatIsClosedLaterHarmsNobody() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(registry);
            registry.close();
            busy.letGo();
            assertThat(busy.pool().stats().failed()).isZero();
            metrics.close();
        }
    }

    @Test
    void whatAFilterDeniesIsNotThere() throws Exception {
        registry.config().meterFilter(MeterFilter.denyNameStartsWith("executor"));
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(registry);
            assertThat(registry.getMeters())
                    .isNotEmpty()
                    .allSatisfy(meter -> assertThat(meter.getId().getName()).startsWith("myrmidon."));
            busy.letGo();
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void metersThatAFilterRenamesAreRemovedToo() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                return id.withName("app." + id.getName());
            }
        });
        try (Pool pool = Pool.builder("orders").capacity(1).timed(true).build();
                Pool successor = Pool.open(pool.config())) {
            PoolMetrics metrics = new PoolMetrics(pool);
            metrics.bindTo(registry);
            int meters = registry.getMeters().size();
            assertThat(registry.find("app.executor.active").gauge()).isNotNull();
            PoolMetrics next = new PoolMetrics(successor);
            next.bindTo(registry);
            assertThat(registry.getMeters()).hasSize(meters);
            metrics.close();
            assertThat(registry.getMeters()).hasSize(meters);
            next.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void aFilterThatFailsLeavesNothingBehind() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                if (id.getName().equals("executor.idle")) {
                    throw new IllegalStateException("boom");
                }
                return id;
            }
        });
        try (Pool pool = Pool.builder("orders").capacity(1).timed(true).build()) {
            assertThatThrownBy(() -> new PoolMetrics(pool).bindTo(registry)).hasMessage("boom");
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void aMeterOfAnotherTypeIsLeftAlone() {
        Counter other = registry.counter("executor.queued", "name", "orders");
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThatThrownBy(() -> new PoolMetrics(pool).bindTo(registry))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("executor.queued");
            assertThat(registry.getMeters()).containsExactly(other);
        }
    }

    @Test
    void goesIntoRegistriesThatAreAddedToACompositeLater() throws Exception {
        CompositeMeterRegistry composite = new CompositeMeterRegistry();
        try (BusyPool busy = BusyPool.timed()) {
            PoolMetrics metrics = new PoolMetrics(busy.pool());
            metrics.bindTo(composite);
            composite.add(registry);
            assertThat(gauge("executor.active")).isEqualTo(2);
            busy.letGo();
            assertThat(timer("executor").count()).isPositive();
            metrics.close();
            assertThat(registry.getMeters()).isEmpty();
        }
    }

    @Test
    void theMetersOfAnOpenPoolOutliveTheirOwner() throws Exception {
        try (BusyPool busy = BusyPool.timed()) {
            new PoolMetrics(busy.pool()).bindTo(registry);
            for (int i = 0; i < 3; i++) {
                System.gc(); // what Micrometer holds weakly goes
            }
            assertThat(count("myrmidon.pool.submitted")).isEqualTo(3);
            assertThat(busy.pool().tryExecute(() -> {})).isTrue();
            assertThat(count("myrmidon.pool.submitted")).isEqualTo(4);
            assertThat(gauge("executor.queued")).isEqualTo(2);
        }
    }
}
