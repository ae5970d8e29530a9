package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryCloseTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final PoolRegistry registry = new PoolRegistry();

    @Test
    void anEmptyRegistryIsClosedAtOnce() {
        RegistryReport report = registry.close(Duration.ZERO);

        assertThat(report.clean()).isTrue();
        assertThat(report.pools()).isEmpty();
        registry.close();
    }

    @Test
    void idlePoolsEndWithoutAThreadAndCleanly() {
        Pool a = pool("a");
        Pool b = pool("b");
        registry.feeds("b", "a");

        RegistryReport report = registry.close(Duration.ZERO);

        assertThat(report.clean()).isTrue();
        assertThat(report.pools()).extracting(CloseReport::name).containsExactly("a", "b");
        assertThat(List.of(a, b)).allMatch(Pool::isTerminated);
    }

    /// They could not meet if one were closed after the other.
    @Test
    void thereIsOneDeadlineForAllPools() {
        AtomicInteger met = threeThatMeetAtTheDeadline();

        RegistryReport report = registry.close(Duration.ofMillis(50));

        assertThat(met).hasValue(3);
        assertThat(report.clean()).isFalse();
        assertThat(report.pools())
                .extracting(
                        pool -> pool.interrupted().size(),
                        pool -> pool.neverStarted().size())
                .containsOnly(tuple(1, 1));
        assertThat(report.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }

    /// A task of each pool submits into the next one when it is released, which must not be refused.
    @Test
    void aPoolClosesAfterThoseThatFeedIt() {
        Pool store = pool("store"); // created before its feeders, on purpose
        Pool parse = pool("parse");
        Pool fetch = pool("fetch");
        Pool aside = pool("aside");
        registry.feeds("fetch", "parse");
        registry.feeds("parse", "store");
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean stored = new AtomicBoolean();
        start(fetch, () -> {
            awaitQuietly(release);
            parse.execute(() -> store.execute(() -> stored.set(true)));
        });
        AtomicReference<RegistryReport> report = new AtomicReference<>();
        Thread closer = Thread.ofPlatform().start(() -> report.set(registry.close(LONG)));
        await().until(() -> fetch.isShutdown() && aside.isTerminated());
        assertThat(parse.isShutdown()).isFalse();
        assertThat(store.isShutdown()).isFalse();

        release.countDown();

        join(closer);
        assertThat(stored).isTrue();
        assertThat(report.get().clean()).isTrue();
        assertThat(report.get().pools())
                .extracting(CloseReport::name)
                .containsExactly("store", "parse", "fetch", "aside");
    }

    /// They could not meet if those that waited for their feeders waited for longer.
    @Test
    void aFeederThatDoesNotEndTakesTheDeadlineAndNoMore() {
        AtomicInteger met = threeThatMeetAtTheDeadline();
        registry.feeds("a", "b");
        registry.feeds("b", "c");

        RegistryReport report = registry.close(Duration.ofMillis(50));

        assertThat(met).hasValue(3);
        assertThat(report.pools())
                .allSatisfy(pool -> assertThat(pool.interrupted()).hasSize(1));
    }

    /// Pools of the names a, b and c, each with a task that doesn't end by itself, and behind it one that
    /// is dropped at the deadline, which holds up the close of its pool until all three have come to that.
    ///
    /// @return how many have met
    private AtomicInteger threeThatMeetAtTheDeadline() {
        CyclicBarrier deadline = new CyclicBarrier(3);
        AtomicInteger met = new AtomicInteger();
        for (String name : List.of("a", "b", "c")) {
            Pool pool = registry.create(
                    Pool.builder(name).capacity(1).queueCapacity(1).config());
            start(pool, Endless::awaitInterrupt);
            pool.execute(new FutureTask<>(() -> {}, "dropped") {
                @Override
                public boolean cancel(boolean mayInterruptIfRunning) {
                    meet(deadline);
                    met.incrementAndGet();
                    return super.cancel(mayInterruptIfRunning);
                }
            });
        }
        return met;
    }

    @Test
    void aChainOfManyPoolsCloses() {
        for (int i = 0; i < 2_000; i++) {
            pool("p" + i);
            if (i > 0) {
                registry.feeds("p" + (i - 1), "p" + i);
            }
        }
        assertThat(registry.close(LONG).clean()).isTrue();
    }

    @Test
    void whoComesSecondWaitsAndGetsTheSameReport() {
        Pool pool = pool("a");
        CountDownLatch release = new CountDownLatch(1);
        start(pool, () -> awaitQuietly(release));
        Queue<RegistryReport> reports = new ConcurrentLinkedQueue<>();
        List<Thread> closers = new ArrayList<>();
        closers.add(Thread.ofPlatform().start(() -> reports.add(registry.close(LONG))));
        await().until(pool::isShutdown);
        for (int i = 0; i < 8; i++) {
            // The deadline of the first one holds.
            closers.add(Thread.ofPlatform().start(() -> reports.add(registry.close(Duration.ZERO))));
        }
        await().until(() -> closers.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        assertThat(reports).isEmpty();

        release.countDown();

        closers.forEach(RegistryCloseTest::join);
        assertThat(reports).hasSize(9).containsOnly(registry.close(LONG));
        assertThat(reports.element().clean()).isTrue();
    }

    @Test
    void anInterruptEndsThePatienceOfAll() {
        Pool a = pool("a");
        Pool b = pool("b");
        registry.feeds("a", "b");
        start(a, Endless::awaitInterrupt);
        start(b, Endless::awaitInterrupt);
        AtomicReference<RegistryReport> report = new AtomicReference<>();
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread closer = Thread.ofPlatform().start(() -> {
            report.set(registry.close(LONG));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        await().until(() -> a.isShutdown() && closer.getState() == Thread.State.WAITING);

        closer.interrupt();

        join(closer);
        assertThat(interrupted).isTrue();
        assertThat(report.get().pools()).allMatch(pool -> !pool.clean());
    }

    @Test
    void anInterruptBeforeLeavesNoPatienceAtAll() {
        start(pool("a"), Endless::awaitInterrupt);
        pool("b");

        Thread.currentThread().interrupt();
        RegistryReport report = registry.close(LONG);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(report.pools()).extracting(CloseReport::clean).containsExactly(false, true);
    }

    @Test
    void anotherThreadCanCutItShort() {
        Pool a = pool("a");
        start(a, Endless::awaitInterrupt);
        start(pool("b"), Endless::awaitInterrupt);
        registry.feeds("a", "b");
        AtomicReference<RegistryReport> report = new AtomicReference<>();
        Thread closer = Thread.ofPlatform().start(() -> report.set(registry.close(LONG)));
        await().until(a::isShutdown);

        registry.cutShort();
        registry.cutShort();

        join(closer);
        assertThat(closer.isInterrupted()).isFalse();
        assertThat(report.get().pools()).allMatch(pool -> !pool.clean());
    }

    @Test
    void itCanBeCutShortBeforeItBegins() {
        start(pool("a"), Endless::awaitInterrupt);

        registry.cutShort();

        assertThat(registry.close(LONG).clean()).isFalse();
    }

    @Test
    void aTaskThatIgnoresInterruptsIsReported() {
        CountDownLatch release = new CountDownLatch(1);
        start(pool("a"), () -> {
            while (release.getCount() > 0) {
                try {
                    release.await();
                } catch (InterruptedException _) {
                    // that is the point
                }
            }
        });

        RegistryReport report = registry.close(Duration.ZERO);

        assertThat(report.clean()).isFalse();
        assertThat(report.pools().getFirst().stillRunning()).hasSize(1);
        release.countDown();
    }

    @Test
    void whatItsUserClosedIsInTheReport() {
        pool("a").close();

        assertThat(registry.close(LONG).pools()).extracting(CloseReport::name).containsExactly("a");
    }

    @Test
    void aPoolThatIsBeingDestroyedIsInTheReportAndUnderItsDeadline() {
        Pool a = pool("a");
        start(a, Endless::awaitInterrupt);
        Thread destroyer = Thread.ofPlatform().start(() -> registry.destroy("a", LONG));
        await().until(a::isShutdown);

        RegistryReport report = registry.close(Duration.ofMillis(10));

        join(destroyer);
        assertThat(report.pools())
                .extracting(CloseReport::name, CloseReport::clean)
                .containsExactly(tuple("a", false));
        assertThat(registry.pools()).isEmpty();
    }

    @Test
    void closeWithoutALimitWaitsAndRefuses() {
        Pool a = pool("a");
        CountDownLatch release = new CountDownLatch(1);
        start(a, () -> awaitQuietly(release));
        Thread closer = Thread.ofPlatform().start(registry::close);
        await().until(a::isShutdown);
        AtomicBoolean refused = new AtomicBoolean();
        try {
            a.execute(() -> {});
        } catch (PoolClosedException e) {
            refused.set(true);
        }

        release.countDown();

        join(closer);
        assertThat(refused).isTrue();
        assertThat(registry.close(LONG).clean()).isTrue();
    }

    private Pool pool(String name) {
        return registry.create(Pool.builder(name).capacity(2).config());
    }

    /// Returns when the task runs.
    private static void start(Pool pool, Runnable task) {
        CountDownLatch started = new CountDownLatch(1);
        pool.execute(() -> {
            started.countDown();
            task.run();
        });
        awaitQuietly(started);
    }

    private static void join(Thread thread) {
        try {
            assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }
}
