package dev.myrmidon.engine.internal.metrics;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.micrometer.PoolMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScrapesTest {
    private final PoolRegistry pools = new PoolRegistry();
    private final AtomicLong now = new AtomicLong();
    private final Scrapes scrapes = new Scrapes(pools, now::get, Duration.ofSeconds(30));

    @AfterEach
    void close() {
        scrapes.close();
        pools.close();
    }

    private String text() throws InterruptedException {
        return new String(scrapes.text(ScrapeFormat.TEXT).orElseThrow(), StandardCharsets.UTF_8);
    }

    /// What there is to say a while later.
    private String next() throws InterruptedException {
        now.addAndGet(Scrapes.FRESH.toNanos());
        return text();
    }

    private Pool pool(String name, boolean timed) {
        return pools.create(Pool.builder(name).capacity(3).timed(timed).config());
    }

    @Test
    void poolsThatComeAreThereAndThoseThatGoAreNot() throws Exception {
        scrapes.start();
        pool("before", false);
        assertThat(text()).contains("executor_active_threads{name=\"before\"} 0.0");
        pool("after", true);
        assertThat(next())
                .contains("executor_active_threads{name=\"before\"}", "executor_active_threads{name=\"after\"}");
        pools.destroy("before", Duration.ZERO);
        assertThat(next()).doesNotContain("name=\"before\"").contains("name=\"after\"");
    }

    @Test
    void aPoolThatHasEndedIsThereUntilItIsDestroyed() throws Exception {
        scrapes.start();
        Pool pool = pool("calls", false);
        pool.submit(() -> {}).get();
        pool.close();
        assertThat(text()).contains("executor_completed_tasks_total{name=\"calls\"} 1.0");
    }

    @Test
    void countersKnowWhatHappenedBeforeTheFirstScrapeAndSoDoTimers() throws Exception {
        scrapes.start();
        Pool counted = pool("counted", false);
        Pool timed = pool("timed", true);
        for (Pool pool : List.of(counted, timed)) {
            for (int i = 0; i < 20; i++) {
                pool.submit(() -> {
                            Thread.sleep(1);
                            return true;
                        })
                        .get();
            }
            pool.awaitIdle();
        }
        assertThat(text())
                .contains("executor_completed_tasks_total{name=\"counted\"} 20.0")
                .contains("executor_seconds_count{name=\"timed\"} 20")
                .contains("executor_seconds_bucket{name=\"timed\",le=\"5.0E-4\"} 0")
                .contains("executor_seconds_bucket{name=\"timed\",le=\"+Inf\"} 20")
                .contains("executor_idle_seconds_count{name=\"timed\"} 20")
                .doesNotContain("executor_seconds_count{name=\"counted\"}");
    }

    @Test
    void aPoolThatWasThereBeforeTheStartHasItsTimers() throws Exception {
        Pool pool = pool("early", true);
        scrapes.start();
        pool.submit(() -> {
                    Thread.sleep(1);
                    return true;
                })
                .get();
        pool.awaitIdle();
        assertThat(text()).contains("executor_seconds_count{name=\"early\"} 1");
    }

    @Test
    void whatWasGatheredIsSaidAgainForASecond() throws Exception {
        Pool pool = pool("calls", false);
        Future<byte[]> first = scrapes.current(ScrapeFormat.TEXT); // else it's forgotten at a collection
        text();
        pool.resize(7);
        now.addAndGet(Scrapes.FRESH.toNanos() - 1);
        assertThat(scrapes.current(ScrapeFormat.TEXT)).isSameAs(first);
        assertThat(text()).isEqualTo(new String(first.get(), StandardCharsets.UTF_8));
        assertThat(new String(scrapes.text(ScrapeFormat.OPEN_METRICS).orElseThrow(), StandardCharsets.UTF_8))
                .contains("myrmidon_pool_limit_tasks{name=\"calls\"} 7.0");
        now.incrementAndGet();
        assertThat(text()).contains("myrmidon_pool_limit_tasks{name=\"calls\"} 7.0");
    }

    @Test
    void manyAskAtOnceAndOneGathers() throws Exception {
        pool("calls", true);
        CountDownLatch go = new CountDownLatch(1);
        Set<Object> gathered = ConcurrentHashMap.newKeySet();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clients.add(Thread.startVirtualThread(() -> {
                awaitQuietly(go);
                gathered.add(scrapes.current(ScrapeFormat.TEXT));
            }));
        }
        go.countDown();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(gathered).hasSize(1);
        assertThat(text()).contains("name=\"calls\"");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Test
    void whatTakesTooLongIsNotWaitedForAndNotBegunAgain() throws Exception {
        Pool pool = pool("calls", false);
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        MeterRegistry slow = new SimpleMeterRegistry();
        slow.config().meterFilter(MeterFilter.deny(_ -> {
            held.countDown();
            try {
                return !release.await(30, SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }));
        // While it registers the meters of one pool, those of no other one are.
        Thread other = Thread.ofPlatform().start(() -> new PoolMetrics(pool).bindTo(slow));
        held.await();
        try (Scrapes hasty = new Scrapes(pools, now::get, Duration.ofMillis(20))) {
            for (int i = 0; i < 3; i++) {
                assertThat(hasty.text(ScrapeFormat.TEXT)).isEmpty();
                now.addAndGet(Scrapes.FRESH.toNanos());
            }
            await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                    .as("but for those of others, which end")
                    .filteredOn(thread -> thread.getName().equals("myrmidon-metrics"))
                    .hasSize(1));
            release.countDown();
            await().until(() -> hasty.text(ScrapeFormat.TEXT).isPresent());
        } finally {
            release.countDown();
            other.join();
        }
    }

    @Test
    void readingChangesNothing() throws Exception {
        Pool pool = pool("calls", true);
        scrapes.start();
        pool.submit(() -> {}).get();
        await().until(() -> pool.stats().idleWorkers() == 1);
        text();
        PoolStats before = pool.stats();
        String said = next();
        for (int i = 0; i < 5; i++) {
            assertThat(poolLines(next())).isEqualTo(poolLines(said));
        }
        assertThat(pool.stats()).usingRecursiveComparison().isEqualTo(before);
    }

    /// But for the time of the longest task, which Micrometer forgets after a while.
    private static List<String> poolLines(String text) {
        return text.lines()
                .filter(line -> line.contains("name=\"calls\"") && !line.contains("_max{"))
                .toList();
    }

    @Test
    void namesThatNeedEscapesHaveThem() throws Exception {
        pool("a \"b\" \\ c\nd é", false);
        assertThat(text()).contains("executor_active_threads{name=\"a \\\"b\\\" \\\\ c\\nd é\"} 0.0\n");
    }

    @Test
    void nothingIsSaidAfterTheEnd() throws Exception {
        scrapes.start();
        pool("calls", true);
        scrapes.close();
        pool("late", true);
        assertThat(text()).isEmpty();
        scrapes.close();
    }

    @Test
    void whoIsInterruptedWaitsNoLonger() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(this::text).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aTimedPoolComesInAnInterruptedThread() throws Exception {
        scrapes.start();
        Thread.currentThread().interrupt();
        Pool pool = pool("calls", true);
        assertThat(Thread.interrupted()).isTrue();
        pool.submit(() -> {
                    Thread.sleep(1);
                    return true;
                })
                .get();
        pool.awaitIdle();
        assertThat(text()).contains("executor_seconds_count{name=\"calls\"} 1");
    }
}
