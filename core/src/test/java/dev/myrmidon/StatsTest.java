package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StatsTest {
    @Test
    void keepsItsNumbersApart() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(2).queueCapacity(3).build();
                Held first = Held.fill(pool, 1);
                Held second = Held.fill(pool, 1)) { // one after the other, so that no worker is sent in vain
            for (int i = 0; i < 3; i++) {
                pool.execute(() -> {});
            }
            Thread.ofVirtual().start(() -> pool.execute(() -> {}));
            await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(1));

            assertThat(pool.stats())
                    .isEqualTo(new PoolStats(
                            "orders", PoolStats.State.RUNNING, 2, 2, 3, 3, 1, 2, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0));
            assertThat(pool.stats().available()).isZero();

            first.letGo();
            second.letGo();
            pool.awaitIdle(); // an end is counted before its slot comes back
            PoolStats idle = pool.stats();
            assertThat(idle.completed()).isEqualTo(6);
            assertThat(idle.running() + idle.queued() + idle.waiting()).isZero();
            assertThat(idle.available()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(pool.stats().idleWorkers())
                    .isEqualTo(pool.stats().workers())
                    .isBetween(1, 3));
        }
    }

    @Test
    void readingChangesNothing() {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            pool.execute(() -> {});
            await().untilAsserted(() -> assertThat(pool.stats().completed()).isEqualTo(1));
            await().untilAsserted(() -> assertThat(pool.stats().idleWorkers()).isEqualTo(1));
            assertThat(pool.stats()).isEqualTo(pool.stats());
        }
    }

    @Test
    void openingStartsNoThread() {
        try (Pool pool =
                Pool.builder("orders").capacity(1_000).preallocate(true).build()) {
            assertThat(pool.stats().workers()).isZero();
        }
    }

    @Test
    void idleWorkersEndAfterTheirExpiryAndNewOnesStartForNewWork() throws InterruptedException {
        try (Pool pool = Pool.builder("orders")
                .capacity(100)
                .expiry(Duration.ofMillis(20))
                .build()) {
            List<Thread> threads = new CopyOnWriteArrayList<>();
            for (int round = 0; round < 2; round++) {
                threads.clear();
                try (Held held = new Held()) {
                    for (int i = 0; i < 100; i++) {
                        pool.execute(() -> {
                            threads.add(Thread.currentThread());
                            held.hold();
                        });
                    }
                    held.awaitStarted(100);
                    assertThat(pool.stats().workers()).isGreaterThanOrEqualTo(100);
                }
                await().untilAsserted(() -> assertThat(pool.stats().workers()).isZero());
                for (Thread thread : threads) {
                    assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
                }
                assertThat(pool.stats().completed()).isEqualTo(100L * (round + 1));
            }
        }
    }

    @Test
    void workersStayWhenExpiryIsSwitchedOff() throws InterruptedException {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Pool pool = Pool.builder("orders").capacity(10).expiry(Pool.NEVER).build();
        try (pool) {
            try (Held held = new Held()) {
                for (int i = 0; i < 10; i++) {
                    pool.execute(() -> {
                        threads.add(Thread.currentThread());
                        held.hold();
                    });
                }
                held.awaitStarted(10);
            }
            await().untilAsserted(() -> assertThat(pool.stats().idleWorkers())
                    .isEqualTo(pool.stats().workers())
                    .isGreaterThanOrEqualTo(10));
            // parked without a time limit, so that no time can end them
            await().untilAsserted(() -> assertThat(threads).allMatch(t -> t.getState() == Thread.State.WAITING));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        }
    }

    @Test
    void namesItsThreadsAfterThePool() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            CountDownLatch ran = new CountDownLatch(1);
            List<String> names = new CopyOnWriteArrayList<>();
            pool.execute(() -> {
                names.add(Thread.currentThread().getName());
                ran.countDown();
            });
            ran.await();
            assertThat(names).containsExactly("orders-0");
        }
    }

    @Test
    void saysInOneLineHowItIsDoing() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(2).maxBlockingTasks(7).build();
                Held _ = Held.fill(pool, 1)) {
            assertThat(pool).hasToString("orders running: running=1/2 queued=0/0 waiting=0/7");
        }
    }
}
