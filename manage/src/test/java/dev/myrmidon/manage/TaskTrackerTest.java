package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.manage.FinishedTask.Outcome;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskTrackerTest {
    private final List<Pool> pools = new ArrayList<>();
    private final TaskTracker tracker = new TaskTracker(TrackerConfig.DEFAULT, () -> pools);
    private final CountDownLatch letGo = new CountDownLatch(1);

    @AfterEach
    void closePools() {
        letGo.countDown();
        pools.forEach(Pool::close);
    }

    private PoolBuilder builder(String name) {
        return Pool.builder(name).capacity(1).listener(tracker).onFailure((_, _) -> {});
    }

    private Pool open(PoolBuilder builder) {
        Pool pool = builder.build();
        pools.add(pool);
        return pool;
    }

    /// Holds its slot until the test lets it go, whatever interrupts come.
    private void hold() {
        for (; ; ) {
            try {
                letGo.await();
                return;
            } catch (InterruptedException e) {
                // the very point
            }
        }
    }

    private static Callable<?> thrower(Throwable thrown) {
        return () -> {
            if (thrown instanceof Exception e) {
                throw e;
            }
            throw (Error) thrown;
        };
    }

    private List<FinishedTask> awaitFinished(int tasks) {
        await().until(() -> tracker.finished().size() == tasks);
        return tracker.finished();
    }

    @Test
    void remembersEveryWayToEnd() throws Exception {
        Instant begin = Instant.now();
        Pool pool = open(builder("orders").queueCapacity(3).nonblocking());
        var _ = pool.submit(() -> 42, TaskOptions.named("completed"));
        awaitFinished(1); // the slot is free before the listener is told
        var _ = pool.submit(thrower(new IOException("broken pipe")), TaskOptions.named("failed"));
        awaitFinished(2);
        Task<?> overdue = pool.submit(this::hold, TaskOptions.named("timed out").timeout(Duration.ofMillis(20)));
        Task<?> cancelled = pool.submit(() -> 1, TaskOptions.named("cancelled"));
        cancelled.cancel(false);
        var _ = pool.submit(() -> 1, TaskOptions.named("shed").startWithin(Duration.ofMillis(10)));
        awaitFinished(5);
        for (int i = 0; i < 3; i++) {
            pool.execute(() -> {});
        }
        assertThatThrownBy(() -> pool.execute(() -> {}, TaskOptions.named("rejected")))
                .isInstanceOf(PoolSaturatedException.class);

        List<FinishedTask> finished = awaitFinished(6);
        assertThat(finished)
                .extracting(task -> task.outcome() + ": " + task.name()
                        + task.error().map(e -> ", " + e).orElse(""))
                .containsExactlyInAnyOrder(
                        "COMPLETED: completed",
                        "FAILED: failed, java.io.IOException: broken pipe",
                        "TIMED_OUT: timed out, dev.myrmidon.TaskTimeoutException: orders/timed out timed out: it ran for "
                                + overdue.times().ran().toMillis() + " ms, its timeout is 20 ms",
                        "CANCELLED: cancelled",
                        "SHED: shed",
                        "REJECTED: rejected, SATURATED");
        assertThat(finished.getFirst().outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(finished.getLast().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(finished).allSatisfy(task -> {
            assertThat(task.pool()).isEqualTo("orders");
            assertThat(task.waited()).isGreaterThanOrEqualTo(Duration.ZERO);
            assertThat(task.ended()).isBetween(begin.minusMillis(1), Instant.now());
        });
        assertThat(finished.stream().filter(FinishedTask::isFailure))
                .extracting(FinishedTask::name)
                .containsExactlyInAnyOrder("failed", "timed out");
        assertThat(tracker.finished("orders", overdue.id()).orElseThrow()).satisfies(task -> {
            assertThat(task.name()).isEqualTo("timed out");
            assertThat(task.ran()).isEqualTo(overdue.times().ran()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
            assertThat(task.waited()).isEqualTo(overdue.times().waited());
        });
        assertThat(tracker.finished("orders", cancelled.id()).orElseThrow().ran())
                .isZero();
        assertThat(tracker.finished("orders", 12_345)).isEmpty();
        assertThat(tracker.finished("images", overdue.id())).isEmpty();
        assertThat(finished.stream().filter(task -> !task.stack().isEmpty()))
                .extracting(FinishedTask::name)
                .containsExactly("failed");
    }

    @Test
    void tasksThatNobodyHasTheFutureOfAreRememberedToo() {
        Pool pool = open(builder("orders"));
        pool.execute(() -> {
            throw new IllegalStateException("no");
        });
        assertThat(awaitFinished(1).getFirst()).satisfies(task -> {
            assertThat(task.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(task.name()).startsWith(TaskTrackerTest.class.getName());
            assertThat(task.error()).contains("java.lang.IllegalStateException: no");
            assertThat(task.stack().getFirst()).startsWith("at ").contains(TaskTrackerTest.class.getName() + ".");
        });
    }

    @Test
    void aFloodOfOneOutcomePushesOutNoOtherOne() throws InterruptedException {
        TaskTracker small = new TaskTracker(new TrackerConfig(3, Pool.NEVER), List::of);
        Semaphore told = new Semaphore(0);
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(small)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended) {
                        told.release();
                    }
                })
                .onFailure((_, _) -> {})
                .build();
        try (pool) {
            pool.execute(() -> {
                throw new IllegalStateException("no");
            });
            told.acquire();
            for (int i = 0; i < 100; i++) {
                pool.execute(() -> {}, TaskOptions.named("task " + i));
                told.acquire(); // the next one might be told of before
            }
        }
        assertThat(small.finished())
                .extracting(FinishedTask::name)
                .hasSize(4)
                .startsWith("task 99", "task 98", "task 97");
        assertThat(small.finished().getLast().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void theOldAreForgotten() {
        AtomicLong now = new AtomicLong();
        TaskTracker aging = new TaskTracker(new TrackerConfig(10, Duration.ofNanos(100)), List::of, now::get);
        try (Pool pool = Pool.builder("orders").capacity(1).listener(aging).build()) {
            pool.execute(() -> {}, TaskOptions.named("first"));
            await().until(() -> aging.finished().size() == 1);
            now.set(60);
            pool.execute(() -> {}, TaskOptions.named("second"));
            await().until(() -> aging.finished().size() == 2);
            now.set(101);
            assertThat(aging.finished()).extracting(FinishedTask::name).containsExactly("second");
            now.set(161);
            assertThat(aging.finished()).isEmpty();
        }
    }

    @Test
    void theSlowestComeFirstIfThatIsWanted() {
        Pool pool = open(builder("orders"));
        Set<Task<?>> tasks = List.of(1, 30, 10).stream()
                .map(millis -> pool.submit(() -> {
                    Thread.sleep(millis);
                    return null;
                }))
                .collect(Collectors.toSet());
        List<FinishedTask> finished = awaitFinished(3);
        assertThat(finished.stream().sorted(FinishedTask.LONGEST_RUN_FIRST))
                .extracting(FinishedTask::ran)
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(finished.stream().sorted(FinishedTask.LONGEST_RUN_FIRST).findFirst())
                .hasValueSatisfying(task -> assertThat(task.ran()).isGreaterThanOrEqualTo(Duration.ofMillis(30)));
        assertThat(finished.stream().sorted(FinishedTask.LONGEST_WAIT_FIRST))
                .extracting(FinishedTask::waited)
                .isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(tasks).hasSize(3);
    }

    @Test
    void textsAreCutAndBadErrorsAreToldByTheirClass() {
        Pool pool = open(builder("orders"));
        class Mute extends RuntimeException {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new IllegalStateException("no text");
            }
        }
        var _ = pool.submit(thrower(new Error("x".repeat(1_000_000))), TaskOptions.named("y".repeat(1_000_000)));
        var _ = pool.submit(thrower(new Error("🐜".repeat(1_000))), TaskOptions.named("ants"));
        var _ = pool.submit(thrower(new Mute()), TaskOptions.named("mute"));
        awaitFinished(3);

        assertThat(error("y".repeat(255) + "…"))
                .hasSize(256)
                .startsWith("java.lang.Error: xxx")
                .endsWith("x…");
        assertThat(error("ants"))
                .hasSizeBetween(255, 256)
                .matches(text -> text.codePoints().noneMatch(c -> Character.getType(c) == Character.SURROGATE));
        assertThat(error("mute")).isEqualTo(Mute.class.getName());
    }

    private String error(String name) {
        return tracker.finished().stream()
                .filter(task -> task.name().equals(name))
                .findFirst()
                .flatMap(FinishedTask::error)
                .orElseThrow();
    }

    @Test
    void neitherResultsNorErrorsAreKeptAlive() {
        Pool pool = open(builder("orders"));
        List<WeakReference<?>> gone = List.of(
                new WeakReference<>(pool.submit(() -> new byte[1_000_000]).join()), new WeakReference<>(failed(pool)));
        awaitFinished(2);
        await().untilAsserted(() -> {
            System.gc();
            assertThat(gone).allMatch(reference -> reference.get() == null);
        });
        assertThat(tracker.finished()).hasSize(2);
    }

    private static Throwable failed(Pool pool) {
        Task<?> task = pool.submit(thrower(new IOException("no")));
        await().until(task::isDone);
        return task.exceptionNow();
    }

    @Test
    void whatRunsIsFoundInThePoolsTheLongestFirst() throws Exception {
        Pool orders = open(builder("orders").capacity(2));
        Pool images = open(Pool.builder("images").capacity(1));
        assertThat(tracker.running()).isEmpty();
        images.execute(this::hold);
        var _ = orders.submit(this::hold, TaskOptions.named("first").timeout(Duration.ofMillis(20)));
        awaitFinished(1);
        Task<?> second = orders.submit(this::hold, TaskOptions.named("second"));
        await().until(() -> tracker.running().size() == 3);

        List<RunningTask> running = tracker.running();
        assertThat(running.subList(0, 2)).extracting(RunningTask::name).containsExactly("first", "second");
        assertThat(running.getLast().pool()).as("keeps no times").isEqualTo("images");
        await().untilAsserted(() -> assertThat(
                        tracker.running("orders", second.id()).orElseThrow())
                .satisfies(task -> {
                    assertThat(task.name()).isEqualTo("second");
                    assertThat(task.thread()).startsWith("orders-");
                    assertThat(task.elapsed()).isNotEmpty();
                    assertThat(task.stack())
                            .extracting(StackTraceElement::getMethodName)
                            .contains("hold");
                }));
        assertThat(tracker.running("images", second.id())).isEmpty();
        assertThat(tracker.finished())
                .as("its code runs on")
                .extracting(FinishedTask::name)
                .containsExactly("first");
        letGo.countDown();
        await().until(() -> tracker.running().isEmpty());
        assertThat(awaitFinished(2))
                .as("each once")
                .extracting(FinishedTask::name)
                .containsExactly("second", "first");
    }

    @Test
    void oneTrackerServesManyPoolsAtOnce() throws Exception {
        List<Thread> submitters = new ArrayList<>();
        TaskTracker small = new TaskTracker(new TrackerConfig(100, Pool.NEVER), List::of);
        List<Pool> many = List.of(1, 2, 3).stream()
                .map(i -> Pool.builder("pool" + i).capacity(10).listener(small).build())
                .toList();
        for (Pool pool : many) {
            submitters.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    pool.execute(() -> {});
                }
                pool.close();
            }));
        }
        while (submitters.stream().anyMatch(Thread::isAlive)) {
            assertThat(small.finished()).hasSizeLessThanOrEqualTo(100);
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        assertThat(small.finished()).hasSize(100);
    }
}
