package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is put around the code of tasks, and decorators that don't keep to their contract.
@Timeout(60)
class DecoratorTest {
    private final List<String> log = new CopyOnWriteArrayList<>();

    private TaskDecorator logging(String name) {
        return task -> {
            log.add("submit " + name);
            return () -> {
                log.add("enter " + name);
                task.run();
                log.add("leave " + name);
            };
        };
    }

    @Test
    void theFirstDecoratorIsOutermost() throws Exception {
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(logging("first"))
                .decorator(logging("second"))
                .build()) {
            pool.submit(() -> log.add("task")).get();
        }
        assertThat(log)
                .containsExactly(
                        "submit second",
                        "submit first",
                        "enter first",
                        "enter second",
                        "task",
                        "leave second",
                        "leave first");
    }

    @Test
    void everyWayToSubmitIsDecoratedOnce() throws Exception {
        AtomicInteger submits = new AtomicInteger();
        AtomicInteger runs = new AtomicInteger();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(100)
                .decorator(task -> {
                    submits.incrementAndGet();
                    return () -> {
                        runs.incrementAndGet();
                        task.run();
                    };
                })
                .build();
        Callable<Integer> one = () -> 1;
        try (pool) {
            pool.execute(() -> {});
            pool.execute(() -> {}, TaskOptions.named("n"));
            var _ = pool.submit(() -> {});
            assertThat(pool.submit(() -> {}, "given").get()).isEqualTo("given");
            assertThat(pool.submit(one).get()).isEqualTo(1);
            assertThat(pool.submit(one, TaskOptions.named("n")).get()).isEqualTo(1);
            pool.submit(() -> {}, TaskOptions.named("n")).get();
            assertThat(pool.tryExecute(() -> {})).isTrue();
            assertThat(pool.invokeAll(List.of(one, one))).hasSize(2);
            assertThat(pool.invokeAny(List.of(one))).isEqualTo(1);
            pool.scheduler().schedule(one, 0, TimeUnit.NANOSECONDS).get();
        }
        assertThat(submits).hasValue(12);
        assertThat(runs).hasValue(12);
        assertThat(pool.stats().completed()).isEqualTo(12);
    }

    @Test
    void whatADecoratorThrowsAtSubmissionReachesTheSubmitterAndNothingIsSubmitted() throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(logging("inner"))
                .decorator(_ -> {
                    throw new IllegalStateException("no tenant");
                })
                .build();
        Callable<Integer> one = () -> 1;
        try (pool) {
            assertThatThrownBy(() -> pool.execute(() -> {})).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.execute(() -> {}, TaskOptions.NONE)).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.submit(one)).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.tryExecute(() -> {})).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.invokeAll(List.of(one))).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.invokeAny(List.of(one))).hasMessage("no tenant");
            assertThatThrownBy(() -> pool.scheduler().schedule(one, 0, TimeUnit.SECONDS))
                    .hasMessage("no tenant");
            pool.awaitIdle();
            assertThat(pool.stats().submitted()).isZero();
            assertThat(pool.stats().running()).isZero();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void aDecoratorThatReturnsNullIsNamed() {
        class Forgetful implements TaskDecorator {
            @Override
            public Runnable decorate(Runnable task) {
                return null;
            }
        }
        try (Pool pool =
                Pool.builder("orders").capacity(1).decorator(new Forgetful()).build()) {
            assertThatThrownBy(() -> pool.execute(() -> {}))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("Forgetful");
        }
    }

    @Test
    void aDecoratorThatDoesNotCallTheTaskFailsIt() {
        Pool pool = Pool.builder("orders").capacity(1).decorator(_ -> () -> {}).build();
        try (pool) {
            assertThatThrownBy(() -> pool.submit(() -> 1).get())
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("a decorator did not call the task");
        }
        assertThat(pool.stats().failed()).isEqualTo(1);
    }

    @Test
    void aDecoratorThatCallsTheTaskTwiceRunsItOnceAndFailsIt() {
        AtomicInteger runs = new AtomicInteger();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(task -> () -> {
                    task.run();
                    task.run();
                })
                .build();
        try (pool) {
            assertThatThrownBy(() -> pool.submit(runs::incrementAndGet).get())
                    .hasRootCauseMessage("a decorator called the task a second time");
        }
        assertThat(runs).hasValue(1);
        assertThat(pool.stats().failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatADecoratorThrowsWhereItRunsFailsTheTask(boolean before) throws Exception {
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(task -> () -> {
                    if (before) {
                        throw new IllegalStateException("decorator");
                    }
                    task.run();
                    throw new IllegalStateException("decorator");
                })
                .build();
        try (pool) {
            assertThatThrownBy(() -> pool.submit(() -> log.add("ran")).get())
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("decorator");
            assertThat(log).hasSize(before ? 0 : 1);
            assertThat(pool.submit(() -> {}).toCompletableFuture())
                    .failsWithin(30, TimeUnit.SECONDS)
                    .withThrowableOfType(ExecutionException.class);
        }
        assertThat(pool.stats().failed()).isEqualTo(2);
    }

    @Test
    void theFailureOfTheTaskComesBeforeThatOfADecorator() {
        IOException ofTask = new IOException("task");
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(task -> () -> {
                    task.run();
                    throw new IllegalStateException("decorator");
                })
                .build()) {
            assertThatThrownBy(() -> pool.submit(() -> {
                                throw ofTask;
                            })
                            .get())
                    .cause()
                    .isSameAs(ofTask);
        }
        assertThat(ofTask.getSuppressed()).extracting(Throwable::getMessage).containsExactly("decorator");
    }

    @Test
    void decoratorsAreLeftInOrderAndDoNotSeeWhatTheTaskThrows() {
        AssertionError error = new AssertionError("task");
        try (Pool pool =
                Pool.builder("orders").capacity(1).decorator(logging("only")).build()) {
            assertThatThrownBy(() -> pool.submit(() -> {
                                throw error;
                            })
                            .get())
                    .cause()
                    .isSameAs(error);
        }
        assertThat(log).containsExactly("submit only", "enter only", "leave only");
    }

    @Test
    void whatATaskOfExecuteThrowsGoesToTheHandlerUnderTheNameOfTheUsersClass() {
        class Ship implements Runnable {
            @Override
            public void run() {
                throw new IllegalStateException("no");
            }
        }
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(logging("only"))
                .onFailure((name, failure) -> log.add(name + ": " + failure.getMessage()))
                .build()) {
            pool.execute(new Ship());
        }
        assertThat(log).contains("orders/" + Ship.class.getName() + ": no");
    }

    @Test
    void aTaskIsNamedAfterTheUsersClassBeforeAndAfterItsEnd() throws Exception {
        class Ship implements Callable<Integer> {
            @Override
            public Integer call() {
                return 1;
            }
        }
        try (Pool pool = Pool.builder("orders")
                        .capacity(1)
                        .queueCapacity(1)
                        .decorator(logging("only"))
                        .build();
                Held held = Held.fill(pool, 1)) {
            Task<Integer> task = pool.submit(new Ship());
            assertThat(task.name()).isEqualTo(Ship.class.getName());
            held.letGo();
            assertThat(task.get()).isEqualTo(1);
            assertThat(task.name()).isEqualTo(Ship.class.getName());
        }
    }

    @Test
    void shutdownNowReturnsWhatTheUserGave() throws Exception {
        Runnable mine = () -> log.add("ran");
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .queueCapacity(2)
                .decorator(task -> task)
                .build();
        try (pool;
                Held _ = Held.fill(pool, 1)) {
            pool.execute(mine);
            Task<?> submitted = pool.submit(mine);
            assertThat(pool.shutdownNow()).containsExactly(mine, (Runnable) submitted);
            assertThat(submitted.isCancelled()).isTrue();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void aTaskThatNeverStartsIsNotEntered() throws Exception {
        try (Pool pool = Pool.builder("orders")
                        .capacity(1)
                        .queueCapacity(1)
                        .decorator(logging("only"))
                        .build();
                Held held = Held.fill(pool, 1)) {
            assertThat(pool.submit(() -> {}).cancel(true)).isTrue();
            held.letGo();
        }
        assertThat(log).containsExactly("submit only", "enter only", "submit only", "leave only");
    }

    @Test
    void nestedTasksAndThoseOfTheCallerAreDecoratedToo() throws Exception {
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .decorator(logging("d"))
                .build()) {
            pool.submit(() -> pool.execute(() -> log.add("nested"))).get();
            assertThat(log)
                    .containsExactly("submit d", "enter d", "submit d", "enter d", "nested", "leave d", "leave d");
            log.clear();
            try (Held _ = Held.fill(pool, 1)) {
                log.clear();
                pool.execute(() -> log.add("by " + Thread.currentThread().threadId()));
                assertThat(log)
                        .containsExactly(
                                "submit d",
                                "enter d",
                                "by " + Thread.currentThread().threadId(),
                                "leave d");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void invokeAllRefusesNullTasks(boolean decorated) {
        PoolBuilder builder = Pool.builder("orders").capacity(1);
        try (Pool pool = decorated ? builder.decorator(task -> task).build() : builder.build()) {
            assertThatThrownBy(() -> pool.invokeAll(Arrays.asList((Callable<Integer>) null)))
                    .isInstanceOf(NullPointerException.class);
            assertThat(pool.stats().submitted()).isZero();
        }
    }
}
