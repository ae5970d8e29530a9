package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueueAgeTest {
    private static PoolBuilder one() {
        return Pool.builder("orders").capacity(1).queueCapacity(10);
    }

    /// What the pool answers, which grows from one look to the next.
    private static Duration growingAge(Pool pool) {
        Duration first = pool.queueAge().orElseThrow();
        await().until(() -> pool.queueAge().orElseThrow().compareTo(first) > 0);
        return pool.queueAge().orElseThrow();
    }

    @Test
    void nothingThatWaitsHasNoAge() throws Exception {
        try (Pool pool = one().build();
                Held held = Held.fill(pool, 1)) {
            assertThat(pool.queueAge()).contains(Duration.ZERO);
            held.letGo();
        }
    }

    @Test
    void aTimedPoolKnowsItOfPlainTasks() throws Exception {
        try (Pool pool = one().timed(true).build()) {
            // short tasks, of which few are drawn to be timed
            pool.submit(() -> {}).get();
            pool.awaitIdle();
            try (Held held = Held.fill(pool, 1)) {
                long before = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    pool.execute(() -> {});
                }
                assertThat(growingAge(pool)).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
                held.letGo();
            }
            pool.awaitIdle();
            assertThat(pool.queueAge()).contains(Duration.ZERO);
        }
    }

    @Test
    void itIsThatOfTheOldestAndOfTheNextOneWhenThatLeaves() throws Exception {
        try (Pool pool = one().build();
                Held held = Held.fill(pool, 1)) {
            Task<?> oldest = pool.submit(() -> {});
            growingAge(pool);
            Task<?> next = pool.submit(() -> {});
            assertThat(pool.queueAge().orElseThrow())
                    .isBetween(
                            Duration.ofNanos(
                                    next.times().submitted() - oldest.times().submitted()),
                            oldest.times().age());

            oldest.cancel(true);
            Duration age = pool.queueAge().orElseThrow();
            assertThat(age).isLessThanOrEqualTo(next.times().age());
            held.letGo();
        }
    }

    @Test
    void aPoolThatKeepsNoTimesDoesNotKnow() throws Exception {
        try (Pool pool = one().build();
                Held held = Held.fill(pool, 1)) {
            pool.execute(() -> {});
            assertThat(pool.queueAge()).isEmpty();
            held.letGo();
        }
    }

    @Test
    void submittersThatWaitAreAsOldAsTheirWait() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Held held = Held.fill(pool, 1)) {
            Thread submitter = Thread.ofVirtual().start(() -> pool.execute(() -> {}));
            await().until(() -> pool.stats().waiting() == 1);
            assertThat(growingAge(pool)).isPositive();
            held.letGo();
            submitter.join();
        }
    }

    @Test
    void tasksThatWaitForTheTurnOfTheirKeyCount() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(5).queueCapacity(5).build();
                Held held = new Held()) {
            pool.execute(held::hold, TaskOptions.keyed("a"));
            held.awaitStarted(1);
            pool.execute(() -> {}, TaskOptions.keyed("a"));
            assertThat(growingAge(pool)).isPositive();
            held.letGo();
        }
    }

    @Test
    void aTaskThatGotTheTurnOfItsKeyCountsWhenItIsTheHead() throws Exception {
        try (Pool pool = one().build();
                Held next = new Held();
                Held first = new Held()) {
            pool.execute(first::hold, TaskOptions.keyed("a"));
            first.awaitStarted(1);
            Task<?> keyed = pool.submit(() -> {}, TaskOptions.keyed("a"));
            growingAge(pool);
            Task<?> held = pool.submit(next::hold);
            Task<?> young = pool.submit(() -> {});
            assertThat(pool.queueAge().orElseThrow())
                    .isGreaterThan(Duration.ofNanos(
                            young.times().submitted() - keyed.times().submitted()));

            first.letGo();
            next.awaitStarted(1);
            assertThat(pool.queueAge().orElseThrow())
                    .isLessThanOrEqualTo(young.times().age());
            young.cancel(true);
            assertThat(pool.queueAge().orElseThrow())
                    .isGreaterThan(Duration.ofNanos(
                            held.times().submitted() - keyed.times().submitted()));
            next.letGo();
        }
    }

    @Test
    void tasksOfAPausedPoolGrowOld() throws Exception {
        try (Pool pool = one().timed(true).build()) {
            pool.pause();
            pool.execute(() -> {});
            assertThat(growingAge(pool)).isPositive();
            pool.resume();
        }
    }

    @Test
    void aPoolByPriorityNeverKnows() throws Exception {
        try (Pool pool = one().queueOrder(QueueOrder.priority()).timed(true).build();
                Held held = Held.fill(pool, 1)) {
            assertThat(pool.queueAge()).isEmpty();
            var queued = pool.submit(() -> {});
            assertThat(pool.queueAge()).isEmpty();
            held.letGo();
            queued.get();
        }
    }
}
