package dev.myrmidon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What pools tell the flight recorder.
@Timeout(60)
class FlightRecorderTest {
    /// What the recorder has instead of a time that isn't known.
    private static final long NOT_AVAILABLE = Long.MIN_VALUE;

    private static PoolBuilder pool(String name) {
        return Pool.builder(name).onFailure((_, _) -> {});
    }

    /// Runs a task of a pool of its own, which tells the time by the recorder's clock.
    private static void mark(String name) {
        try (Pool pool = pool(name).capacity(1).build()) {
            pool.execute(() -> {});
        }
    }

    private static void fail() {
        throw new IllegalStateException("as it should");
    }

    @Test
    void aTaskIsRecordedWithAllThatIsKnownOfIt() throws Exception {
        try (Recorded recorded = Recorded.all();
                Pool pool = pool("handles").capacity(1).queueCapacity(1).build();
                Held held = Held.fill(pool, 1)) {
            Task<String> task = pool.submit(() -> Thread.currentThread().getName(), TaskOptions.named("charge"));
            held.letGo();
            String thread = task.get();

            RecordedEvent event = recorded.of("handles", "Task").getLast();
            assertThat(event.getString("task")).isEqualTo("charge");
            assertThat(event.getLong("id")).isEqualTo(task.id());
            assertThat(event.getString("outcome")).isEqualTo("COMPLETED");
            assertThat(event.getLong("waitTime"))
                    .isEqualTo(task.times().waited().toNanos())
                    .isPositive();
            assertThat(event.getDuration("waitTime")).isEqualTo(task.times().waited());
            assertThat(event.getThread().getJavaName()).isEqualTo(thread).startsWith("handles-");
            assertThat(event.getThread().isVirtual()).isTrue();
            assertThat(event.getStackTrace()).isNull();
        }
    }

    @Test
    void aPlainTaskHasTheNameOfItsClassAndNoTimes() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("plain").capacity(1).build()) {
                pool.execute(FlightRecorderTest::fail);
            }
            assertThat(recorded.of("plain", "Task"))
                    .extracting(e -> e.getString("task"), e -> e.getLong("id"), e -> e.getString("outcome"))
                    .containsExactly(tuple(FlightRecorderTest.class.getName() + "$$Lambda", 0L, "FAILED"));
            RecordedEvent event = recorded.of("plain", "Task").getFirst();
            assertThat(event.getLong("waitTime")).isEqualTo(NOT_AVAILABLE);
            assertThat(event.toString()).contains("waitTime = N/A");
        }
    }

    /// Nothing is wrapped for the sake of a recording.
    @Test
    void aRecordingChangesNothingAboutAPlainTask() throws Exception {
        try (Recorded _ = Recorded.all();
                Pool pool = pool("unwrapped").capacity(1).build();
                Held _ = Held.fill(pool, 1)) {
            assertThat(pool.running()).singleElement().satisfies(running -> {
                assertThat(running.task()).isEmpty();
                assertThat(running.elapsed()).isEmpty();
            });
        }
    }

    @Test
    void theWaitOfAnExecutedTaskIsThereIfThePoolKeepsIt() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("timed").capacity(1).timed(true).build()) {
                pool.execute(() -> {});
            }
            try (Pool pool = pool("untimed").capacity(1).build()) {
                pool.execute(() -> {}, TaskOptions.named("ship"));
            }
            RecordedEvent timed = recorded.of("timed", "Task").getFirst();
            assertThat(timed.getLong("waitTime")).isNotNegative();
            assertThat(timed.getLong("id")).isPositive();
            RecordedEvent untimed = recorded.of("untimed", "Task").getFirst();
            assertThat(untimed.getString("task")).isEqualTo("ship");
            assertThat(untimed.getLong("id")).isPositive();
            assertThat(untimed.getLong("waitTime")).isEqualTo(NOT_AVAILABLE);
        }
    }

    /// A task that was stopped holds its slot until its code returns, and so long is its event.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTaskThatWasStoppedEndsWhenItsCodeReturns(boolean byTimeout) throws Exception {
        String name = byTimeout ? "overdue" : "stopped";
        try (Recorded recorded = Recorded.all()) {
            Held held = new Held();
            try (Pool pool = pool(name).capacity(1).build()) {
                TaskOptions options = byTimeout ? TaskOptions.NONE.timeout(Duration.ofMillis(1)) : TaskOptions.NONE;
                Task<?> task = pool.submit(held::holdStubbornly, options);
                held.awaitStarted(1);
                if (!byTimeout) {
                    task.cancel(true);
                }
                await().until(task::isDone);
                assertThat(recorded.of(name, "Task")).as("its code runs").isEmpty();
                mark("after " + name);
                held.letGo();
            }
            RecordedEvent event = recorded.of(name, "Task").getFirst();
            assertThat(event.getString("outcome")).isEqualTo(byTimeout ? "TIMED_OUT" : "CANCELLED");
            assertThat(event.getEndTime())
                    .isAfterOrEqualTo(
                            recorded.of("after " + name, "Task").getFirst().getStartTime());
        }
    }

    @Test
    void aTaskThatNeverStartedIsNotRecorded() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("unstarted").capacity(1).queueCapacity(2).build();
                    Held held = Held.fill(pool, 1)) {
                pool.submit(() -> 1).cancel(true);
                Task<Integer> shed = pool.submit(() -> 1, TaskOptions.NONE.startWithin(Duration.ofMillis(1)));
                await().until(shed::isDone);
                held.letGo();
            }
            assertThat(recorded.of("unstarted", "Task"))
                    .as("the one that held the slot")
                    .hasSize(1);
            RecordedEvent closed = recorded.of("unstarted", "PoolClosed").getFirst();
            assertThat(closed.getLong("cancelled")).isEqualTo(2);
            assertThat(closed.getLong("shed")).isEqualTo(1);
        }
    }

    /// One that has its slot already looks at the time itself.
    @Test
    void aTaskThatIsShedWhenItWouldStartIsNotRecorded() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("late").capacity(1).build()) {
                Task<Integer> task = pool.submit(() -> 1, TaskOptions.NONE.startWithin(Duration.ofNanos(1)));
                await().until(task::isDone);
                assertThat(task.status()).isEqualTo(Task.Status.SHED);
            }
            assertThat(recorded.of("late", "Task")).isEmpty();
        }
    }

    @Test
    void theFailureHandlerIsNoPartOfTheRun() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            Pool pool = Pool.builder("handled")
                    .capacity(1)
                    .onFailure((_, _) -> mark("handling"))
                    .build();
            try (pool) {
                pool.execute(FlightRecorderTest::fail, TaskOptions.named("wrapped"));
            }
            assertThat(recorded.of("handled", "Task").getFirst().getEndTime())
                    .isBeforeOrEqualTo(
                            recorded.of("handling", "Task").getFirst().getStartTime());
        }
    }

    @Test
    void aNestedTaskIsWithinItsCaller() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("nested").capacity(1).build()) {
                pool.submit(
                                () -> pool.submit(() -> 1, TaskOptions.named("inner"))
                                        .get(),
                                TaskOptions.named("outer"))
                        .get();
            }
            List<RecordedEvent> tasks = recorded.of("nested", "Task");
            assertThat(tasks).extracting(e -> e.getString("task")).containsExactly("outer", "inner");
            RecordedEvent outer = tasks.getFirst();
            RecordedEvent inner = tasks.getLast();
            assertThat(inner.getThread().getJavaThreadId())
                    .isEqualTo(outer.getThread().getJavaThreadId());
            assertThat(inner.getEndTime()).isBeforeOrEqualTo(outer.getEndTime());
            assertThat(recorded.of("nested", "PoolClosed").getFirst().getLong("nested"))
                    .isEqualTo(1);
        }
    }

    @Test
    void whatItsCallerRunsIsOnTheCallersThread() throws Exception {
        try (Recorded recorded = Recorded.all();
                Pool pool = pool("caller")
                        .capacity(1)
                        .whenSaturated(SaturationPolicy.callerRuns())
                        .build();
                Held _ = Held.fill(pool, 1)) {
            pool.execute(() -> {});

            assertThat(recorded.of("caller", "Task"))
                    .extracting(e -> e.getThread().getJavaThreadId())
                    .containsExactly(Thread.currentThread().threadId());
        }
    }

    /// A task may begin on one carrier and end on another.
    @Test
    void tasksThatWaitAreRecordedOnce() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("waiting").capacity(50).build()) {
                for (int i = 0; i < 500; i++) {
                    var _ = pool.submit(() -> {
                        for (int wait = 0; wait < 5; wait++) {
                            Thread.sleep(1);
                        }
                        return 0;
                    });
                }
            }
            List<RecordedEvent> tasks = recorded.of("waiting", "Task");
            assertThat(tasks)
                    .extracting(e -> e.getLong("id"))
                    .doesNotHaveDuplicates()
                    .hasSize(500);
            assertThat(tasks).allSatisfy(task -> {
                assertThat(task.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(5));
                assertThat(task.getThread().getJavaName()).startsWith("waiting-");
            });
        }
    }

    @ParameterizedTest
    @EnumSource(PoolKind.class)
    void everyKindOfPoolRecordsItsTasks(PoolKind kind) throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = kind.builder().name("kind").build()) {
                for (int i = 0; i < 4; i++) {
                    pool.submit(() -> 1).get();
                }
                pool.execute(() -> {});
            }
            assertThat(recorded.of("kind", "Task"))
                    .extracting(e -> e.getString("outcome"))
                    .hasSize(5)
                    .containsOnly("COMPLETED");
        }
    }

    @Test
    void aPlainTaskWithAPriorityHasTheNameOfItsCode() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool =
                    pool("levels").capacity(1).queueOrder(QueueOrder.priority()).build()) {
                pool.execute(() -> {}, TaskOptions.NONE.priority(5));
            }
            assertThat(recorded.of("levels", "Task"))
                    .extracting(e -> e.getString("task"))
                    .containsExactly(FlightRecorderTest.class.getName() + "$$Lambda");
        }
    }

    @Test
    void eachExecutionOfADelayedTaskIsRecorded() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            CountDownLatch twice = new CountDownLatch(2);
            try (Pool pool = pool("delayed").capacity(1).build()) {
                var _ = pool.scheduler().scheduleAtFixedRate(twice::countDown, 0, 1, TimeUnit.MILLISECONDS);
                twice.await();
            }
            assertThat(recorded.of("delayed", "Task")).hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void refusalsSayWhyAndHowFullThePoolWas() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            Pool pool =
                    pool("refusing").capacity(1).queueCapacity(1).nonblocking().build();
            try (Held held = Held.fill(pool, 1)) {
                pool.execute(() -> {});
                assertThatThrownBy(() -> pool.execute(() -> {}, TaskOptions.named("export")))
                        .isInstanceOf(PoolSaturatedException.class);
                assertThat(pool.tryExecute(() -> {}, Duration.ofMillis(1))).isFalse();
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofHours(1)))
                        .isInstanceOf(InterruptedException.class);
                held.letGo();
            }
            pool.close();
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolClosedException.class);

            List<RecordedEvent> rejected = recorded.of("refusing", "TaskRejected");
            assertThat(rejected)
                    .extracting(e -> e.getString("reason"))
                    .containsExactly("SATURATED", "TIMED_OUT", "INTERRUPTED", "CLOSED");
            assertThat(rejected.getFirst().getString("task")).isEqualTo("export");
            assertThat(rejected.getFirst())
                    .extracting(
                            e -> e.getInt("running"),
                            e -> e.getInt("capacity"),
                            e -> e.getInt("queued"),
                            e -> e.getInt("queueCapacity"),
                            e -> e.getInt("waiting"))
                    .containsExactly(1, 1, 1, 1, 0);
            assertThat(rejected.getFirst().getThread().getJavaThreadId())
                    .isEqualTo(Thread.currentThread().threadId());
            assertThat(rejected.getFirst().getStackTrace().getFrames())
                    .as("says who was refused")
                    .anySatisfy(frame -> assertThat(frame.getMethod().getType().getName())
                            .isEqualTo(FlightRecorderTest.class.getName()));
            assertThat(recorded.of("refusing", "PoolClosed").getFirst().getLong("rejected"))
                    .as("what a closed pool refuses comes after it")
                    .isEqualTo(3);
        }
    }

    @Test
    void aRefusalOfAnUnboundedPoolSaysSo() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            Pool pool = pool("unbounded")
                    .capacity(Pool.UNBOUNDED)
                    .queueCapacity(Pool.UNBOUNDED)
                    .build();
            pool.close();
            assertThat(pool.isTerminated()).isTrue();
            assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(PoolClosedException.class);
            RecordedEvent event = recorded.of("unbounded", "TaskRejected").getFirst();
            assertThat(event.getInt("capacity")).isEqualTo(Pool.UNBOUNDED);
            assertThat(event.getInt("queueCapacity")).isEqualTo(Pool.UNBOUNDED);
        }
    }

    @Test
    void aResizeIsRecordedIfItChangesSomething() throws Exception {
        try (Recorded recorded = Recorded.all();
                Pool pool = pool("resized").capacity(1).build()) {
            pool.resize(1);
            pool.resize(5);
            pool.reconfigure(pool.config().toBuilder().capacity(Pool.UNBOUNDED).config());
            pool.reconfigure(pool.config().toBuilder().queueCapacity(7).config());

            List<RecordedEvent> resized = recorded.of("resized", "PoolResized");
            assertThat(resized)
                    .extracting(e -> e.getInt("from"), e -> e.getInt("to"))
                    .containsExactly(tuple(1, 5), tuple(5, Pool.UNBOUNDED));
            assertThat(resized.getFirst().getStackTrace().getFrames())
                    .as("says who did it")
                    .anySatisfy(frame -> assertThat(frame.getMethod().getType().getName())
                            .isEqualTo(FlightRecorderTest.class.getName()));
        }
    }

    @Test
    void aCloseLastsFromTheShutdownToTheLastTask() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            Held held = new Held();
            Pool pool = pool("closed").capacity(2).nonblocking().build();
            pool.execute(held::hold);
            held.awaitStarted(1);
            assertThatThrownBy(() -> pool.submit(FlightRecorderTest::fail).get())
                    .hasMessageContaining("as it should");
            assertThatThrownBy(() -> pool.submit(
                                    () -> new CountDownLatch(1).await(1, TimeUnit.HOURS),
                                    TaskOptions.NONE.timeout(Duration.ofMillis(1)))
                            .get())
                    .hasCauseInstanceOf(TaskTimeoutException.class);
            mark("before");
            pool.shutdown();
            mark("after");
            pool.shutdown();
            held.letGo();
            pool.close();

            RecordedEvent event = recorded.of("closed", "PoolClosed").getFirst();
            assertThat(recorded.of("closed", "PoolClosed")).hasSize(1);
            RecordedEvent after = recorded.of("after", "Task").getFirst();
            assertThat(event.getStartTime())
                    .isBetween(recorded.of("before", "Task").getFirst().getEndTime(), after.getStartTime());
            assertThat(event.getEndTime()).as("it drained").isAfterOrEqualTo(after.getEndTime());
            assertThat(event.getDuration()).isPositive();
            PoolStats end = pool.stats();
            assertThat(event)
                    .extracting(
                            e -> e.getLong("submitted"),
                            e -> e.getLong("rejected"),
                            e -> e.getLong("completed"),
                            e -> e.getLong("failed"),
                            e -> e.getLong("cancelled"),
                            e -> e.getLong("nested"),
                            e -> e.getLong("timedOut"),
                            e -> e.getLong("shed"))
                    .containsExactly(3L, 0L, 1L, 2L, 0L, 0L, 1L, 0L)
                    .containsExactly(
                            end.submitted(),
                            end.rejected(),
                            end.completed(),
                            end.failed(),
                            end.cancelled(),
                            end.nested(),
                            end.timedOut(),
                            end.shed());
        }
    }

    /// Whatever ends a pool, and however often: the event is there when the pool has terminated, and the
    /// books in it balance.
    @Test
    void aCloseIsRecordedOnceAndBalances() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            for (int round = 0; round < 30; round++) {
                Pool pool =
                        pool("ending" + round).capacity(4).queueCapacity(100).build();
                for (int i = 0; i < 50; i++) {
                    pool.execute(() -> {});
                }
                Thread other = Thread.startVirtualThread(pool::shutdownNow);
                pool.shutdown();
                pool.close();
                other.join();
            }
            for (int round = 0; round < 30; round += 10) {
                List<RecordedEvent> closed = recorded.of("ending" + round, "PoolClosed");
                assertThat(closed)
                        .hasSize(1)
                        .allSatisfy(
                                e -> assertThat(e.getLong("completed") + e.getLong("failed") + e.getLong("cancelled"))
                                        .isEqualTo(e.getLong("submitted"))
                                        .isEqualTo(50));
            }
        }
    }

    @Test
    void aPoolThatWasNeverUsedIsRecordedWhenItCloses() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            pool("unused").capacity(1).build().close();
            assertThat(recorded.of("unused", "PoolClosed")).hasSize(1);
        }
    }

    @Test
    void shorterTasksThanTheThresholdAreNotRecorded() throws Exception {
        try (Recorded recorded = Recorded.tasksFrom(Duration.ofMillis(50))) {
            try (Pool pool = pool("threshold").capacity(1).build()) {
                pool.execute(() -> {}, TaskOptions.named("short"));
                var _ = pool.submit(
                        () -> {
                            Thread.sleep(51);
                            return 0;
                        },
                        TaskOptions.named("long"));
            }
            assertThat(recorded.of("threshold", "Task"))
                    .allSatisfy(e -> assertThat(e.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(50)))
                    .extracting(e -> e.getString("task"))
                    .contains("long");
        }
    }

    @Test
    void recordingsThatSayNothingOfThemHaveTheEventsWithTheirDefaults() throws Exception {
        try (Recorded recorded = Recorded.byDefault()) {
            try (Pool pool = pool("default").capacity(1).build()) {
                pool.execute(() -> {}, TaskOptions.named("short"));
                var _ = pool.submit(
                        () -> {
                            Thread.sleep(11);
                            return 0;
                        },
                        TaskOptions.named("long"));
                pool.resize(2);
            }
            assertThat(recorded.of("default", "Task"))
                    .allSatisfy(e -> assertThat(e.getDuration()).isGreaterThanOrEqualTo(Duration.ofMillis(10)))
                    .extracting(e -> e.getString("task"))
                    .contains("long");
            assertThat(recorded.of("default", "PoolResized")).hasSize(1);
            assertThat(recorded.of("default", "PoolClosed")).hasSize(1);
        }
        assertThat(defaults("Task")).contains("enabled=true", "threshold=10 ms", "throttle=1000/s", "stackTrace=false");
        assertThat(defaults("TaskRejected")).contains("enabled=true", "throttle=100/s", "stackTrace=true");
        assertThat(defaults("PoolResized")).contains("enabled=true", "stackTrace=true");
        assertThat(defaults("PoolClosed")).contains("enabled=true", "stackTrace=false");
    }

    private static List<String> defaults(String event) {
        return type(event).getSettingDescriptors().stream()
                .map(setting -> setting.getName() + "=" + setting.getDefaultValue())
                .toList();
    }

    private static EventType type(String event) {
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().equals("dev.myrmidon." + event))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Task", "TaskRejected", "PoolResized", "PoolClosed"})
    void eventsAreDescribed(String event) {
        pool("describing").capacity(1).build().close(); // registers them
        EventType type = type(event);
        assertThat(type.getLabel()).isNotBlank();
        assertThat(type.getDescription()).isNotBlank();
        assertThat(type.getCategoryNames()).containsExactly("Myrmidon");
        assertThat(type.getFields()).extracting(ValueDescriptor::getLabel).doesNotContainNull();
        assertThat(type.getField("pool")).isNotNull();
    }

    @Test
    void whatIsDisabledIsNotRecorded() throws Exception {
        try (Recorded recorded = Recorded.without("Task")) {
            try (Pool pool = pool("disabled").capacity(1).build()) {
                pool.submit(() -> 1).get();
            }
            assertThat(recorded.of("disabled", "Task")).isEmpty();
            assertThat(recorded.of("disabled", "PoolClosed")).hasSize(1);
        }
    }

    @Test
    void aRecordingStartsAndEndsInTheMidstOfAPoolsLife() throws Exception {
        try (Pool pool = pool("midst").capacity(2).build();
                Held held = Held.fill(pool, 1)) {
            try (Recorded recorded = Recorded.all()) {
                pool.submit(() -> 1).get();
                held.letGo();
                pool.awaitIdle();
                assertThat(recorded.of("midst", "Task"))
                        .as("all but what ran when it started")
                        .hasSize(1);
            }
            pool.submit(() -> 1).get();
            try (Recorded recorded = Recorded.all()) {
                pool.submit(() -> 1).get();
                assertThat(recorded.of("midst", "Task")).hasSize(1);
            }
        }
    }

    @Test
    void aTaskThatOverflowsItsStackIsRecorded() throws Exception {
        try (Recorded recorded = Recorded.all()) {
            try (Pool pool = pool("deep").capacity(1).build()) {
                Task<?> task = pool.submit(() -> overflow(1));
                assertThatThrownBy(task::get).hasCauseInstanceOf(StackOverflowError.class);
                assertThat(pool.submit(() -> 7).get()).isEqualTo(7);
            }
            assertThat(recorded.of("deep", "Task"))
                    .extracting(e -> e.getString("outcome"))
                    .containsExactly("FAILED", "COMPLETED");
        }
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : 1 + overflow(depth + 1);
    }

    /// A class path may belong to a runtime image that was made without the module.
    @Test
    void poolsDoWithoutARecorder() throws Exception {
        assertThat(outputOf(WithoutFlightRecorder.class, "--limit-modules=java.base"))
                .containsExactly("accepted: false", "recorder: false", "completed=1 failed=1 rejected=1");
    }

    /// That takes several times as long as to open a pool.
    @Test
    void aJvmThatIsNotRecordedDoesNotLoadTheRecorder() throws Exception {
        assertThat(outputOf(WithoutFlightRecorder.class, "-Xlog:class+load"))
                .contains("recorder: true", "completed=1 failed=1 rejected=1")
                .noneMatch(line -> line.contains("jdk.jfr.internal.MetadataRepository"));
    }

    @Test
    void theRecorderMayStartLongAfterThePool() throws Exception {
        assertThat(outputOf(RecordedLate.class)).containsExactly("tasks=1 resizes=1");
    }

    /// What a class prints in a JVM of its own, on the class path.
    private static List<String> outputOf(Class<?> main, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(Path.of("target", "classes") + File.pathSeparator + Path.of("target", "test-classes"));
        command.add(main.getName());
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output =
                new String(java.getInputStream().readAllBytes(), UTF_8).lines().toList();
        assertThat(java.waitFor()).as("%s", output).isZero();
        return output;
    }
}
