package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ListenerTest {
    /// Keeps the events of each task, and those of the pool.
    private static final class Log implements PoolListener {
        final Map<Task<?>, List<PoolEvent>> byTask = new ConcurrentHashMap<>();
        final List<PoolEvent> ofPool = new CopyOnWriteArrayList<>();

        @Override
        public void onEvent(PoolEvent event) {
            switch (event) {
                case PoolEvent.Submitted submitted -> add(submitted.task(), event);
                case PoolEvent.Started started -> add(started.task(), event);
                case PoolEvent.Ended ended -> add(ended.task(), event);
                case PoolEvent.Rejected rejected -> add(rejected.task(), event);
                case PoolEvent.Resized _, PoolEvent.Closed _ -> ofPool.add(event);
            }
        }

        private void add(Task<?> task, PoolEvent event) {
            byTask.computeIfAbsent(task, _ -> new CopyOnWriteArrayList<>()).add(event);
        }

        List<String> of(Task<?> task) {
            return byTask.getOrDefault(task, List.of()).stream()
                    .map(event -> event.getClass().getSimpleName())
                    .toList();
        }

        List<PoolEvent.Rejected.Reason> reasons() {
            List<PoolEvent.Rejected.Reason> reasons = new ArrayList<>();
            byTask.values()
                    .forEach(events -> events.forEach(event -> {
                        if (event instanceof PoolEvent.Rejected rejected) {
                            reasons.add(rejected.reason());
                        }
                    }));
            return reasons;
        }
    }

    private final Log log = new Log();

    private PoolBuilder pool() {
        return Pool.builder("orders").listener(log).onFailure((_, _) -> {});
    }

    @Test
    void theEventsOfATaskComeInTheirOrder() throws Exception {
        try (Pool pool = pool().capacity(1).queueCapacity(5).build()) {
            Task<Integer> completed = pool.submit(() -> 1);
            Task<?> failed = pool.submit((Callable<Object>) () -> {
                throw new IllegalStateException();
            });
            Task<?> timedOut = pool.submit(
                    () -> {
                        new CountDownLatch(1).await();
                        return 0;
                    },
                    TaskOptions.NONE.timeout(Duration.ofMillis(10)));
            pool.awaitIdle();
            await().untilAsserted(() -> {
                for (Task<?> task : List.of(completed, failed, timedOut)) {
                    assertThat(log.of(task)).containsExactly("Submitted", "Started", "Ended");
                }
            });
            Held held = Held.fill(pool, 1);
            Task<?> cancelled = pool.submit(() -> 1);
            cancelled.cancel(true);
            assertThat(log.of(cancelled)).containsExactly("Submitted", "Ended");
            Task<?> shed = pool.submit(() -> 1, TaskOptions.NONE.startWithin(Duration.ofMillis(10)));
            await().untilAsserted(() -> assertThat(log.of(shed)).containsExactly("Submitted", "Ended"));
            held.letGo();
        }
        assertThat(log.byTask.values())
                .as("all name the pool")
                .allSatisfy(
                        events -> assertThat(events).extracting(PoolEvent::pool).containsOnly("orders"));
    }

    @Test
    void theOutcomeIsThereWhenTheEndIsTold() {
        List<Boolean> there = new CopyOnWriteArrayList<>();
        Pool pool = Pool.builder("orders")
                .capacity(2)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended ended) {
                        there.add(ended.task().outcome().isPresent()
                                && ended.task().isDone());
                    }
                })
                .build();
        try (pool) {
            for (int i = 0; i < 100; i++) {
                pool.execute(() -> {});
            }
        }
        assertThat(there).hasSize(100).containsOnly(true);
    }

    @Test
    void executedTasksAreToldOfToo() {
        try (Pool pool = pool().capacity(1).build()) {
            pool.execute(() -> {});
            pool.execute(() -> {}, TaskOptions.named("named"));
            assertThat(pool.tryExecute(() -> {})).isIn(true, false);
        }
        assertThat(log.byTask.keySet()).extracting(Task::name).contains("named");
        assertThat(log.byTask.keySet()).hasSize(3);
    }

    @Test
    void refusalsSayWhy() throws Exception {
        Pool pool = pool().capacity(1).nonblocking().build();
        try (Held held = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolSaturatedException.class);
            assertThat(log.reasons()).containsExactly(PoolEvent.Rejected.Reason.SATURATED);
            assertThat(pool.tryExecute(() -> {})).isFalse();
            assertThat(pool.tryExecute(() -> {}, Duration.ofMillis(1))).isFalse();
            assertThat(log.reasons())
                    .contains(PoolEvent.Rejected.Reason.TIMED_OUT)
                    .hasSize(3);
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofHours(1)))
                    .isInstanceOf(InterruptedException.class);
            assertThat(log.reasons())
                    .contains(PoolEvent.Rejected.Reason.INTERRUPTED)
                    .hasSize(4);
            held.letGo();
        }
        pool.close();
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolClosedException.class);
        assertThat(log.reasons()).contains(PoolEvent.Rejected.Reason.CLOSED).hasSize(5);
        assertThat(log.byTask.keySet())
                .filteredOn(task -> log.of(task).contains("Rejected"))
                .allSatisfy(task -> assertThat(log.of(task)).containsExactly("Submitted", "Rejected"));
    }

    @Test
    void aBulkCallThatIsRefusedTellsOfNoEndOfWhatWasRefused() throws Exception {
        try (Pool pool = pool().capacity(1).nonblocking().build();
                Held _ = Held.fill(pool, 1)) {
            assertThatThrownBy(() -> pool.invokeAll(List.of(() -> 1, () -> 2)))
                    .isInstanceOf(PoolSaturatedException.class);
            assertThatThrownBy(() -> pool.invokeAny(List.of(() -> 1, () -> 2)))
                    .isInstanceOf(PoolSaturatedException.class);
            assertThat(log.byTask.keySet())
                    .filteredOn(task -> !log.of(task).contains("Started"))
                    .hasSize(2)
                    .allSatisfy(task -> assertThat(log.of(task)).containsExactly("Submitted", "Rejected"));
        }
    }

    @Test
    void aWaitingSubmitterWhoseTaskDoesNotStartInTimeIsToldOfARefusalAlone() throws Exception {
        try (Pool pool = pool().capacity(1).build();
                Held _ = Held.fill(pool, 1)) {
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() ->
                                pool.execute(() -> {}, TaskOptions.named("late").startWithin(Duration.ofMillis(5))))
                        .isInstanceOf(PoolSaturatedException.class);
            }
            assertThat(log.byTask.keySet())
                    .filteredOn(task -> task.name().equals("late"))
                    .hasSize(20)
                    .allSatisfy(task -> assertThat(log.of(task)).containsExactly("Submitted", "Rejected"));
            assertThat(log.reasons()).containsOnly(PoolEvent.Rejected.Reason.TIMED_OUT);
        }
    }

    @Test
    void whatAHandlerOfRefusalsRunsIsNoMoreOfThePools() throws Exception {
        Pool pool = pool().capacity(1)
                .whenSaturated(SaturationPolicy.handle((task, _) -> task.run()))
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            Task<Integer> run = pool.submit(() -> 1);
            assertThat(run.get()).isEqualTo(1);
            assertThat(log.of(run)).containsExactly("Submitted", "Rejected");
        }
    }

    @Test
    void aTaskOfACompletionServiceIsToldOfOnce() throws Exception {
        try (Pool pool = pool().capacity(1).build()) {
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            Future<Integer> future = service.submit(() -> 1);
            assertThat(service.take()).isSameAs(future);
        }
        assertThat(log.byTask).hasSize(1);
        assertThat(log.byTask.keySet())
                .allSatisfy(task -> assertThat(log.of(task)).containsExactly("Submitted", "Started", "Ended"));
    }

    @Test
    void resizesAreToldWithBothCapacities() {
        try (Pool pool = pool().capacity(1).build()) {
            pool.resize(3);
            pool.resize(3);
            pool.resize(Pool.UNBOUNDED);
            assertThatThrownBy(() -> pool.resize(0)).isInstanceOf(IllegalArgumentException.class);
            assertThat(log.ofPool)
                    .containsExactly(
                            new PoolEvent.Resized("orders", 1, 3), new PoolEvent.Resized("orders", 3, Pool.UNBOUNDED));
        }
    }

    @Test
    void theCloseIsToldOnceHoweverItCame() throws InterruptedException {
        for (int round = 0; round < 50; round++) {
            Log each = new Log();
            Pool pool = Pool.builder("orders").capacity(1).listener(each).build();
            List<Thread> closers = new ArrayList<>();
            for (Runnable way : List.<Runnable>of(
                    pool::close, pool::shutdown, pool::shutdownNow, () -> pool.close(Duration.ZERO))) {
                closers.add(Thread.ofVirtual().start(way));
            }
            for (Thread closer : closers) {
                closer.join();
            }
            pool.close();
            assertThat(each.ofPool).containsExactly(new PoolEvent.Closed("orders"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void afterTheCloseIsToldThePoolTakesNoMoreTasks(boolean now) {
        AtomicReference<Pool> pool = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        pool.set(Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Closed) {
                        try {
                            pool.get().execute(() -> {});
                        } catch (RejectedExecutionException e) {
                            thrown.set(e);
                        }
                    }
                })
                .build());
        if (now) {
            pool.get().shutdownNow();
        }
        pool.get().close();
        assertThat(thrown.get()).isInstanceOf(PoolClosedException.class);
    }

    @Test
    void whatAListenerThrowsGoesNoFurther() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .listener(_ -> {
                    throw new AssertionError("a listener fails on purpose");
                })
                .listener(_ -> told.incrementAndGet())
                .build();
        try (pool) {
            assertThat(pool.submit(() -> 1).get()).isEqualTo(1);
            pool.resize(2);
        }
        assertThat(told).as("submitted, started, ended, resized, closed").hasValue(5);
    }

    @Test
    void aListenerMayUseThePool() throws Exception {
        AtomicReference<Pool> pool = new AtomicReference<>();
        AtomicInteger nested = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        pool.set(Pool.builder("orders")
                .capacity(1)
                .queueCapacity(2)
                .listener(event -> {
                    Pool it = pool.get();
                    var _ = it.stats();
                    var _ = it.config();
                    if (!(event instanceof PoolEvent.Resized)) {
                        it.resize(1 + (int) (Math.abs(System.nanoTime()) % 3));
                    }
                    if (event instanceof PoolEvent.Ended && nested.incrementAndGet() <= 50) {
                        it.execute(ran::incrementAndGet);
                    }
                })
                .build());
        for (int i = 0; i < 50; i++) {
            pool.get().execute(ran::incrementAndGet);
        }
        await().until(() -> ran.get() == 100);
        pool.get().close();
    }

    @Test
    void whatAListenerSubmitsAtAnEndKeepsTheCap() throws Exception {
        AtomicReference<Pool> pool = new AtomicReference<>();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ran = new AtomicInteger();
        AtomicInteger more = new AtomicInteger(300);
        Runnable task = () -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            long end = System.nanoTime() + 50_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            running.decrementAndGet();
            ran.incrementAndGet();
        };
        pool.set(Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended && more.getAndDecrement() > 0) {
                        pool.get().execute(task);
                    }
                })
                .build());
        List<Thread> submitters = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            submitters.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 100; i++) {
                    pool.get().execute(task);
                }
            }));
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        await().until(() -> ran.get() == 700);
        pool.get().close();
        assertThat(most).hasValue(1);
        assertThat(pool.get().stats().nested()).isZero();
    }

    @Test
    void aListenerThatIsSlowAtAnEndKeepsNoOtherTaskFromItsStart() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended ended
                            && ended.task().name().equals("first")) {
                        try {
                            letGo.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .build();
        try (pool) {
            CountDownLatch go = new CountDownLatch(1);
            Task<?> first = pool.submit(
                    () -> {
                        go.await();
                        return 0;
                    },
                    TaskOptions.named("first"));
            pool.execute(second::countDown);
            go.countDown();
            assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(first.isDone()).isTrue();
            letGo.countDown();
        }
    }

    @Test
    void aTaskThatAListenerCancelsWhenItIsSubmittedNeverRuns() {
        AtomicInteger ran = new AtomicInteger();
        Log second = new Log();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Submitted submitted) {
                        submitted.task().cancel(true);
                    }
                })
                .listener(second)
                .build();
        try (pool) {
            for (int i = 0; i < 10; i++) {
                assertThat(pool.submit(ran::incrementAndGet).isCancelled()).isTrue();
            }
        }
        assertThat(ran).hasValue(0);
        assertThat(pool.stats().cancelled()).isEqualTo(10);
        assertThat(second.byTask.keySet())
                .hasSize(10)
                .allSatisfy(task -> assertThat(second.of(task)).containsExactly("Submitted", "Ended"));
    }

    @Test
    void aSlowListenerOfAStartKeepsTheEndForItself() throws Exception {
        CountDownLatch starting = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Started) {
                        starting.countDown();
                        try {
                            letGo.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .listener(log)
                .build();
        try (pool) {
            Task<?> task = pool.submit(() -> {});
            starting.await();
            assertThat(task.cancel(false)).isTrue();
            letGo.countDown();
            await().untilAsserted(() -> assertThat(log.of(task)).containsExactly("Submitted", "Started", "Ended"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyAcceptedTaskEndsOnceInAStorm(long seed) throws Exception {
        Random random = new Random(seed);
        PoolBuilder builder = pool().capacity(1 + random.nextInt(4)).queueCapacity(random.nextInt(8));
        if (random.nextBoolean()) {
            builder.nonblocking();
        }
        Pool pool = builder.build();
        ConcurrentLinkedQueue<Task<?>> tasks = new ConcurrentLinkedQueue<>();
        List<Thread> submitters = new ArrayList<>();
        for (int s = 0; s < 4; s++) {
            Random own = new Random(random.nextLong());
            submitters.add(Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 500; i++) {
                    int draw = own.nextInt(6);
                    TaskOptions options = draw == 0
                            ? TaskOptions.NONE.timeout(Duration.ofNanos(1 + own.nextInt(200_000)))
                            : draw == 1
                                    ? TaskOptions.NONE.startWithin(Duration.ofNanos(1 + own.nextInt(200_000)))
                                    : TaskOptions.NONE;
                    long nap = own.nextInt(100_000);
                    boolean fails = own.nextInt(8) == 0;
                    try {
                        Task<?> task = pool.submit(
                                () -> {
                                    TimeUnit.NANOSECONDS.sleep(nap);
                                    if (fails) {
                                        throw new IllegalStateException();
                                    }
                                    return 0;
                                },
                                options);
                        tasks.add(task);
                        if (draw == 2) {
                            task.cancel(own.nextBoolean());
                        }
                    } catch (RejectedExecutionException e) {
                        // full or closed: the log has it
                    }
                }
            }));
        }
        for (int i = 0; i < 50; i++) {
            pool.resize(1 + random.nextInt(4));
            if (random.nextInt(4) == 0) {
                pool.pause();
                pool.resume();
            }
            Thread.sleep(0, random.nextInt(500_000));
        }
        switch ((int) seed % 3) {
            case 0 -> pool.close();
            case 1 -> pool.close(Duration.ZERO);
            default -> pool.shutdownNow();
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        pool.close();
        PoolStats end = pool.stats();
        await().untilAsserted(() -> assertThat(log.byTask.values())
                .allSatisfy(events ->
                        assertThat(events.getLast()).isInstanceOfAny(PoolEvent.Ended.class, PoolEvent.Rejected.class)));
        assertThat(log.byTask.keySet()).containsAll(tasks);
        long ended = 0;
        long rejected = 0;
        for (Task<?> task : log.byTask.keySet()) {
            assertThat(log.of(task))
                    .isIn(
                            List.of("Submitted", "Rejected"),
                            List.of("Submitted", "Ended"),
                            List.of("Submitted", "Started", "Ended"));
            if (log.of(task).getLast().equals("Ended")) {
                ended++;
            } else {
                rejected++;
            }
        }
        assertThat(end.rejected()).isEqualTo(rejected);
        assertThat(end.completed() + end.failed() + end.cancelled()).isEqualTo(ended);
        assertThat(end.submitted()).isEqualTo(ended + rejected);
        assertThat(end.overdue()).isZero();
    }
}
