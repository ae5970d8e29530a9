package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `Pool.reconfigure`.
@Timeout(60)
class ReconfigureTest {
    private static void reconfigure(Pool pool, UnaryOperator<PoolBuilder> change) {
        pool.reconfigure(change.apply(pool.config().toBuilder()).config());
    }

    @Test
    void theNewConfigurationIsInEffectAndShown() {
        List<PoolEvent> events = new ArrayList<>();
        try (Pool pool =
                Pool.builder("orders").capacity(2).listener(events::add).build()) {
            PoolConfig changed = pool.config().toBuilder()
                    .capacity(5)
                    .queueCapacity(7)
                    .maxBlockingTasks(3)
                    .whenSaturated(SaturationPolicy.refuse())
                    .expiry(Duration.ofMillis(50))
                    .taskTimeout(Duration.ofSeconds(1))
                    .startWithin(Duration.ofSeconds(2))
                    .config();
            pool.reconfigure(changed);
            assertThat(pool.config()).isEqualTo(changed);
            assertThat(pool.stats().capacity()).isEqualTo(5);
            assertThat(pool.stats().queueCapacity()).isEqualTo(7);
            assertThat(events).containsExactly(new PoolEvent.Resized("orders", 2, 5));
            pool.resize(9);
            assertThat(pool.config().capacity()).isEqualTo(9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "priority"})
    void aQueueThatGrowsTakesInThoseThatWait(String order) throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        QueueOrder queueOrder = order.equals("fifo") ? QueueOrder.fifo() : QueueOrder.priority();
        try (Pool pool = Pool.builder("orders")
                        .capacity(1)
                        .queueOrder(queueOrder)
                        .build();
                Held held = Held.fill(pool, 1)) {
            List<Thread> submitters = IntStream.range(0, 3)
                    .mapToObj(_ -> Thread.startVirtualThread(() -> pool.execute(ran::incrementAndGet)))
                    .toList();
            await().until(() -> pool.stats().waiting() == 3);
            reconfigure(pool, config -> config.queueCapacity(2));
            await().until(() -> submitters.stream().filter(Thread::isAlive).count() == 1);
            assertThat(pool.stats().queued()).isEqualTo(2);
            assertThat(pool.stats().waiting()).isEqualTo(1);
            held.letGo();
            for (Thread submitter : submitters) {
                submitter.join();
            }
            pool.awaitIdle();
            assertThat(ran).hasValue(3);
        }
    }

    @Test
    void aKeyedSubmitterGetsItsPlaceInAQueueThatGrows() throws InterruptedException {
        TaskOptions keyed = TaskOptions.NONE.key("customer");
        List<Integer> order = new ArrayList<>();
        try (Pool pool = Pool.builder("orders").capacity(4).build();
                Held held = new Held()) {
            pool.execute(held::hold, keyed);
            Thread submitter = Thread.startVirtualThread(() -> pool.execute(() -> order.add(1), keyed));
            await().until(() -> pool.stats().waiting() == 1);
            reconfigure(pool, config -> config.queueCapacity(1));
            submitter.join();
            assertThat(pool.stats().queued()).isEqualTo(1);
            held.letGo();
            pool.awaitIdle();
            assertThat(order).containsExactly(1);
        }
    }

    @Test
    void aQueueThatShrinksSendsNobodyAway() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
                Held held = Held.fill(pool, 1)) {
            for (int i = 0; i < 10; i++) {
                pool.execute(ran::incrementAndGet);
            }
            reconfigure(pool, config -> config.queueCapacity(0).whenSaturated(SaturationPolicy.refuse()));
            assertThat(pool.stats().queued()).isEqualTo(10);
            assertThat(pool.stats().queueCapacity()).isZero();
            assertThatThrownBy(() -> pool.execute(ran::incrementAndGet))
                    .isInstanceOf(PoolSaturatedException.class)
                    .hasMessageContaining("queued=10/0");
            held.letGo();
            pool.awaitIdle();
            assertThat(ran).hasValue(10);
        }
    }

    @Test
    void fewerSubmittersMayWait() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Held held = Held.fill(pool, 1)) {
            Thread.startVirtualThread(() -> pool.execute(ran::incrementAndGet));
            Thread.startVirtualThread(() -> pool.execute(ran::incrementAndGet));
            await().until(() -> pool.stats().waiting() == 2);
            reconfigure(pool, config -> config.maxBlockingTasks(1));
            assertThat(pool.stats().waiting()).isEqualTo(2);
            assertThatThrownBy(() -> pool.execute(ran::incrementAndGet)).isInstanceOf(PoolSaturatedException.class);
            held.letGo();
            pool.awaitIdle();
            assertThat(ran).hasValue(2);
        }
    }

    @Test
    void idleWorkersEndAfterTheNewExpiry() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(3).expiry(Pool.NEVER).build()) {
            try (Held _ = Held.fill(pool, 3)) {
                assertThat(pool.stats().workers()).isGreaterThanOrEqualTo(3); // one may have been sent in vain
            }
            await().until(() -> pool.stats().idleWorkers() >= 3);
            reconfigure(pool, config -> config.expiry(Duration.ofMillis(20)));
            await().until(() -> pool.stats().workers() == 0);
            reconfigure(pool, config -> config.expiry(Pool.NEVER));
            pool.execute(() -> {});
            await().until(() -> pool.stats().idleWorkers() == 1);
            reconfigure(pool, config -> config.expiry(Duration.ofNanos(1)));
            await().until(() -> pool.stats().workers() == 0);
        }
    }

    @Test
    void theTimeoutHoldsForTasksSubmittedAfterwards() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build();
                Held held = new Held()) {
            Task<?> before = pool.submit(held::hold);
            held.awaitStarted(1);
            reconfigure(pool, config -> config.taskTimeout(Duration.ofMillis(20)));
            Task<?> after = pool.submit(held::hold);
            assertThatThrownBy(after::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            TaskTimeoutException.class,
                            e -> assertThat(e.timeout()).isEqualTo(Duration.ofMillis(20)));
            assertThat(before.status()).isEqualTo(Task.Status.RUNNING);
        }
    }

    @Test
    void aTaskTellsTheTimeoutItHadEvenIfThePoolHasNoneAnyMore() throws Exception {
        try (Pool pool = Pool.builder("orders")
                        .capacity(1)
                        .taskTimeout(Duration.ofMillis(100))
                        .build();
                Held held = new Held()) {
            Task<?> task = pool.submit(held::hold);
            held.awaitStarted(1);
            reconfigure(pool, config -> config.taskTimeout(Pool.NEVER));
            assertThatThrownBy(task::get)
                    .cause()
                    .isInstanceOfSatisfying(
                            TaskTimeoutException.class,
                            e -> assertThat(e.timeout()).isEqualTo(Duration.ofMillis(100)));
        }
    }

    @Test
    void tasksAreShedAfterTheNewTime() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).queueCapacity(2).build();
                Held _ = Held.fill(pool, 1)) {
            reconfigure(pool, config -> config.startWithin(Duration.ofMillis(10)));
            pool.execute(() -> {});
            await().until(() -> pool.stats().shed() == 1);
        }
    }

    @Test
    void whatCantBeChangedIsRefusedAndNothingIs() {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            PoolConfig is = pool.config();
            refused(pool, "name", config -> config.name("other"));
            refused(pool, "queueOrder", config -> config.queueOrder(QueueOrder.priority()));
            refused(pool, "isolated", config -> config.isolated(true));
            refused(pool, "timed", config -> config.timed(true));
            refused(pool, "decorators", config -> config.decorator(code -> code));
            refused(pool, "listeners", config -> config.listener(_ -> {}));
            refused(pool, "onFailure", config -> config.onFailure((_, _) -> {}));
            assertThat(pool.config()).isEqualTo(is);
            reconfigure(pool, config -> config.preallocate(true));
        }
    }

    private static void refused(Pool pool, String field, UnaryOperator<PoolBuilder> change) {
        assertThatThrownBy(() -> reconfigure(pool, config -> change.apply(config.capacity(99))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(field + " can't be changed while a pool is open, was ");
    }
}
