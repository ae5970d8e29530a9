package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResizeTest {
    @ParameterizedTest
    @ValueSource(ints = {5, 100, Pool.UNBOUNDED})
    void growingLetsAsManyWaitersInAsFit(int grown) throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).build();
                Held held = Held.fill(pool, 1)) {
            int waiters = 10;
            for (int i = 0; i < waiters; i++) {
                Thread.ofVirtual().start(held.submitTo(pool));
            }
            await().untilAsserted(() -> assertThat(pool.stats().waiting()).isEqualTo(waiters));

            pool.resize(grown);

            int fit = grown == Pool.UNBOUNDED ? waiters : Math.min(waiters, grown - 1);
            held.awaitStarted(fit);
            PoolStats stats = pool.stats();
            assertThat(stats.capacity()).isEqualTo(grown);
            assertThat(stats.running()).isEqualTo(fit + 1);
            assertThat(stats.waiting()).isEqualTo(waiters - fit);
        }
    }

    @Test
    void shrinkingLetsRunWhatRunsAndStartsNothingUntilThereIsRoom() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(3).queueCapacity(1).build();
                Held first = Held.fill(pool, 1);
                Held others = Held.fill(pool, 2);
                Held queued = new Held()) {
            pool.execute(queued::hold);
            pool.resize(2);
            assertThat(pool.stats().running()).isEqualTo(3);
            assertThat(pool.stats().available()).isZero();

            first.letGo();
            await().untilAsserted(() -> assertThat(pool.stats().running()).isEqualTo(2));
            assertThat(pool.stats().queued()).isEqualTo(1);

            others.letGo();
            queued.awaitStarted(1);
            await().untilAsserted(() -> assertThat(pool.stats().running()).isEqualTo(1));
        }
    }

    @Test
    void fromBoundedToUnboundedAndBack() throws InterruptedException {
        try (Pool pool = Pool.builder("orders").capacity(1).nonblocking().build();
                Held held = Held.fill(pool, 1)) {
            assertThat(pool.tryExecute(held::hold)).isFalse();
            pool.resize(Pool.UNBOUNDED);
            for (int i = 0; i < 500; i++) {
                assertThat(pool.tryExecute(held::hold)).isTrue();
            }
            held.awaitStarted(500);
            pool.resize(2);
            assertThat(pool.tryExecute(held::hold)).isFalse();
            held.letGo();
            await().untilAsserted(() -> assertThat(pool.stats().running()).isZero());
            assertThat(pool.stats().available()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void preallocatedPoolsGrowPastTheirFirstSize(boolean preallocate) throws InterruptedException {
        try (Pool pool =
                Pool.builder("orders").capacity(64).preallocate(preallocate).build()) {
            pool.resize(5_000);
            try (Held _ = Held.fill(pool, 5_000)) {
                assertThat(pool.stats().running()).isEqualTo(5_000);
            }
        }
    }

    /// The bodies count themselves. While a bound is in force, from when no more slots are held than it
    /// allows until the pool grows again, no more bodies may run than that.
    @Test
    void neverStartsMoreThanTheCapacityOfTheMoment() throws InterruptedException {
        record Bound(int capacity, int number) {}
        Bound none = new Bound(Integer.MAX_VALUE, 0);
        AtomicReference<Bound> inForce = new AtomicReference<>(none);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger checked = new AtomicInteger();
        AtomicInteger excess = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(20_000);
        CountDownLatch bounded = new CountDownLatch(1);
        Pool pool = Pool.builder("orders").capacity(16).queueCapacity(8).build();
        AtomicBoolean done = new AtomicBoolean();
        Thread resizer = Thread.ofPlatform().start(() -> {
            for (int number = 1; !done.get(); number++) {
                int low = ThreadLocalRandom.current().nextInt(1, 8);
                pool.resize(low);
                while (pool.stats().running() > low && !done.get()) {
                    Thread.onSpinWait(); // what ran before the shrink may run on
                }
                inForce.set(new Bound(low, number));
                bounded.countDown();
                LockSupport.parkNanos(100_000);
                while (checked.get() == 0 && !done.get()) {
                    Thread.onSpinWait(); // the first bound holds until it was checked
                }
                inForce.set(none);
                pool.resize(16);
            }
        });
        try (pool) {
            bounded.await();
            List<Thread> submitters = new ArrayList<>();
            for (int s = 0; s < 4; s++) {
                submitters.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        pool.execute(() -> {
                            Bound before = inForce.get();
                            boolean tooMany = running.incrementAndGet() > before.capacity();
                            if (!before.equals(none) && before.equals(inForce.get())) {
                                checked.incrementAndGet();
                                if (tooMany) {
                                    excess.incrementAndGet();
                                }
                            }
                            LockSupport.parkNanos(1);
                            running.decrementAndGet();
                            all.countDown();
                        });
                    }
                }));
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
            all.await();
            done.set(true);
            resizer.join();
        }
        assertThat(excess.get()).isZero();
        assertThat(checked.get()).isPositive();
        assertThat(pool.stats().completed()).isEqualTo(20_000);
    }
}
