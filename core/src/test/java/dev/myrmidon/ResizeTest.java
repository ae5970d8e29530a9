package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
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

    /// The bodies count themselves and hold the cap against the smallest capacity that any resize set while
    /// theyn ///started: a start is checked against the capacity before and after, so that a resize under
    /// way excuses nothing else.
    @Test
    void neverStartsMoreThanTheCapacityOfTheMoment() throws InterruptedException {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger allowed = new AtomicInteger(16); // the capacity, or the higher one around a change
        AtomicInteger excess = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(20_000);
        Pool pool = Pool.builder("orders").capacity(16).queueCapacity(8).build();
        AtomicBoolean done = new AtomicBoolean();
        Thread resizer = Thread.ofPlatform().start(() -> {
            while (!done.get()) {
                int low = ThreadLocalRandom.current().nextInt(1, 8);
                pool.resize(low);
                // what ran before the shrink has to end before the lower bound can be asked for
                while (running.get() > low && !done.get()) {
                    Thread.onSpinWait();
                }
                allowed.set(low);
                for (int i = 0; i < 200; i++) {
                    Thread.onSpinWait();
                }
                allowed.set(16);
                pool.resize(16);
            }
        });
        try (pool) {
            List<Thread> submitters = new ArrayList<>();
            for (int s = 0; s < 4; s++) {
                submitters.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 5_000; i++) {
                        pool.execute(() -> {
                            int bound = allowed.get();
                            if (running.incrementAndGet() > bound && allowed.get() == bound) {
                                excess.incrementAndGet();
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
        assertThat(pool.stats().completed()).isEqualTo(20_000);
    }

    /// Shrinks while tasks have their slots and no worker yet: they go back to the head of the line, in
    /// order.
    @Test
    void handsBackWhatHasNotStarted() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger running = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Pool pool = Pool.builder("orders").capacity(50).build();
            for (int i = 0; i < 50; i++) {
                int number = i;
                pool.execute(() -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    order.add(number);
                    running.decrementAndGet();
                });
            }
            pool.resize(1);
            most.set(0);
            pool.close();
            assertThat(order)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 50).boxed().toList());
            assertThat(pool.stats().completed()).isEqualTo(50);
        }
    }
}
