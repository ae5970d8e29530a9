package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.PoolEvent.Rejected.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CausesTest {
    @Test
    void aPoolThatNobodyUsedHasEveryCauseAtZero() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            PoolCauses causes = pool.causes();
            assertThat(causes.rejected()).containsOnlyKeys(Reason.values());
            assertThat(causes.rejected().values()).containsOnly(0L);
            assertThat(causes.resized()).containsOnlyKeys(ResizeCause.values());
            assertThat(causes.resized().values()).containsOnly(0L);
            assertThat(causes.late()).isZero();
            assertThat(causes.displaced()).isZero();
        }
    }

    @Test
    void refusalsAreCountedByTheirReason() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (Held held = Held.fill(pool, 1)) {
            assertThat(pool.tryExecute(() -> {})).isFalse();
            assertThat(pool.tryExecute(() -> {}, Duration.ofNanos(1))).isFalse();
            Thread interrupted = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofDays(1)))
                        .isInstanceOf(InterruptedException.class);
            });
            interrupted.join();
            held.letGo();
        }
        pool.close();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolClosedException.class);
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolClosedException.class);

        assertThat(pool.causes().rejected())
                .isEqualTo(Map.of(
                        Reason.SATURATED,
                        1L,
                        Reason.TIMED_OUT,
                        1L,
                        Reason.INTERRUPTED,
                        1L,
                        Reason.CLOSED,
                        2L,
                        Reason.NO_WORKER,
                        0L));
        assertThat(pool.stats().rejected()).isEqualTo(5);
    }

    @Test
    void lateTasksAreToldFromDisplacedOnes() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            pool.execute(() -> {});
            pool.execute(() -> {});
            assertThat(pool.causes().displaced()).isEqualTo(1);
            assertThat(pool.causes().late()).isZero();
            Task<?> late = pool.submit(() -> {}, TaskOptions.NONE.startWithin(Duration.ofMillis(1)));
            await().until(late::isDone);

            assertThat(pool.causes().displaced()).isEqualTo(2);
            assertThat(pool.causes().late()).isEqualTo(1);
            assertThat(pool.stats().shed()).isEqualTo(3);
            assertThat(pool.stats().cancelled()).isEqualTo(3);
            held.letGo();
        }
    }

    @Test
    void changesOfTheCapacityAreCountedByTheirCause() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            pool.resize(2);
            pool.resize(2);
            pool.resize(3, ResizeCause.SCALING);
            pool.resize(4, ResizeCause.SCALING);
            pool.reconfigure(pool.config().toBuilder().capacity(5).config());
            pool.reconfigure(pool.config().toBuilder().queueCapacity(5).config());
            assertThatThrownBy(() -> pool.resize(0, ResizeCause.SCALING)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pool.resize(9, null)).isInstanceOf(NullPointerException.class);

            assertThat(pool.causes().resized())
                    .isEqualTo(Map.of(ResizeCause.MANUAL, 1L, ResizeCause.SCALING, 2L, ResizeCause.RELOAD, 1L));
            assertThat(pool.stats().capacity()).isEqualTo(5);
        }
    }

    @Test
    void timesAreToldToThoseWhoListen() throws Exception {
        long[] told = new long[3];
        TimingsListener listener = (wait, run, tasks) -> {
            told[0] += tasks;
            told[1] = wait;
            told[2] = run;
        };
        try (Pool pool = Pool.builder("orders").capacity(1).timed(true).build()) {
            pool.addTimingsListener((_, _, _) -> {
                throw new AssertionError("boom");
            });
            pool.addTimingsListener(listener);
            pool.submit(() -> {
                        Thread.sleep(Duration.ofMillis(2));
                        return "slept";
                    })
                    .get();
            pool.awaitIdle();
            assertThat(told[0]).isEqualTo(1);
            assertThat(told[1]).isNotNegative();
            assertThat(told[2]).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(2));
            assertThat(pool.stats().failed()).isZero();

            pool.removeTimingsListener(listener);
            pool.removeTimingsListener(listener);
            pool.submit(() -> {}).get();
            pool.awaitIdle();
            assertThat(told[0]).isEqualTo(1);
            assertThatThrownBy(() -> pool.addTimingsListener(null)).isInstanceOf(NullPointerException.class);
        }
    }

    @Test
    void aPoolThatIsNotTimedHasNoTimesToTell() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            TimingsListener listener = (_, _, _) -> {};
            assertThatThrownBy(() -> pool.addTimingsListener(listener))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("orders is not timed: build it with timed(true)");
            pool.removeTimingsListener(listener);
        }
    }
}
