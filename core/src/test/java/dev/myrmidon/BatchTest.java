package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BatchTest {
    @Test
    void deliversTheResultsInTheOrderOfTheItems() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            CountDownLatch second = new CountDownLatch(1);
            List<String> results = pool.map(List.of(1, 2, 3), i -> {
                        if (i == 1) {
                            second.await();
                        } else {
                            second.countDown();
                        }
                        return "r" + i;
                    })
                    .toList();
            assertThat(results).containsExactly("r1", "r2", "r3");
            assertThatThrownBy(() -> results.add("r4")).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void aHundredThousandItems() throws Exception {
        Pool pool = Pool.builder("orders").capacity(100).build();
        List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
        try (pool) {
            assertThat(pool.map(items, i -> i).toList()).isEqualTo(items);
            assertThat(pool.map(items, i -> i).stream()).isEqualTo(items);
            assertThat(pool.map(items, i -> i).streamAsCompleted()).containsExactlyInAnyOrderElementsOf(items);
        }
        assertThat(pool.stats().completed()).isEqualTo(300_000);
        assertThat(pool.stats().submitted()).isEqualTo(300_000);
    }

    @Test
    void noItemsNoResults() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThat(pool.map(List.<Integer>of(), i -> i).toList()).isEmpty();
            assertThat(pool.map(List.<Integer>of(), i -> i).stream()).isEmpty();
            assertThat(pool.map(List.<Integer>of(), i -> i).outcomes().toList()).isEmpty();
        }
    }

    @Test
    void nullItemsAndNullResultsAreLikeOthers() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            List<@Nullable String> items = Arrays.asList("a", null, "c");
            assertThat(pool.map(items, item -> item == null ? "none" : null).toList())
                    .containsExactly(null, "none", null);
            assertThat(pool.map(items, item -> item).stream().toList()).containsExactly("a", null, "c");
        }
    }

    @Test
    void nothingHappensBeforeItIsReadAndItRunsOnce() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).build();
        try (pool) {
            Batch<Integer> batch = pool.map(List.of(1, 2), i -> i);
            Stream<Integer> stream = batch.stream();
            assertThat(pool.stats().submitted()).isZero();
            assertThat(stream).containsExactly(1, 2);
            assertThatThrownBy(batch::toList).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> batch.outcomes().stream()).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> batch.window(3).streamAsCompleted()).isInstanceOf(IllegalStateException.class);
        }
        assertThat(pool.stats().submitted()).isEqualTo(2);
    }

    @Test
    void streamsAsCompleted() {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            CountDownLatch second = new CountDownLatch(1);
            CountDownLatch others = new CountDownLatch(2);
            Stream<Integer> results = pool.map(List.of(1, 2, 3), i -> {
                        switch (i) {
                            case 1 -> others.await();
                            case 3 -> second.await();
                            default -> {}
                        }
                        return i;
                    })
                    .streamAsCompleted()
                    .peek(_ -> {
                        second.countDown();
                        others.countDown();
                    });
            assertThat(results).containsExactly(2, 3, 1);
        }
    }

    @Test
    void collectsAllFailures() {
        Pool pool = Pool.builder("orders").capacity(3).build();
        try (pool) {
            TasksFailedException failures = catchThrowableOfType(
                    TasksFailedException.class,
                    () -> pool.map(IntStream.range(0, 40).boxed().toList(), BatchTest::failOnThirds)
                            .toList());
            assertThat(failures.completed()).isEqualTo(26);
            assertThat(failures.failed()).isEqualTo(14);
            assertThat(failures.timedOut() + failures.cancelled() + failures.shed())
                    .isZero();
            assertThat(failures.causes()).hasSize(14).allMatch(IOException.class::isInstance);
            assertThat(failures.causes())
                    .extracting(Throwable::getMessage)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 14).mapToObj(i -> "no " + i * 3).toList());
            assertThat(failures).hasCause(failures.causes().getFirst());
            assertThat(failures.getSuppressed())
                    .containsExactlyElementsOf(failures.causes().subList(1, 10));
            assertThat(failures)
                    .hasMessageStartingWith(
                            "orders: tasks failed: completed=26 failed=14 timedOut=0 cancelled=0 shed=0,"
                                    + " the first with java.io.IOException: no ");
        }
        assertThat(pool.stats().failed()).isEqualTo(14);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamLeavesOutWhatFailedAndThrowsAtItsEnd(boolean ordered) {
        try (Pool pool = Pool.builder("orders").capacity(3).build()) {
            Batch<Integer> batch = pool.map(List.of(1, 2, 3, 4), BatchTest::failOnThirds);
            List<Integer> read = new ArrayList<>();
            assertThatThrownBy(() -> (ordered ? batch.stream() : batch.streamAsCompleted()).forEach(read::add))
                    .isInstanceOf(TasksFailedException.class)
                    .hasRootCauseMessage("no 3");
            assertThat(read).containsExactlyInAnyOrder(1, 2, 4);
        }
    }

    @Test
    void outcomesTellHowEachItemEnded() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            List<TaskOutcome<Integer>> outcomes = pool.map(
                            List.of(1, 2, 3),
                            i -> {
                                if (i == 2) {
                                    new CountDownLatch(1).await();
                                }
                                return failOnThirds(i);
                            },
                            i -> i == 2 ? TaskOptions.NONE.timeout(Duration.ofMillis(1)) : TaskOptions.NONE)
                    .outcomes()
                    .toList();
            assertThat(outcomes).hasSize(3);
            assertThat(outcomes.get(0)).isEqualTo(new TaskOutcome.Completed<>(1));
            assertThat(outcomes.get(1)).isInstanceOf(TaskOutcome.TimedOut.class);
            assertThat(outcomes.get(2))
                    .isInstanceOfSatisfying(
                            TaskOutcome.Failed.class,
                            failed -> assertThat(failed.cause()).hasMessage("no 3"));
        }
    }

    @Test
    void failFastCancelsAndInterruptsTheRestAndPullsNoMore() {
        CountDownLatch interrupted = new CountDownLatch(2);
        CountDownLatch othersRun = new CountDownLatch(2);
        Counting items = new Counting(Integer.MAX_VALUE);
        Pool pool = Pool.builder("orders").capacity(3).build();
        try (pool) {
            TasksFailedException failures = catchThrowableOfType(
                    TasksFailedException.class,
                    () -> pool.map(() -> items, i -> {
                                if (i == 2) {
                                    othersRun.await();
                                    throw new IOException("no");
                                }
                                othersRun.countDown();
                                awaitInterrupt(interrupted);
                                return i;
                            })
                            .failFast()
                            .window(3)
                            .toList());
            assertThat(failures.causes())
                    .singleElement()
                    .isInstanceOf(IOException.class)
                    .asString()
                    .contains("no");
            assertThat(failures.failed()).isEqualTo(1);
            assertThat(failures.cancelled()).isEqualTo(2);
        } // ends only if the others were interrupted
        assertThat(interrupted.getCount()).isZero();
        assertThat(items.pulled.get()).isEqualTo(3);
    }

    @Test
    void aFailFastStreamThrowsAtTheNextReadAndOutcomesEnd() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            Iterator<Integer> results =
                    pool.map(List.of(1, 2, 3, 4, 5, 6), BatchTest::failOnThirds).failFast().window(1).stream()
                            .iterator();
            assertThat(results.next()).isEqualTo(1);
            assertThat(results.next()).isEqualTo(2);
            assertThatThrownBy(results::next).isInstanceOf(TasksFailedException.class);
            assertThat(
                            pool
                                    .map(List.of(1, 2, 3, 4, 5, 6), BatchTest::failOnThirds)
                                    .outcomes()
                                    .failFast()
                                    .window(1)
                                    .stream())
                    .hasSize(3);
        }
    }

    @Test
    void anEndlessIteratorIsPulledAsFarAsTheWindowLets() {
        Counting items = new Counting(Integer.MAX_VALUE);
        try (Pool pool = Pool.builder("orders").capacity(4).build();
                Stream<Integer> results = pool.map(() -> items, i -> i).window(10).stream()) {
            Iterator<Integer> each = results.iterator();
            for (int i = 0; i < 50_000; i++) {
                assertThat(each.next()).isEqualTo(i);
                assertThat(items.pulled.get() - i).isBetween(1, 10);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSlowReaderHoldsTheIteratorBack(boolean ordered) {
        Counting items = new Counting(Integer.MAX_VALUE);
        Pool pool = Pool.builder("orders").capacity(2).queueCapacity(100).build();
        try (pool) {
            Batch<Integer> batch = pool.map(() -> items, i -> i).window(7);
            try (Stream<Integer> results = ordered ? batch.stream() : batch.streamAsCompleted()) {
                Iterator<Integer> each = results.iterator();
                each.next();
                await().until(() -> pool.stats().completed() == items.pulled.get());
                assertThat(items.pulled.get()).isLessThanOrEqualTo(7);
                each.next();
                assertThat(items.pulled.get()).isLessThanOrEqualTo(8);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 6", "-1, 10000"})
    void theWindowIsTwiceTheCapacityByDefault(int capacity, int window) throws Exception {
        Counting items = new Counting(Integer.MAX_VALUE);
        // a queue without bound, so that nothing but the window holds the batch back
        Pool pool = Pool.builder("orders")
                .capacity(capacity)
                .queueCapacity(Pool.UNBOUNDED)
                .build();
        try (pool) {
            Thread reader = Thread.ofVirtual().start(() -> {
                try {
                    pool.map(() -> items, _ -> {
                                new CountDownLatch(1).await();
                                return 1;
                            })
                            .toList();
                } catch (InterruptedException e) {
                    // the end of the test
                }
            });
            await().until(() -> items.pulled.get() == window && reader.getState() == Thread.State.WAITING);
            assertThat(items.pulled.get()).isEqualTo(window);
            reader.interrupt();
            reader.join();
        } // ends only if what was under way was cancelled
        assertThat(pool.stats().cancelled()).isEqualTo(window);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsReadyIsDeliveredBeforeTheBatchWaitsForRoom(boolean ordered) throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).build();
        Batch<Integer> batch =
                pool.map(() -> new Counting(Integer.MAX_VALUE), i -> i).window(2);
        try (pool;
                Stream<Integer> stream = ordered ? batch.stream() : batch.streamAsCompleted()) {
            Iterator<Integer> results = stream.iterator();
            int first = results.next();
            await().until(
                            () -> { // a slot comes back before the result is there, and a worker is idle after that
                                PoolStats now = pool.stats();
                                return now.completed() == 2 && now.idleWorkers() == now.workers();
                            });
            try (Held _ = Held.fill(pool, 2)) {
                assertThat(results.next()).isEqualTo(1 - first);
            }
        }
    }

    @Test
    void aStreamThatIsClosedEarlyCancelsWhatIsUnderWay() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(3);
        Semaphore started = new Semaphore(0);
        Pool pool = Pool.builder("orders").capacity(4).build();
        try (pool) {
            try (Stream<Integer> results = pool
                    .map(List.of(0, 1, 2, 3), i -> {
                        started.release();
                        if (i > 0) {
                            awaitInterrupt(interrupted);
                        }
                        return i;
                    })
                    .stream()) {
                assertThat(results.findFirst()).hasValue(0);
                started.acquire(4);
            }
        }
        assertThat(interrupted.getCount()).isZero();
        assertThat(pool.stats().completed()).isEqualTo(1);
        assertThat(pool.stats().cancelled()).isEqualTo(3);
    }

    @Test
    void anInterruptOfTheCallerCancelsTheRest() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(2);
        CountDownLatch started = new CountDownLatch(2);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Counting items = new Counting(Integer.MAX_VALUE);
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    pool.map(() -> items, i -> {
                                started.countDown();
                                awaitInterrupt(interrupted);
                                return i;
                            })
                            .toList();
                } catch (InterruptedException | RuntimeException e) {
                    thrown.set(e);
                }
            });
            started.await();
            await().until(() -> pool.stats().waiting() == 1); // interrupted in the line
            caller.interrupt();
            caller.join();
        }
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void anInterruptedReaderOfAStreamGetsACancellationAndKeepsItsInterrupt() {
        try (Pool pool = Pool.builder("orders").capacity(2).build()) {
            Stream<Integer> stream = pool.map(List.of(1), i -> i).stream();
            Thread.currentThread().interrupt();
            assertThatThrownBy(stream::toList)
                    .isInstanceOf(CancellationException.class)
                    .hasCauseInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isTrue();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> pool.map(List.of(1), i -> i).toList()).isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void anIteratorThatThrowsEndsTheBatch() {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch started = new CountDownLatch(1);
        Iterator<Integer> items = new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public Integer next() {
                if (next == 1) {
                    awaitUnchecked(started);
                    throw new NoSuchElementException("no more");
                }
                return next++;
            }
        };
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            assertThatThrownBy(() -> pool.map(() -> items, i -> {
                                started.countDown();
                                awaitInterrupt(interrupted);
                                return i;
                            })
                            .toList())
                    .isExactlyInstanceOf(NoSuchElementException.class)
                    .hasMessage("no more");
        }
        assertThat(interrupted.getCount()).isZero();
    }

    @Test
    void optionsThatThrowEndTheBatch() {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (pool) {
            assertThatThrownBy(() -> pool.map(List.of(1), i -> i, _ -> {
                                throw new IllegalArgumentException("no name");
                            })
                            .toList())
                    .hasMessage("no name");
        }
        assertThat(pool.stats().submitted()).isZero();
    }

    @Test
    void theTasksCarryTheirOptions() throws Exception {
        Queue<String> names = new ConcurrentLinkedQueue<>();
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended(String _, Task<?> task)) {
                        names.add(task.name());
                    }
                })
                .build()) {
            ThrowingFunction<Integer, Integer> itself = i -> i;
            pool.map(List.of(1, 2), itself, i -> TaskOptions.named("item-" + i)).toList();
            pool.map(List.of(3), itself).options(TaskOptions.named("all")).toList();
            pool.map(List.of(3), itself).toList();
        } // a listener may hear of an end after the batch
        assertThat(names)
                .hasSize(4)
                .contains("item-1", "item-2", "all")
                .anyMatch(name -> name.startsWith(BatchTest.class.getName()));
    }

    @Test
    void aPoolThatRefusesIsWaitedFor() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).nonblocking().build();
        try (pool) {
            List<Integer> items = IntStream.range(0, 1_000).boxed().toList();
            assertThat(pool.map(items, i -> i).toList()).isEqualTo(items);
        }
        assertThat(pool.stats().rejected()).isZero();
    }

    @Test
    void aPoolThatDropsTheOldestDropsNothingOfTheBatch() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(2)
                .whenSaturated(SaturationPolicy.dropOldest())
                .build();
        try (pool) {
            List<Integer> items = IntStream.range(0, 1_000).boxed().toList();
            assertThat(pool.map(items, i -> i).toList()).isEqualTo(items);
        }
        assertThat(pool.stats().cancelled()).isZero();
    }

    @Test
    void whereThereIsNoPlaceToWaitItWaitsForItsOwnAndElseFails() throws Exception {
        Pool pool = Pool.builder("orders").capacity(2).maxBlockingTasks(1).build();
        Semaphore go = new Semaphore(0);
        try (pool;
                Held held = Held.fill(pool, 1)) {
            AtomicReference<@Nullable Object> result = new AtomicReference<>();
            CountDownLatch running = new CountDownLatch(1);
            Counting items = new Counting(3);
            Semaphore mayPull = new Semaphore(1);
            Thread batch = Thread.ofVirtual().start(() -> {
                try {
                    result.set(pool.map(() -> items.pulledWith(mayPull), i -> {
                                running.countDown();
                                go.acquire();
                                return i;
                            })
                            .toList());
                } catch (InterruptedException | RuntimeException e) {
                    result.set(e);
                }
            });
            running.await(); // the first item has the other slot
            Thread waiter = Thread.ofVirtual().start(() -> pool.execute(() -> {}));
            await().until(() -> pool.stats().waiting() == 1);
            mayPull.release(2);
            await().until(() -> pool.stats().rejected() >= 1); // and the second no place in line
            go.release(3);
            held.letGo();
            batch.join();
            waiter.join();
            assertThat(result.get()).isEqualTo(List.of(0, 1, 2));
        }
    }

    @Test
    void aBatchThatGetsNoPlaceAtAllFailsWithTheRefusal() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).maxBlockingTasks(1).build();
        Thread waiter;
        try (pool;
                Held held = Held.fill(pool, 1)) {
            waiter = Thread.ofVirtual().start(held.submitTo(pool));
            await().until(() -> pool.stats().waiting() == 1);
            Counting items = new Counting(Integer.MAX_VALUE);
            assertThatThrownBy(() -> pool.map(() -> items, i -> i).toList())
                    .isInstanceOf(TasksFailedException.class)
                    .hasCauseInstanceOf(PoolSaturatedException.class);
            assertThat(items.pulled.get()).isEqualTo(1);
        }
        waiter.join();
    }

    @Test
    void anItemThatFindsNoRoomInItsTimeIsShed() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            List<TaskOutcome<Integer>> outcomes = pool.map(List.of(1, 2), i -> i)
                    .options(TaskOptions.NONE.startWithin(Duration.ofMillis(1)))
                    .outcomes()
                    .toList();
            assertThat(outcomes).hasSize(2).allMatch(TaskOutcome.Shed.class::isInstance);
            assertThatThrownBy(() -> pool.map(List.of(1), i -> i)
                            .options(TaskOptions.NONE.startWithin(Duration.ofMillis(1)))
                            .toList())
                    .isInstanceOfSatisfying(
                            TasksFailedException.class,
                            e -> assertThat(e.shed()).isEqualTo(1))
                    .hasCauseInstanceOf(CancellationException.class);
        }
    }

    @Test
    void aPoolThatIsClosedInMidBatchFinishesWhatItHas() throws Exception {
        Counting items = new Counting(Integer.MAX_VALUE);
        CountDownLatch closed = new CountDownLatch(1);
        Pool pool = Pool.builder("orders").capacity(2).build();
        AtomicReference<@Nullable List<TaskOutcome<Integer>>> outcomes = new AtomicReference<>();
        Thread batch = Thread.ofVirtual().start(() -> {
            try {
                outcomes.set(pool.map(() -> items, i -> {
                            closed.await();
                            return i;
                        })
                        .outcomes()
                        .toList());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        await().until(() -> pool.stats().waiting() == 1);
        pool.shutdown();
        closed.countDown();
        batch.join();
        assertThat(outcomes.get())
                .hasSize(3)
                .startsWith(new TaskOutcome.Completed<>(0), new TaskOutcome.Completed<>(1));
        assertThat(outcomes.get().getLast())
                .isInstanceOfSatisfying(
                        TaskOutcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(PoolClosedException.class));
        pool.close();
        assertThatThrownBy(() -> pool.map(List.of(1, 2), i -> i).toList())
                .isInstanceOfSatisfying(
                        TasksFailedException.class, e -> assertThat(e.failed()).isEqualTo(1))
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void aPoolThatStopsInMidBatchCancelsIt() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(10).build();
        CountDownLatch started = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
        Thread batch = Thread.ofVirtual().start(() -> {
            try {
                pool.map(List.of(1, 2), i -> {
                            started.countDown();
                            new CountDownLatch(1).await();
                            return i;
                        })
                        .toList();
            } catch (InterruptedException | RuntimeException e) {
                thrown.set(e);
            }
        });
        started.await();
        await().until(() -> pool.stats().queued() == 1);
        pool.shutdownNow();
        batch.join();
        assertThat(thrown.get()).isInstanceOfSatisfying(TasksFailedException.class, e -> {
            assertThat(e.failed()).isEqualTo(1); // interrupted
            assertThat(e.cancelled()).isEqualTo(1); // never started
            assertThat(e.causes()).hasSize(2);
        });
        pool.close();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 1", "1, 100", "2, 3"})
    void aBatchInsideATaskOfTheSamePoolEnds(int capacity, int queueCapacity) throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(capacity)
                .queueCapacity(queueCapacity)
                .build();
        List<Integer> items = IntStream.range(0, 50).boxed().toList();
        try (pool) {
            assertThat(pool.submit(() -> pool.map(items, i -> i).toList()).get())
                    .isEqualTo(items);
            assertThat(pool.submit(() -> pool.map(items, i -> i).stream().toList())
                            .get())
                    .isEqualTo(items);
            assertThat(pool.submit(() ->
                                    pool.map(items, i -> i).streamAsCompleted().toList())
                            .get())
                    .containsExactlyInAnyOrderElementsOf(items);
            assertThat(pool.map(items, i -> pool.map(items, j -> i * j).toList())
                            .toList())
                    .hasSize(50)
                    .last()
                    .isEqualTo(items.stream().map(j -> 49 * j).toList());
        }
    }

    @Test
    void aBatchInsideATaskOfAnIsolatedPoolUsesTheOtherSlotsOrFails() throws Exception {
        Pool two = Pool.builder("two").capacity(2).isolated().build();
        Pool one = Pool.builder("one").capacity(1).isolated().build();
        try (two;
                one) {
            assertThat(two.submit(() -> two.map(List.of(1, 2, 3), i -> i).toList())
                            .get(30, TimeUnit.SECONDS))
                    .containsExactly(1, 2, 3);
            assertThatThrownBy(() -> one.submit(
                                    () -> one.map(List.of(1), i -> i).toList())
                            .get())
                    .cause()
                    .isInstanceOf(TasksFailedException.class)
                    .hasCauseInstanceOf(PoolSaturatedException.class);
        }
    }

    @Test
    void aFunctionPoolAppliesItsFunctionToAll() throws Exception {
        Queue<String> seen = new ConcurrentLinkedQueue<>();
        List<String> names = new CopyOnWriteArrayList<>();
        TaskFunction<String> function = argument -> {
            if (argument.isEmpty()) {
                throw new IOException("empty");
            }
            seen.add(argument);
        };
        PoolConfig config = Pool.builder("crawl")
                .capacity(2)
                .listener(event -> {
                    if (event instanceof PoolEvent.Ended(String _, Task<?> task)) {
                        names.add(task.name());
                    }
                })
                .config();
        try (FunctionPool<String> crawl = FunctionPool.of(config, function)) {
            assertThat(crawl.invokeAll(List.of("a", "b")).toList()).containsExactly(null, null);
            assertThat(seen).containsExactlyInAnyOrder("a", "b");
            assertThatThrownBy(() -> crawl.invokeAll(List.of("c", "")).toList())
                    .isInstanceOf(TasksFailedException.class)
                    .hasRootCauseMessage("empty");
            assertThatThrownBy(() -> crawl.invokeAll(Arrays.asList("d", null)).toList())
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("argument");
        }
        assertThat(names).allMatch(name -> name.startsWith(BatchTest.class.getName()));
    }

    @Test
    void refusesBadInput() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            Batch<Integer> batch = pool.map(List.of(1), i -> i);
            assertThatThrownBy(() -> batch.window(0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("window must be at least 1, was 0");
            assertThatThrownBy(() -> batch.options(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("options");
            assertThatThrownBy(() -> pool.map(null, i -> i))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("items");
            assertThatThrownBy(() -> pool.map(List.of(1), null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("function");
            assertThatThrownBy(() -> pool.map(List.of(1), i -> i, null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("options");
        }
    }

    @Test
    void keepsTheCausesOfTheFirstTenThousand() {
        try (Pool pool = Pool.builder("orders").capacity(10).build()) {
            TasksFailedException failures = catchThrowableOfType(
                    TasksFailedException.class,
                    () -> pool.map(() -> new Counting(10_050), _ -> {
                                throw new UnsupportedOperationException();
                            })
                            .toList());
            assertThat(failures.failed()).isEqualTo(10_050);
            assertThat(failures.causes()).hasSize(10_000);
        }
    }

    /// What a batch does, said by a loop.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesWhatALoopDoes(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            int size = random.nextInt(200);
            int capacity = 1 + random.nextInt(8);
            int queueCapacity = random.nextInt(3) * random.nextInt(20);
            int window = 1 + random.nextInt(30);
            double failing = random.nextInt(3) * 0.1;
            boolean isInside = random.nextBoolean();
            int way = random.nextInt(4);
            boolean[] fails = new boolean[size];
            boolean[] yields = new boolean[size];
            for (int i = 0; i < size; i++) {
                fails[i] = random.nextDouble() < failing;
                yields[i] = random.nextInt(4) == 0;
            }
            List<Integer> expected = new ArrayList<>();
            List<String> failures = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                if (fails[i]) {
                    failures.add("no " + i);
                } else {
                    expected.add(i * 2);
                }
            }
            String what = "seed " + seed + " round " + round;
            Pool pool = Pool.builder("orders")
                    .capacity(capacity)
                    .queueCapacity(queueCapacity)
                    .build();
            try (pool) {
                AtomicInteger running = new AtomicInteger();
                Batch<Integer> batch = pool.map(() -> new Counting(size), i -> {
                            assertThat(running.incrementAndGet()).isLessThanOrEqualTo(capacity);
                            try {
                                if (yields[i]) {
                                    Thread.sleep(Duration.ofNanos(1));
                                }
                                if (fails[i]) {
                                    throw new IOException("no " + i);
                                }
                                return i * 2;
                            } finally {
                                running.decrementAndGet();
                            }
                        })
                        .window(window);
                List<Integer> read = new ArrayList<>();
                @Nullable TasksFailedException thrown = null;
                try {
                    if (isInside) {
                        pool.submit(() -> read(batch, way, read)).get();
                    } else {
                        read(batch, way, read);
                    }
                } catch (TasksFailedException e) {
                    thrown = e;
                } catch (java.util.concurrent.ExecutionException e) {
                    thrown = (TasksFailedException) e.getCause();
                }
                if (way == 2) {
                    assertThat(read).as(what).containsExactlyInAnyOrderElementsOf(expected);
                } else if (way != 0 || failures.isEmpty()) {
                    assertThat(read).as(what).isEqualTo(expected);
                }
                if (failures.isEmpty() || way == 3) {
                    assertThat(thrown).as(what).isNull();
                } else {
                    assertThat(thrown).as(what).isNotNull();
                    assertThat(thrown.completed()).as(what).isEqualTo(expected.size());
                    assertThat(thrown.causes())
                            .as(what)
                            .extracting(Throwable::getMessage)
                            .containsExactlyInAnyOrderElementsOf(failures);
                }
            }
            assertThat(pool.stats().submitted()).as(what).isEqualTo(size + (isInside ? 1 : 0));
            assertThat(pool.stats().rejected() + pool.stats().cancelled())
                    .as(what)
                    .isZero();
        }
    }

    private static @Nullable Void read(Batch<Integer> batch, int way, List<Integer> into) throws InterruptedException {
        switch (way) {
            case 0 -> into.addAll(batch.toList());
            case 1 -> batch.stream().forEachOrdered(into::add);
            case 2 -> batch.streamAsCompleted().forEachOrdered(into::add);
            default ->
                batch.outcomes().stream().forEachOrdered(outcome -> {
                    if (outcome instanceof TaskOutcome.Completed<Integer>(Integer result)) {
                        into.add(result);
                    }
                });
        }
        return null;
    }

    private static int failOnThirds(int i) throws IOException {
        if (i % 3 == 0) {
            throw new IOException("no " + i);
        }
        return i;
    }

    private static void awaitInterrupt(CountDownLatch interrupted) {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            interrupted.countDown();
        }
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The numbers from 0, which counts those that were pulled.
    private static final class Counting implements Iterator<Integer> {
        final AtomicInteger pulled = new AtomicInteger();
        private final int size;

        Counting(int size) {
            this.size = size;
        }

        @Override
        public boolean hasNext() {
            return pulled.get() < size;
        }

        @Override
        public Integer next() {
            return pulled.getAndIncrement();
        }

        /// The same, for each of which a permit is asked.
        Iterator<Integer> pulledWith(Semaphore permits) {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return Counting.this.hasNext();
                }

                @Override
                public Integer next() {
                    permits.acquireUninterruptibly();
                    return Counting.this.next();
                }
            };
        }
    }
}
