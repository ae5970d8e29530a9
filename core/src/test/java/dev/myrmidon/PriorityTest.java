package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriorityTest {
    private final List<String> order = Collections.synchronizedList(new ArrayList<>());

    private static PoolBuilder strict(int capacity) {
        return Pool.builder("orders")
                .capacity(capacity)
                .queueCapacity(Pool.UNBOUNDED)
                .queueOrder(QueueOrder.priority(Pool.NEVER));
    }

    private Task<?> submit(Pool pool, String name, int priority) {
        return submit(pool, name, TaskOptions.named(name).priority(priority));
    }

    private Task<?> submit(Pool pool, String name, TaskOptions options) {
        return pool.submit(
                () -> {
                    order.add(name);
                },
                options);
    }

    private void put(Pool pool, String name, int priority) {
        pool.execute(() -> order.add(name), TaskOptions.named(name).priority(priority));
    }

    @Test
    void higherLevelsGoFirstAndEqualsInOrderOfArrival() throws Exception {
        try (Pool pool = strict(1).build();
                Held held = Held.fill(pool, 1)) {
            put(pool, "low 1", -5);
            put(pool, "high 1", 9);
            pool.execute(() -> order.add("plain"));
            put(pool, "low 2", -5);
            put(pool, "high 2", 9);
            put(pool, "higher", Integer.MAX_VALUE);
            put(pool, "lowest", Integer.MIN_VALUE);
            held.letGo();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("higher", "high 1", "high 2", "plain", "low 1", "low 2", "lowest");
    }

    /// With a seed, against a sort that keeps the order of equals.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOrderIsThatOfAStableSortWithCancelsInBetween(long seed) throws Exception {
        Random random = new Random(seed);
        record Entry(String name, int priority) {}
        List<Entry> expected = new ArrayList<>();
        try (Pool pool = strict(1).build();
                Held held = Held.fill(pool, 1)) {
            int levels = 1 + random.nextInt(200);
            for (int i = 0; i < 2_000; i++) {
                int priority = random.nextInt(levels);
                String name = "t" + i;
                Task<?> task = submit(pool, name, priority);
                if (random.nextInt(4) == 0) {
                    assertThat(task.cancel(true)).isTrue();
                } else {
                    expected.add(new Entry(name, priority));
                }
            }
            assertThat(pool.stats().queued()).isEqualTo(expected.size());
            held.letGo();
            pool.awaitIdle();
        }
        expected.sort(Comparator.comparingInt(Entry::priority).reversed());

        assertThat(order).isEqualTo(expected.stream().map(Entry::name).toList());
    }

    /// Tasks that have a slot and wait for a worker are overtaken too: while one task keeps the only carriers
    /// busy, all others have slots already.
    @Test
    void nothingLowerIsOnItsWayWhenSomethingHigherArrives() throws Exception {
        try (Pool pool = strict(100).build()) {
            pool.submit(() -> {
                        pool.pause(); // what gets a slot now goes back to the queue
                        for (int i = 0; i < 20; i++) {
                            put(pool, "low", 0);
                        }
                        put(pool, "high", 1);
                    })
                    .get();
            pool.resize(1);
            pool.resume();
            pool.awaitIdle();
        }

        assertThat(order).hasSize(21).startsWith("high");
    }

    @Test
    void waitingSubmittersAreServedByLevelThenArrival() throws Exception {
        Pool pool = strict(1).queueCapacity(0).build();
        List<Thread> submitters = new ArrayList<>();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            String[] names = {"low 1", "high 1", "low 2", "high 2", "top"};
            int[] priorities = {0, 5, 0, 5, 6};
            for (int i = 0; i < names.length; i++) {
                int n = i;
                submitters.add(Thread.startVirtualThread(() -> put(pool, names[n], priorities[n])));
                while (pool.stats().waiting() < i + 1) {
                    Thread.onSpinWait();
                }
            }
            assertThat(pool.levels())
                    .extracting(LevelStats::priority, LevelStats::waiting)
                    .containsExactly(tuple(6, 1), tuple(5, 2), tuple(0, 2));
            held.letGo();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("top", "high 1", "high 2", "low 1", "low 2");
    }

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    @Test
    void aTaskThatWaitsGainsLevels() throws Exception {
        Pool pool =
                strict(1).queueOrder(QueueOrder.priority(Duration.ofMillis(1))).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            Task<?> old = submit(pool, "old", 0);
            while (old.times().age().compareTo(Duration.ofMillis(20)) < 0) {
                Thread.sleep(1); // five levels take 5 ms
            }
            put(pool, "young", 5);
            put(pool, "far higher", 1_000_000);
            held.letGo();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("far higher", "old", "young");
    }

    @Test
    void agingKeepsTheOrderWithinALevelAndAmongLevelsThatArriveTogether() throws Exception {
        Pool pool = strict(1).queueOrder(QueueOrder.priority()).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            IntStream.range(0, 300).forEach(i -> put(pool, (i % 3) + "/" + i, i % 3));
            held.letGo();
            pool.awaitIdle();
        }
        List<String> expected = new ArrayList<>();
        for (int level = 2; level >= 0; level--) {
            for (int i = level; i < 300; i += 3) {
                expected.add(level + "/" + i);
            }
        }

        assertThat(order).isEqualTo(expected);
    }

    /// With such an aging a level is worth next to nothing, and what begins to age first is first.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTaskAgesFromWhenItHasTheTurnOfItsKey(boolean submits) throws Exception {
        Pool pool =
                strict(1).queueOrder(QueueOrder.priority(Duration.ofNanos(1))).build();
        TaskOptions keyed = TaskOptions.keyed("customer");
        try (pool;
                Held held = new Held()) {
            pool.execute(held::hold, keyed);
            held.awaitStarted(1);
            if (submits) {
                var _ = submit(pool, "keyed", keyed);
            } else {
                pool.execute(() -> order.add("keyed"), keyed);
            }
            put(pool, "higher", 1);
            held.letGo();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("higher", "keyed");
    }

    @Test
    void displacingDropsTheYoungestOfTheLowestLevelForAHigherTask() throws Exception {
        Pool pool = strict(1)
                .queueCapacity(3)
                .whenSaturated(SaturationPolicy.displaceLowest())
                .build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            Task<?> middle = submit(pool, "middle", 3);
            Task<?> low1 = submit(pool, "low 1", 1);
            Task<?> low2 = submit(pool, "low 2", 1);

            Task<?> high = submit(pool, "high", 5);

            assertThat(low2.status()).isEqualTo(Task.Status.SHED);
            assertThatThrownBy(low2::get)
                    .isInstanceOf(CancellationException.class)
                    .hasMessageContaining("shed");
            assertThatThrownBy(() -> put(pool, "equal", 1))
                    .isInstanceOf(PoolSaturatedException.class)
                    .hasMessageContaining("queued=3/3");
            assertThat(pool.stats().shed()).isEqualTo(1);
            assertThat(pool.stats().cancelled()).isEqualTo(1);
            held.letGo();
            high.get();
            middle.get();
            low1.get();
        }

        assertThat(order).containsExactly("high", "middle", "low 1");
    }

    @Test
    void levelsCountWhatWaitsAndWhatStarted() throws Exception {
        Pool pool = strict(1).timed(true).build();
        try (pool;
                Held held = Held.fill(pool, 1)) {
            put(pool, "a", 2);
            put(pool, "b", 2);
            put(pool, "c", 1);
            assertThat(pool.levels())
                    .extracting(LevelStats::priority, LevelStats::queued)
                    .containsExactly(tuple(2, 2), tuple(1, 1), tuple(0, 0));
            held.letGo();
            pool.awaitIdle();

            assertThat(pool.levels())
                    .extracting(LevelStats::priority, LevelStats::queued, LevelStats::started)
                    .containsExactly(tuple(2, 0, 2L), tuple(1, 0, 1L), tuple(0, 0, 1L));
            assertThat(pool.levels().getFirst().waits())
                    .isNotNull()
                    .satisfies(waits -> assertThat(waits.count()).isEqualTo(2));
        }
    }

    @Test
    void aPoolByArrivalHasNoLevels() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThat(pool.levels()).isEmpty();
        }
    }

    @Test
    void shutdownNowReturnsTheHighestFirst() throws Exception {
        Pool pool = strict(1).build();
        try (Held _ = Held.fill(pool, 1)) {
            Task<?> low = submit(pool, "low", 0);
            Task<?> high = submit(pool, "high", 1);

            assertThat(pool.shutdownNow()).isEqualTo(List.of(high, low));
        }
        pool.close();
        assertThat(pool.stats().cancelled()).isEqualTo(3 - pool.stats().completed());
    }

    @Test
    void aShrinkPutsBackWhatHasNotStartedInItsOrder() throws Exception {
        try (Pool pool = strict(2).build();
                Held held = Held.fill(pool, 2)) {
            put(pool, "low", 0);
            put(pool, "high", 1);
            pool.resize(1);
            held.letGo();
            pool.awaitIdle();
        }

        assertThat(order).containsExactly("high", "low");
    }

    /// Many submitters, levels, resizes and cancels, with the books at the end.
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theBooksBalanceInAStorm(long seed) throws Exception {
        Pool pool = strict(4)
                .queueCapacity(50)
                .queueOrder(QueueOrder.priority(Duration.ofMillis(1)))
                .build();
        CountDownLatch done = new CountDownLatch(8);
        for (int s = 0; s < 8; s++) {
            Random random = new Random(seed * 31 + s);
            Thread.startVirtualThread(() -> {
                for (int i = 0; i < 3_000; i++) {
                    Task<?> task = pool.submit(() -> {}, TaskOptions.NONE.priority(random.nextInt(100)));
                    if (random.nextInt(5) == 0) {
                        task.cancel(true);
                    }
                    if (random.nextInt(200) == 0) {
                        pool.resize(1 + random.nextInt(8));
                    }
                }
                done.countDown();
            });
        }
        done.await();
        pool.awaitIdle();
        PoolStats stats = pool.stats();
        pool.close();

        assertThat(stats.submitted()).isEqualTo(24_000);
        assertThat(stats.completed() + stats.cancelled()).isEqualTo(24_000);
        assertThat(stats.queued()).isZero();
        assertThat(stats.running()).isZero();
    }

    @Test
    void policiesThatDropGoWithTheirOrder() {
        assertThatThrownBy(() ->
                        strict(1).whenSaturated(SaturationPolicy.dropOldest()).config())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs queueOrder fifo");
        assertThatThrownBy(() -> Pool.builder("orders")
                        .capacity(1)
                        .queueCapacity(1)
                        .whenSaturated(SaturationPolicy.displaceLowest())
                        .config())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs queueOrder priority, was fifo");
        assertThatThrownBy(() -> strict(1)
                        .queueCapacity(0)
                        .whenSaturated(SaturationPolicy.displaceLowest())
                        .config())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("queueCapacity must be at least 1, was 0");
        assertThatThrownBy(() -> QueueOrder.priority(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("aging must be positive or Pool.NEVER, was PT0S");
    }

    /// What has a priority and nothing else goes through the pool in a wrapping of its own.
    @Test
    void shutdownNowReturnsWhatWasGivenAndReportsNameItsClass() throws Exception {
        Runnable given = () -> order.add("never");
        Pool pool = strict(1).build();
        try (Held _ = Held.fill(pool, 1)) {
            pool.execute(given, TaskOptions.NONE.priority(3));

            assertThat(pool.shutdownNow()).containsExactly(given);
        }
        pool.close();

        List<String> names = Collections.synchronizedList(new ArrayList<>());
        try (Pool failing = strict(1).onFailure((name, _) -> names.add(name)).build()) {
            failing.execute(
                    () -> {
                        throw new IllegalStateException("on purpose");
                    },
                    TaskOptions.NONE.priority(3));
        }
        assertThat(names).containsExactly("orders/dev.myrmidon.PriorityTest$$Lambda");
        assertThat(order).isEmpty();
    }
}
