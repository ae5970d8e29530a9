package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimingsTest {
    private static final Duration NAP = Duration.ofMillis(5);

    private static Pool timed(int capacity) {
        return Pool.builder("orders").capacity(capacity).timed(true).build();
    }

    private static void nap() {
        try {
            Thread.sleep(NAP);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyLongTaskIsTimedHoweverItWasSubmitted(boolean asFuture) throws InterruptedException {
        Pool pool = timed(1);
        pool.pause();
        for (int i = 0; i < 10; i++) {
            Thread.startVirtualThread(() -> {
                if (asFuture) {
                    var _ = pool.submit(TimingsTest::nap);
                } else {
                    pool.execute(TimingsTest::nap);
                }
            });
        }
        await().until(() -> pool.stats().waiting() == 10);
        pool.resume();
        pool.awaitIdle();
        pool.close();
        PoolTimings timings = pool.timings();
        assertThat(timings.runs().count()).isEqualTo(10);
        assertThat(timings.runs().percentile(0.1)).isGreaterThanOrEqualTo(NAP);
        assertThat(timings.waits().count()).isEqualTo(10);
        // each waited for the slot while those before it had it
        assertThat(timings.waits().percentile(50)).isGreaterThanOrEqualTo(NAP.multipliedBy(4));
        assertThat(timings.waits().percentile(100)).isGreaterThanOrEqualTo(NAP.multipliedBy(9));
    }

    @Test
    void shortTasksAreSampledAndCountForAll() {
        int tasks = 400_000;
        Pool pool = timed(1_000);
        for (int i = 0; i < tasks; i++) {
            pool.execute(() -> {});
        }
        pool.close();
        // 6,250 are drawn: the standard deviation is 1.3 %
        assertThat(pool.timings().runs().count()).isCloseTo(tasks, within((long) (tasks * 0.1)));
        assertThat(pool.timings().waits().count())
                .isEqualTo(pool.timings().runs().count());
    }

    @Test
    void failedTasksAreTimedAndThoseThatNeverRanAreNot() throws InterruptedException {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .timed(true)
                .onFailure((_, _) -> {})
                .build();
        CountDownLatch hold = new CountDownLatch(1);
        pool.execute(() -> {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            throw new IllegalStateException("boom");
        });
        Future<?> cancelled = pool.submit(() -> {});
        assertThat(cancelled.cancel(true)).isTrue();
        hold.countDown();
        pool.close();
        assertThat(pool.timings().runs().count()).isEqualTo(1);
        assertThat(pool.stats().failed()).isEqualTo(1);
    }

    @Test
    void aTaskIsItselfToEverybodyElse() throws InterruptedException {
        List<String> failed = new ArrayList<>();
        List<Runnable> refused = new ArrayList<>();
        class Boom implements Runnable {
            @Override
            public void run() {
                throw new IllegalStateException("boom");
            }
        }
        Runnable queued = () -> {};
        Runnable tooMany = () -> {};
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .timed(true)
                .whenSaturated(SaturationPolicy.handle((task, _) -> refused.add(task)))
                .onFailure((name, _) -> failed.add(name))
                .build();
        try (Held held = Held.fill(pool, 1)) {
            pool.execute(queued);
            pool.execute(tooMany);
            assertThat(refused).containsExactly(tooMany);
            assertThat(pool.shutdownNow()).containsExactly(queued);
            held.letGo();
        }
        pool.close();

        try (Pool next = Pool.open(pool.config())) {
            next.execute(new Boom());
        }
        assertThat(failed).last().isEqualTo("orders/" + Boom.class.getName());
    }

    @Test
    void whatCameInSinceAnEarlierReadingIsTheDifference() throws Exception {
        try (Pool pool = timed(1)) {
            pool.submit(TimingsTest::nap).get();
            PoolTimings before = pool.timings();
            pool.submit(TimingsTest::nap).get();
            pool.submit(TimingsTest::nap).get();
            Histogram since = pool.timings().runs().minus(before.runs());
            assertThat(since.count()).isEqualTo(2);
            assertThat(since.mean()).isGreaterThanOrEqualTo(NAP.multipliedBy(98).dividedBy(100));
            assertThatThrownBy(() -> before.runs().minus(pool.timings().runs()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith(
                            "earlier must be an earlier histogram of the same durations, was count=3 mean=PT");
        }
    }

    @Test
    void anIdlePoolHasNone() {
        try (Pool pool = timed(1)) {
            Histogram none = pool.timings().runs();
            assertThat(none.count()).isZero();
            assertThat(none.mean()).isEqualTo(Duration.ZERO);
            assertThat(none.percentile(100)).isEqualTo(Duration.ZERO);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 100.1, Double.NaN})
    void refusesPercentagesOutOfRange(double percent) {
        try (Pool pool = timed(1)) {
            assertThatThrownBy(() -> pool.timings().runs().percentile(percent))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("percent must be above 0 and at most 100, was " + percent);
        }
    }

    @Test
    void aPoolThatIsNotTimedSaysSo() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThatThrownBy(pool::timings)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("orders is not timed: build it with timed(true)");
        }
    }

    @Test
    void resultsComeThroughATimedPool() throws Exception {
        try (Pool pool = timed(2)) {
            List<Callable<Integer>> tasks = List.of(() -> 1, () -> 2, () -> 3);
            int sum = 0;
            for (Future<Integer> each : pool.invokeAll(tasks)) {
                sum += each.get();
            }
            assertThat(sum).isEqualTo(6);
        }
    }
}
