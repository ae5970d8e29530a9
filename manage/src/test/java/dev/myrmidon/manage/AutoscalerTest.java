package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.ScalingStrategy.Proposal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AutoscalerTest {
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final ScalingConfig QUICK = ScalingConfig.between(10, 1_000).interval(INTERVAL);

    private final List<String> logged = Collections.synchronizedList(new ArrayList<>());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry.getLevel() + " " + entry.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final Logger logger = Logger.getLogger("dev.myrmidon.manage");

    /// Not to what the thread of the test before may still say.
    @BeforeEach
    void listenToTheLog() {
        await().until(() -> threads().isEmpty());
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void leaveTheLogAlone() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(true);
    }

    private static Pool pool(String name, int capacity) {
        return Pool.builder(name)
                .capacity(capacity)
                .queueCapacity(Pool.UNBOUNDED)
                .timed(true)
                .build();
    }

    /// "Grows within 3 intervals": it doubles at each of the first looks, so that the third leaves 80 of 10.
    @Test
    void growsUnderAFloodAndShrinksAfterIt() throws InterruptedException {
        CountDownLatch flood = new CountDownLatch(1);
        BlockingQueue<ScalingStep> told = new LinkedBlockingQueue<>();
        List<String> names;
        try (Autoscaler autoscaler = new Autoscaler(told::add);
                Pool images = pool("images", 10)) {
            for (int i = 0; i < 2_000; i++) {
                images.execute(() -> hold(flood));
            }
            autoscaler.add(images, QUICK);

            List<ScalingStep> up = new ArrayList<>();
            while (up.size() < 7) {
                up.add(next(told));
            }
            assertThat(up).extracting(ScalingStep::from).containsExactly(10, 20, 40, 80, 160, 320, 640);
            assertThat(up).extracting(ScalingStep::to).containsExactly(20, 40, 80, 160, 320, 640, 1_000);
            assertThat(up.getFirst())
                    .hasToString("images: capacity 10 → 20 (threshold: usage 1.00 > 0.80, queued 1990, waiting 0)");
            await().untilAsserted(() -> assertThat(images.stats().running()).isEqualTo(1_000));

            flood.countDown();
            List<ScalingStep> down = new ArrayList<>();
            while (down.size() < 7) {
                down.add(next(told));
            }
            assertThat(down).extracting(ScalingStep::to).containsExactly(500, 250, 125, 63, 32, 16, 10);
            assertThat(down.getFirst().toString())
                    .as("by then some tasks may still be on their way out")
                    .matches("images: capacity 1000 → 500 \\(threshold: usage 0\\.[0-3]\\d < 0\\.30 in 3 samples,"
                            + " queued 0, waiting 0\\)");
            assertThat(images.stats().capacity()).isEqualTo(10);
            up.addAll(down);
            assertThat(autoscaler.steps()).isEqualTo(up);
            names = up.stream().map(step -> "INFO " + step).toList();
        }
        assertThat(logged).as("each step, with why").isEqualTo(names);
    }

    @Test
    void refusesPoolsThatCannotBeScaled() {
        Pool unbounded = Pool.builder("unbounded").capacity(Pool.UNBOUNDED).build();
        Pool untimed = Pool.builder("untimed").capacity(10).build();
        Pool closed = pool("closed", 10);
        closed.close();
        try (Autoscaler autoscaler = new Autoscaler();
                unbounded;
                untimed) {
            assertThatThrownBy(() -> autoscaler.add(unbounded, QUICK))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("unbounded can't be scaled: its capacity must be at least 1, was Pool.UNBOUNDED");
            assertThatThrownBy(() -> autoscaler.add(untimed, QUICK.strategy(ScalingStrategy.gradient())))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("untimed is not timed, but Gradient[] needs run times: build it with timed(true)");
            assertThatThrownBy(() -> autoscaler.add(closed, QUICK))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("closed can't be scaled: it is shut down");
            assertThat(autoscaler.pools()).isEmpty();
        }
    }

    @Test
    void refusesANameThatIsTaken() {
        try (Autoscaler autoscaler = new Autoscaler();
                Pool one = pool("images", 10);
                Pool other = pool("images", 10)) {
            autoscaler.add(one, QUICK);
            assertThatThrownBy(() -> autoscaler.add(other, QUICK))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a pool named images is scaled already: remove it first");
            assertThat(autoscaler.config("images")).contains(QUICK);
            assertThat(autoscaler.remove("images")).isTrue();
            assertThat(autoscaler.remove("images")).isFalse();
            assertThat(autoscaler.config("images")).isEmpty();
            autoscaler.add(other, QUICK);
            assertThat(autoscaler.pools()).containsExactly("images");
        }
    }

    @Test
    void aSuccessorTakesTheNameOfATerminatedPoolAtOnce() throws InterruptedException {
        BlockingQueue<ScalingStep> told = new LinkedBlockingQueue<>();
        try (Autoscaler autoscaler = new Autoscaler(told::add)) {
            Pool one = pool("images", 10);
            autoscaler.add(one, QUICK.interval(Duration.ofDays(1)));
            one.close();
            try (Pool successor = pool("images", 5)) {
                autoscaler.add(successor, QUICK);
                assertThat(next(told)).hasToString("images: capacity 5 → 10 (below min 10)");
            }
        }
    }

    @Test
    void forgetsAPoolThatHasTerminated() {
        try (Autoscaler autoscaler = new Autoscaler()) {
            Pool pool = pool("images", 10);
            autoscaler.add(pool, QUICK);
            pool.close();
            await().until(() -> autoscaler.pools().isEmpty());
        }
    }

    @Test
    void isOneThreadAndLeavesNoneBehind() {
        Autoscaler autoscaler = new Autoscaler();
        try (Pool one = pool("one", 10);
                Pool two = pool("two", 10)) {
            assertThat(threads()).as("before there is a pool").isEmpty();
            autoscaler.add(one, QUICK);
            autoscaler.add(two, QUICK);
            assertThat(threads()).hasSize(1).allMatch(Thread::isDaemon).noneMatch(Thread::isVirtual);
            autoscaler.close();
            await().until(() -> threads().isEmpty());
            assertThatThrownBy(() -> autoscaler.add(one, QUICK))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the autoscaler is closed");
            assertThat(autoscaler.pools()).isEmpty();
        }
    }

    @Test
    void goesOnFromWhatOthersHaveSet() throws InterruptedException {
        CountDownLatch flood = new CountDownLatch(1);
        BlockingQueue<ScalingStep> told = new LinkedBlockingQueue<>();
        Pool pool = pool("images", 10);
        Consumer<ScalingStep> meddler = step -> {
            if (step.from() == 300) {
                pool.resize(Pool.UNBOUNDED);
            }
            told.add(step);
        };
        try (Autoscaler autoscaler = new Autoscaler(meddler);
                pool) {
            autoscaler.add(pool, QUICK.strategy(ScalingStrategy.threshold(1, 0)));
            pool.resize(300);
            for (int i = 0; i < 2_000; i++) {
                pool.execute(() -> hold(flood));
            }
            assertThat(next(told).from()).isEqualTo(300);
            assertThat(next(told)).hasToString("images: capacity -1 → 1000 (unbounded, max 1000)");
            flood.countDown();
        }
    }

    @Test
    void leavesAPausedPoolAlone() {
        AtomicInteger asked = new AtomicInteger();
        ScalingStrategy counting = () -> sample -> {
            asked.incrementAndGet();
            return new Proposal(sample.stats().capacity(), "counted");
        };
        try (Autoscaler autoscaler = new Autoscaler();
                Pool paused = pool("paused", 10);
                Pool other = pool("other", 10)) {
            paused.pause();
            paused.execute(() -> {});
            AtomicInteger looks = new AtomicInteger();
            autoscaler.add(paused, QUICK.strategy(counting));
            autoscaler.add(other, QUICK.strategy(() -> sample -> {
                looks.incrementAndGet();
                return new Proposal(10, "looked");
            }));
            await().until(() -> looks.get() > 5);
            assertThat(asked).hasValue(0);
            paused.resume();
            await().until(() -> asked.get() > 0);
        }
    }

    @Test
    void aStrategyThatThrowsHarmsNoOtherPoolAndIsLoggedOnce() {
        AtomicInteger failures = new AtomicInteger();
        AtomicReference<Boolean> fails = new AtomicReference<>(true);
        ScalingStrategy failing = () -> sample -> {
            if (fails.get()) {
                failures.incrementAndGet();
                throw new AssertionError("no idea");
            }
            return new Proposal(77, "recovered");
        };
        try (Autoscaler autoscaler = new Autoscaler();
                Pool one = pool("one", 10);
                Pool two = pool("two", 5)) {
            autoscaler.add(one, QUICK.strategy(failing));
            autoscaler.add(two, QUICK);
            await().until(() -> two.stats().capacity() == 10 && failures.get() > 3);
            assertThat(logged.stream().filter(line -> line.startsWith("WARNING")))
                    .containsExactly("WARNING one: the scaling strategy failed, the capacity stays 10");
            fails.set(false);
            await().until(() -> one.stats().capacity() == 77);
            fails.set(true);
            await().untilAsserted(() ->
                    assertThat(logged).contains("WARNING one: the scaling strategy failed, the capacity stays 77"));
        }
    }

    @Test
    void aListenerThatThrowsHarmsNothing() {
        try (Autoscaler autoscaler = new Autoscaler(_ -> {
                    throw new AssertionError("deaf");
                });
                Pool one = pool("one", 1);
                Pool two = pool("two", 1)) {
            autoscaler.add(one, QUICK);
            autoscaler.add(two, QUICK);
            await().until(() -> one.stats().capacity() == 10 && two.stats().capacity() == 10);
            await().until(() -> autoscaler.steps().size() == 2);
            await().untilAsserted(() -> assertThat(logged)
                    .filteredOn(line -> line.startsWith("WARNING a listener failed that was told of "))
                    .hasSize(2));
        }
    }

    @Test
    void closesWhileAListenerHangs() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Autoscaler autoscaler = new Autoscaler(_ -> {
            hangs.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        try (Pool pool = pool("one", 1)) {
            autoscaler.add(pool, QUICK);
            hangs.await();
            autoscaler.close();
            assertThat(interrupted.await(30, TimeUnit.SECONDS)).isTrue();
            await().until(() -> threads().isEmpty());
        }
    }

    @Test
    void keepsTheLastSteps() {
        AtomicInteger capacity = new AtomicInteger(10);
        ScalingStrategy restless = () -> _ -> new Proposal(capacity.updateAndGet(c -> c % 1_000 + 1), "restless");
        try (Autoscaler autoscaler = new Autoscaler();
                Pool pool = pool("images", 10)) {
            autoscaler.add(pool, QUICK.strategy(restless).interval(Duration.ofMillis(1)));
            await().until(() -> pool.stats().capacity() > 300);
            autoscaler.remove("images");
            await().until(() ->
                    autoscaler.steps().getLast().to() == pool.stats().capacity());
            List<ScalingStep> steps = autoscaler.steps();
            assertThat(steps).hasSize(Autoscaler.KEPT_STEPS);
            for (int i = 1; i < steps.size(); i++) {
                assertThat(steps.get(i).from()).isEqualTo(steps.get(i - 1).to());
            }
        }
    }

    private static ScalingStep next(BlockingQueue<ScalingStep> told) throws InterruptedException {
        ScalingStep step = told.poll(30, TimeUnit.SECONDS);
        assertThat(step).isNotNull();
        return step;
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("myrmidon-autoscaler"))
                .toList();
    }

    private static void hold(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
