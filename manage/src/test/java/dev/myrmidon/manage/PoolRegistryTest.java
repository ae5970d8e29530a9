package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.CloseReport;
import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PoolRegistryTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final PoolRegistry registry = new PoolRegistry();

    @AfterEach
    void close() {
        registry.close(Duration.ZERO);
    }

    @Test
    void findsWhatItCreated() throws Exception {
        Pool a = registry.create(config("a"));
        FunctionPool<Integer> b = registry.create(config("b"), (Integer _) -> {});
        Pool c = Pool.open(config("c"));
        registry.add(c);

        assertThat(registry.get("a")).isSameAs(a);
        assertThat(registry.get("b")).isSameAs(b.pool());
        assertThat(registry.find("c")).containsSame(c);
        assertThat(registry.find("d")).isEmpty();
        assertThat(registry.pools()).containsExactly(a, b.pool(), c);
        assertThat(a.submit(() -> 1).get()).isEqualTo(1);
    }

    @Test
    void namesThePoolsThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.get("a"))
                .withMessage("no pool has the name \"a\"; there are: none");
        registry.create(config("b"));
        registry.create(config("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.get("c"))
                .withMessage("no pool has the name \"c\"; there are: b, a");
        for (int i = 0; i < 20; i++) {
            registry.create(config("p" + i));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.get("c"))
                .withMessageContaining("b, a, p0,")
                .withMessageEndingWith(", p17, and 2 more");
    }

    @Test
    void aNameIsTakenOnce() {
        Pool first = registry.create(config("a"));
        Pool other = Pool.open(config("a"));
        String message = "name must not be that of another pool, was \"a\"; taken are: a";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.create(config("a")))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.create(config("a"), (Object _) -> {}))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.add(other))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.add(first))
                .withMessage(message);

        assertThat(other.isShutdown()).as("stays its user's").isFalse();
        assertThat(registry.pools()).containsExactly(first);
        other.close();
    }

    @Test
    void aFunctionPoolWithoutFunctionLeavesNothing() {
        assertThatIllegalArgumentException().isThrownBy(() -> registry.create(config("a"), null));

        assertThat(registry.pools()).isEmpty();
        registry.create(config("a"));
    }

    @Test
    void getOrCreateLeavesTheOneThatIsThereAsItIs() {
        Pool pool = registry.getOrCreate(config("a"));

        assertThat(registry.getOrCreate(pool.config().toBuilder().capacity(9).config()))
                .isSameAs(pool);
        assertThat(pool.config().capacity()).isEqualTo(2);
    }

    @Test
    void aPoolThatItsUserClosedStaysUntilDestroyed() {
        Pool pool = registry.create(config("a"));
        pool.close();

        assertThat(registry.get("a")).isSameAs(pool);
        assertThat(registry.pools()).containsExactly(pool);
        assertThatIllegalArgumentException().isThrownBy(() -> registry.create(config("a")));
        assertThatIllegalStateException()
                .isThrownBy(() -> registry.getOrCreate(config("a")))
                .withMessage("the pool \"a\" is TERMINATED: until it is destroyed there can't be another one");

        assertThat(registry.destroy("a", Duration.ZERO).clean()).isTrue();
        assertThat(registry.getOrCreate(config("a"))).isNotSameAs(pool);
    }

    @Test
    void destroyClosesWithAReportAndFreesTheName() throws InterruptedException {
        Pool pool = registry.create(config("a"));
        CountDownLatch started = new CountDownLatch(1);
        pool.execute(() -> {
            started.countDown();
            Endless.awaitInterrupt();
        });
        started.await();

        CloseReport report = registry.destroy("a", Duration.ofMillis(10));

        assertThat(report.name()).isEqualTo("a");
        assertThat(report.interrupted()).hasSize(1);
        await().until(pool::isTerminated); // a close doesn't wait for ever for those it interrupts
        assertThat(registry.find("a")).isEmpty();
        assertThat(registry.create(config("a"))).isNotSameAs(pool);
    }

    @Test
    void destroyOfWhatIsNotThereIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.destroy("a", LONG))
                .withMessage("no pool has the name \"a\"; there are: none");
        registry.create(config("a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.destroy("a", Duration.ofNanos(-1)))
                .withMessage("patience must not be negative, was PT-0.000000001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.close(Duration.ofNanos(-1)))
                .withMessage("patience must not be negative, was PT-0.000000001S");

        assertThat(registry.get("a").isShutdown()).isFalse();
    }

    @Test
    void aTaskCannotDestroyItsOwnPool() throws Exception {
        Pool pool = registry.create(config("a"));

        Future<?> task = pool.submit(() -> registry.destroy("a", LONG));

        assertThat(failure(task)).isInstanceOf(IllegalStateException.class);
        assertThat(registry.get("a").isShutdown()).isFalse();
        assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
    }

    /// The name is neither free nor usable while the pool drains.
    @Test
    void whileAPoolIsDestroyedItsNameIsTaken() throws Exception {
        Pool pool = registry.create(config("a"));
        CountDownLatch release = new CountDownLatch(1);
        pool.execute(() -> awaitQuietly(release));
        try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CloseReport> first = others.submit(() -> registry.destroy("a", LONG));
            Future<CloseReport> second = others.submit(() -> registry.destroy("a", LONG));
            while (!pool.isShutdown()) {
                Thread.onSpinWait();
            }

            assertThatIllegalArgumentException().isThrownBy(() -> registry.create(config("a")));
            assertThatIllegalStateException()
                    .isThrownBy(() -> registry.getOrCreate(config("a")))
                    .withMessageContaining("DRAINING");
            assertThat(registry.get("a")).isSameAs(pool);
            release.countDown();

            assertThat(first.get().clean()).isTrue();
            // Either it found the pool, and waited too, or it came too late.
            try {
                assertThat(second.get().clean()).isTrue();
            } catch (ExecutionException e) {
                assertThat(e.getCause()).hasMessageStartingWith("no pool has the name");
            }
        }
        registry.create(config("a"));
    }

    @Test
    void aPoolThatIsFedIsNotDestroyedBeforeItsFeeders() {
        registry.create(config("a"));
        registry.create(config("b"));
        registry.create(config("c"));
        registry.feeds("a", "c");
        registry.feeds("b", "c");

        assertThatIllegalStateException()
                .isThrownBy(() -> registry.destroy("c", LONG))
                .withMessage("c can't be destroyed before what feeds it: a, b");
        assertThat(registry.get("c").isShutdown()).isFalse();

        registry.destroy("a", LONG);
        registry.get("b").close(); // ended is enough
        registry.destroy("c", LONG);
        assertThat(registry.pools()).extracting(pool -> pool.config().name()).containsExactly("b");
    }

    @Test
    void feedsRefusesCyclesAndUnknownNames() {
        for (String name : List.of("a", "b", "c", "d")) {
            registry.create(config(name));
        }
        registry.feeds("a", "b");
        registry.feeds("b", "c");
        registry.feeds("a", "c");
        registry.feeds("a", "c"); // said before
        registry.feeds("b", "d");
        registry.feeds("d", "c");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.feeds("c", "a"))
                .withMessage("feeds must not make a cycle, was c → a → c");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.feeds("d", "a"))
                .withMessage("feeds must not make a cycle, was d → a → b → d");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.feeds("a", "a"))
                .withMessage("feeds must not make a cycle, was a → a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.feeds("a", "x"))
                .withMessage("no pool has the name \"x\"; there are: a, b, c, d");
        assertThatIllegalArgumentException().isThrownBy(() -> registry.feeds("x", "a"));

        registry.destroy("a", LONG);
        registry.create(config("a"));
        registry.feeds("c", "a"); // what was said of its predecessor is forgotten
    }

    @Test
    void aClosedRegistryCreatesNothing() {
        Pool pool = registry.create(config("a"));
        registry.close(LONG);
        Pool other = Pool.open(config("late"));
        String message = "the pools are closed: no pool \"late\" can be added";

        assertThatIllegalStateException()
                .isThrownBy(() -> registry.create(config("late")))
                .withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> registry.create(config("late"), (Object _) -> {}))
                .withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> registry.getOrCreate(config("late")))
                .withMessage(message);
        assertThatIllegalStateException().isThrownBy(() -> registry.add(other)).withMessage(message);
        assertThatIllegalStateException().isThrownBy(() -> registry.getOrCreate(config("a")));
        assertThat(other.isShutdown()).as("stays its user's").isFalse();
        other.close();

        assertThat(registry.get("a")).as("can still be found").isSameAs(pool);
        assertThat(registry.destroy("a", LONG).clean()).isTrue();
        assertThat(registry.pools()).isEmpty();
    }

    @RepeatedTest(20)
    void getOrCreateFromManyThreadsOpensOne() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        registry.addListener(new Counting(opened, new AtomicInteger()));
        List<Pool> got = together(8, () -> registry.getOrCreate(config("a")));

        assertThat(Set.copyOf(got)).hasSize(1);
        assertThat(registry.pools()).hasSize(1);
        assertThat(opened).hasValue(1);
    }

    @RepeatedTest(20)
    void createFromManyThreadsSucceedsOnce() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        together(8, () -> {
            try {
                return registry.create(config("a"));
            } catch (IllegalArgumentException taken) {
                refused.incrementAndGet();
                return registry.get("a");
            }
        });

        assertThat(refused).hasValue(7);
    }

    /// No pool is ever open that the registry doesn't know, and what it knows is at most one a name.
    @RepeatedTest(10)
    void createAgainstDestroy() throws Exception {
        Set<Pool> everOpened = ConcurrentHashMap.newKeySet();
        AtomicInteger created = new AtomicInteger();
        AtomicInteger destroyed = new AtomicInteger();
        registry.addListener(new Counting(created, destroyed));
        together(6, () -> {
            for (int i = 0; i < 300; i++) {
                String name = "p" + ThreadLocalRandom.current().nextInt(3);
                try {
                    switch (ThreadLocalRandom.current().nextInt(3)) {
                        case 0 -> everOpened.add(registry.create(config(name)));
                        case 1 -> everOpened.add(registry.getOrCreate(config(name)));
                        default ->
                            assertThat(registry.destroy(name, LONG).clean()).isTrue();
                    }
                } catch (IllegalArgumentException | IllegalStateException expected) {
                    // taken, unknown, or just being destroyed
                }
            }
            return true;
        });
        assertThat(everOpened.stream().filter(pool -> !pool.isTerminated()))
                .containsExactlyInAnyOrderElementsOf(registry.pools());
        assertThat(created).hasValue(everOpened.size());
        assertThat(created.get() - destroyed.get()).isEqualTo(registry.pools().size());

        registry.close(LONG);
        assertThat(destroyed).hasValue(created.get());
        assertThat(everOpened).allMatch(Pool::isTerminated);
    }

    @RepeatedTest(20)
    void nothingIsCreatedBehindAClose() throws Exception {
        Set<Pool> opened = ConcurrentHashMap.newKeySet();
        AtomicInteger turns = new AtomicInteger();
        AtomicBoolean closed = new AtomicBoolean();
        List<RegistryReport> reports = new ArrayList<>();
        together(4, () -> {
            int turn = turns.getAndIncrement();
            if (turn == 0) {
                while (opened.size() < 20) {
                    Thread.onSpinWait();
                }
                reports.add(registry.close(LONG));
                closed.set(true);
                return 0;
            }
            int n = 0;
            while (!closed.get() && n < 5_000) { // were the closer to stall, memory would run out
                try {
                    opened.add(registry.create(config("p" + turn + "-" + n++)));
                } catch (IllegalStateException late) {
                    return n;
                }
            }
            return n;
        });
        assertThat(opened).allMatch(Pool::isTerminated);
        assertThat(reports.getFirst().pools()).hasSize(opened.size());
    }

    private record Counting(AtomicInteger created, AtomicInteger destroyed) implements RegistryListener {
        @Override
        public void created(Pool pool) {
            created.incrementAndGet();
        }

        @Override
        public void destroyed(Pool pool) {
            destroyed.incrementAndGet();
        }
    }

    private static PoolConfig config(String name) {
        return Pool.builder(name).capacity(2).config();
    }

    /// Does the same in some threads that start at once.
    private static <T> List<T> together(int threads, Callable<T> action) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                futures.add(executor.submit(() -> {
                    start.await();
                    return action.call();
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }

    private static Throwable failure(Future<?> future) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("it did not fail");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
