package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class RunningTest {
    private final Held held = new Held();

    @Test
    void findsNothingInAPoolThatIsIdle() {
        try (Pool pool = Pool.builder("idle").capacity(2).build()) {
            pool.submit(() -> {}).join();
            await().untilAsserted(() -> assertThat(pool.running()).isEmpty());
        }
    }

    @Test
    void knowsATaskThatRunsByNameThreadTimeAndStack() throws Exception {
        try (Pool pool = Pool.builder("shop").capacity(2).build()) {
            Task<?> task = pool.submit(held::holdStubbornly, TaskOptions.named("charge"));
            held.awaitStarted(1);

            RunningTask found = pool.running().getFirst();
            assertThat(found.pool()).isEqualTo("shop");
            assertThat(found.name()).isEqualTo("charge");
            assertThat(found.thread()).startsWith("shop-");
            assertThat(found.task()).containsSame(task);
            assertThat(found.stack())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("holdStubbornly");
            assertThat(found.elapsed())
                    .hasValueSatisfying(time -> assertThat(time).isPositive());
            assertThat(found).asString().startsWith("charge on shop-");

            held.letGo();
            task.join();
            await().until(() -> found.stack().isEmpty());
            Duration after = found.elapsed().orElseThrow();
            assertThat(found.elapsed()).contains(after);
        }
    }

    @Test
    void knowsNoTimesOfAPlainTask() throws Exception {
        try (Pool pool = Pool.builder("plain").capacity(1).build()) {
            pool.execute(held::holdStubbornly);
            held.awaitStarted(1);

            RunningTask found = pool.running().getFirst();
            assertThat(found.task()).isEmpty();
            assertThat(found.elapsed()).isEmpty();
            assertThat(found.name()).startsWith(RunningTest.class.getName());
            assertThat(found.stack()).isNotEmpty();
            held.letGo();
        }
    }

    @Test
    void knowsNoTimesOfAPlainTaskWithAName() throws Exception {
        try (Pool pool = Pool.builder("named").capacity(1).build();
                held) {
            pool.execute(held::holdStubbornly, TaskOptions.named("export"));
            held.awaitStarted(1);

            RunningTask found = pool.running().getFirst();
            assertThat(found.name()).isEqualTo("export");
            assertThat(found.elapsed()).isEmpty();
            assertThat(found).asString().matches("export on named-\\d+");

            Task<?> task = found.task().orElseThrow();
            assertThat(task.times().started()).isEmpty();
            assertThat(task.cancel(false)).isTrue();
            assertThatThrownBy(task::get)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("named/export was cancelled");
            held.letGo();
        }
    }

    @Test
    void knowsTheTimeOfAPlainTaskWithATimeoutWhileItRuns() throws Exception {
        try (Pool pool = Pool.builder("limited").capacity(1).build();
                held) {
            long before = System.nanoTime();
            pool.execute(held::holdStubbornly, TaskOptions.NONE.timeout(Duration.ofHours(1)));
            held.awaitStarted(1);

            RunningTask found = pool.running().getFirst();
            assertThat(found.elapsed().orElseThrow())
                    .isBetween(Duration.ZERO, Duration.ofNanos(System.nanoTime() - before));
            held.letGo();
            Task<?> task = found.task().orElseThrow();
            await().until(task::isDone);
            await().untilAsserted(() -> assertThat(found.elapsed()).isEmpty());
        }
    }

    @Test
    void showsATaskThatHasTimedOutAndRunsOn() throws Exception {
        try (Pool pool = Pool.builder("slow").capacity(1).build()) {
            Task<?> task = pool.submit(held::holdStubbornly, TaskOptions.NONE.timeout(Duration.ofMillis(5)));
            held.awaitStarted(1);
            await().until(() -> task.status() == Task.Status.TIMED_OUT);

            RunningTask found = pool.running().getFirst();
            Duration elapsed = found.elapsed().orElseThrow();
            assertThat(found.task()).containsSame(task);
            assertThat(elapsed).isGreaterThanOrEqualTo(Duration.ofMillis(5));
            await().untilAsserted(
                            () -> assertThat(found.elapsed().orElseThrow()).isGreaterThan(elapsed));
            held.letGo();
        }
    }

    @Test
    void showsTasksInsideOneAnother() throws Exception {
        try (Pool pool = Pool.builder("nested").capacity(1).build()) {
            pool.execute(
                    () -> pool.execute(held::holdStubbornly, TaskOptions.named("inner")), TaskOptions.named("outer"));
            held.awaitStarted(1);

            List<RunningTask> found = pool.running();
            assertThat(found).extracting(RunningTask::name).containsExactly("outer", "inner");
            assertThat(found)
                    .extracting(RunningTask::thread)
                    .containsOnly(found.getFirst().thread());
            held.letGo();
        }
    }
}
