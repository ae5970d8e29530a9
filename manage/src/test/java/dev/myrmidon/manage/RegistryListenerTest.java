package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryListenerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final PoolRegistry registry = new PoolRegistry();
    private final Recorder heard = new Recorder();

    @Test
    void hearsOfEachPoolOnceComingAndOnceGoing() {
        registry.create(config("before"));
        registry.addListener(heard);
        registry.create(config("a"));
        registry.getOrCreate(config("a"));
        registry.create(config("f"), (Object _) -> {});
        registry.add(Pool.open(config("b")));
        registry.get("a").close();
        registry.destroy("a", LONG);
        registry.create(config("a"));
        registry.close(LONG);
        registry.close(LONG);
        registry.destroy("f", LONG);

        assertThat(heard.events).containsExactly("+before", "+a", "+f", "+b", "-a", "+a", "-before", "-f", "-b", "-a");
    }

    @Test
    void hearsNothingOfWhatHasGoneBefore() {
        registry.create(config("a"));
        registry.close(LONG);

        registry.addListener(heard);

        assertThat(heard.events).isEmpty();
    }

    @Test
    void hearsNothingAfterItsRemoval() {
        registry.addListener(heard);
        registry.addListener(heard);
        registry.create(config("a"));
        registry.removeListener(heard);
        registry.create(config("b"));
        registry.removeListener(heard);
        registry.removeListener(heard);
        registry.create(config("c"));
        registry.close(LONG);

        assertThat(heard.events).containsExactly("+a", "+a", "+b");
    }

    @Test
    void whatItThrowsHarmsNobody() {
        registry.addListener(new RegistryListener() {
            @Override
            public void created(Pool pool) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void destroyed(Pool pool) {
                throw new AssertionError("on purpose");
            }
        });
        registry.addListener(heard);

        Pool pool = registry.create(config("a"));
        registry.close(LONG);

        assertThat(pool.isTerminated()).isTrue();
        assertThat(heard.events).containsExactly("+a", "-a");
    }

    @Test
    void mayUseTheRegistry() {
        registry.addListener(new RegistryListener() {
            @Override
            public void created(Pool pool) {
                String name = pool.config().name();
                if (name.length() < 4) {
                    registry.create(config(name + "x"));
                    registry.destroy(name, LONG);
                }
            }

            @Override
            public void destroyed(Pool pool) {
                assertThat(registry.find(pool.config().name())).isEmpty();
            }
        });
        registry.addListener(heard);

        registry.create(config("a"));

        assertThat(registry.pools()).extracting(pool -> pool.config().name()).containsExactly("axxx");
        assertThat(heard.events).containsExactly("+a", "+ax", "-a", "+axx", "-ax", "+axxx", "-axx");
    }

    /// Could fail, or hang, if it were called under a lock.
    @Test
    void isCalledUnderNoLock() throws InterruptedException {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        registry.addListener(new RegistryListener() {
            @Override
            public void created(Pool pool) {
                called.countDown();
                awaitQuietly(release);
            }

            @Override
            public void destroyed(Pool pool) {}
        });
        registry.addListener(heard);
        Thread creator = Thread.ofPlatform().start(() -> registry.create(config("a")));
        called.await();

        // While the listener hangs in one thread, others come by.
        registry.create(config("b"));
        registry.destroy("b", LONG);
        assertThat(registry.get("a")).isNotNull();
        assertThat(registry.close(LONG).clean()).isTrue();

        release.countDown();
        creator.join();
        assertThat(heard.events).containsExactlyInAnyOrder("+a", "+b", "-b", "-a");
    }

    /// A listener that comes in the middle of it hears of each pool as others do, and of no two things at once.
    @RepeatedTest(20)
    void nothingIsMissedOrToldTwiceUnderRaces() throws InterruptedException {
        AtomicReference<String> fault = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 200; n++) {
                    String name = "p" + ThreadLocalRandom.current().nextInt(5);
                    try {
                        if (ThreadLocalRandom.current().nextBoolean()) {
                            registry.create(config(name));
                        } else {
                            registry.destroy(name, LONG);
                        }
                    } catch (IllegalArgumentException taken) {
                        // or unknown
                    }
                }
            }));
        }
        List<Strict> listeners = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Strict strict = new Strict(fault);
            listeners.add(strict);
            registry.addListener(strict);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(fault).hasValue(null);
        for (Strict strict : listeners) {
            assertThat(strict.there).containsExactlyInAnyOrderElementsOf(registry.pools());
        }
        registry.close(LONG);
        assertThat(fault).hasValue(null);
        assertThat(listeners).allMatch(strict -> strict.there.isEmpty());
    }

    /// Notes what must not be: two calls at once, two pools of a name, a pool that comes or goes twice.
    private static final class Strict implements RegistryListener {
        private final Set<Pool> there = new HashSet<>();
        private final AtomicInteger inside = new AtomicInteger();
        private final AtomicReference<String> fault;

        Strict(AtomicReference<String> fault) {
            this.fault = fault;
        }

        @Override
        public void created(Pool pool) {
            note(inside.getAndIncrement() != 0, "two at once");
            String name = pool.config().name();
            note(there.stream().anyMatch(other -> other.config().name().equals(name)), "two of a name");
            note(!there.add(pool), "twice");
            inside.decrementAndGet();
        }

        @Override
        public void destroyed(Pool pool) {
            note(inside.getAndIncrement() != 0, "two at once");
            note(!there.remove(pool), "gone and was not there");
            note(!pool.isTerminated(), "gone and not closed");
            inside.decrementAndGet();
        }

        private void note(boolean wrong, String what) {
            if (wrong) {
                fault.compareAndSet(null, what);
            }
        }
    }

    private static final class Recorder implements RegistryListener {
        private final List<String> events = new ArrayList<>();

        @Override
        public synchronized void created(Pool pool) {
            events.add("+" + pool.config().name());
        }

        @Override
        public synchronized void destroyed(Pool pool) {
            events.add("-" + pool.config().name());
        }
    }

    private static PoolConfig config(String name) {
        return Pool.builder(name).capacity(1).config();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
