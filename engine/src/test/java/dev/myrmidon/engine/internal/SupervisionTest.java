package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.FunctionPool;
import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.internal.metrics.Collector;
import dev.myrmidon.manage.FinishedTask;
import dev.myrmidon.manage.PoolMonitor;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.ScalingStep;
import dev.myrmidon.manage.alarm.AlarmEvent;
import dev.myrmidon.manage.alarm.Alarms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What an engine does about its pools because its file says so.
@Timeout(60)
class SupervisionTest {
    @TempDir
    Path folder;

    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    @Test
    void aPoolUnderAFloodGrowsWithinItsBoundsAndShrinksAfterIt() throws IOException {
        String yaml = "pools: { images: { size: 10%s } }\nmonitor: { interval: \"20ms\" }";
        try (Engine engine = load(yaml.formatted(""))) {
            Pool images = engine.pool("images");
            List<Thread> flood = IntStream.range(0, 2_000)
                    .mapToObj(_ -> Thread.startVirtualThread(() -> images.execute(this::hold)))
                    .toList();
            // Who waits gets a slot at once when there is one, so that the pool is full whenever it is looked at.
            await().until(() -> images.stats().waiting() == 1_990);
            write(yaml.formatted(", scaling: { min: 10, max: 1000, interval: \"20ms\" }"));
            assertThat(engine.reload().applied()).isTrue();
            await().until(() -> images.config().capacity() == 1_000);
            List<ScalingStep> growth = engine.autoscaler().steps();
            assertThat(growth).extracting(ScalingStep::to).startsWith(20, 40, 80);
            assertThat(growth.getFirst()).asString().contains("images: capacity 10 → 20 (threshold: usage 1.00 > 0.80");
            release.countDown();
            await().until(() -> images.config().capacity() == 10);
            assertThat(engine.monitor().history("images")).isNotEmpty();
            await().until(() -> flood.stream().noneMatch(Thread::isAlive));
        }
    }

    @Test
    void theFirstLookOfTheMonitorHasASampleOfEachPool() throws IOException {
        try (Engine engine = load("pools: { images: { size: 10 } }\nmonitor: { interval: \"1s\" }")) {
            engine.pool("images").execute(() -> {});
            await().untilAsserted(() -> assertThat(engine.monitor().history("images"))
                    .as("with what came before the first look")
                    .extracting(PoolSample::submitted)
                    .contains(1L));
        }
    }

    @Test
    void scalingFollowsTheFile() throws IOException {
        String scaled = "pools: { images: { size: 10, scaling: { min: %d, max: 1000, interval: \"10ms\" } } }";
        try (Engine engine = load(scaled.formatted(10))) {
            write(scaled.formatted(30));
            AuditEntry entry = engine.reload();
            assertThat(entry.changes()).containsExactly("images.scaling.min 10 → 30");
            assertThat(entry.applied()).isTrue();
            await().until(() -> engine.pool("images").config().capacity() == 30);
            write("pools: { images: { size: 10 } }");
            assertThat(engine.reload().applied()).isTrue();
            assertThat(engine.autoscaler().pools()).isEmpty();
            assertThat(engine.pool("images").config().capacity()).isEqualTo(30);
        }
    }

    @Test
    void aPoolThatCantBeScaledAnyMoreRefusesTheWholeChange() throws IOException {
        try (Engine engine = load("pools: { images: { size: 10 }, videos: { size: 3 } }")) {
            engine.pool("images").resize(Pool.UNBOUNDED);
            write("pools: { images: { size: 10, scaling: { min: 1, max: 5 } }, videos: { size: 4 } }");
            AuditEntry entry = engine.reload();
            assertThat(entry.applied()).isFalse();
            assertThat(entry.refusals()).singleElement().asString().startsWith("images can't be scaled: its capacity");
            assertThat(engine.pool("videos").config().capacity()).isEqualTo(3);
            assertThat(engine.autoscaler().pools()).isEmpty();
        }
    }

    @Test
    void alarmsAreRaisedAndResolvedAndFollowTheFile() throws IOException, InterruptedException {
        String alarms = "pools: { images: { size: 1, task_timeout: \"10ms\" } }\nmonitor: { interval: \"10ms\" }\n";
        try (Engine engine = load(alarms)) {
            Pool images = engine.pool("images");
            images.execute(this::holdStubbornly, TaskOptions.named("resize cat.jpg"));
            began.await();
            write(alarms + "alarms: { overdue: 1 }");
            assertThat(engine.reload().applied()).isTrue();
            await().until(() -> !engine.alarms().active().isEmpty());
            AlarmEvent event = engine.alarms().active().getFirst();
            assertThat(event.message()).contains("images").contains("overdue");
            assertThat(event.details()).contains("resize cat.jpg").contains("holdStubbornly");

            Alarms before = engine.alarms();
            write(alarms + "alarms: { overdue: 2 }");
            assertThat(engine.reload().changes()).contains("alarms.overdue.threshold 1 → 2");
            assertThat(engine.alarms()).isNotSameAs(before);
            assertThat(engine.alarms().active()).isEmpty();

            write(alarms + "alarms: { overdue: 1 }");
            assertThat(engine.reload().applied()).isTrue();
            await().until(() -> !engine.alarms().active().isEmpty());
            release.countDown();
            await().until(() -> engine.alarms().active().isEmpty());
            assertThat(engine.alarms().recent())
                    .last()
                    .extracting(AlarmEvent::kind)
                    .isEqualTo(AlarmEvent.Kind.RESOLVED);
        }
    }

    @Test
    void alarmsOfTheJvmAreRaised() throws IOException {
        try (Engine engine =
                load("monitor: { interval: \"10ms\" }\nalarms: { threads: { threshold: 1, for: \"0s\" } }")) {
            await().until(() -> !engine.alarms().active().isEmpty());
            assertThat(engine.alarms().active().getFirst().pool()).isEmpty();
        }
    }

    @Test
    void theTrackerRemembersTasksOfAllPoolsAndNeedsARestart() throws Exception {
        try (Engine engine = load("pools: { images: { size: 1 } }\ntracker: { per_outcome: 10 }")) {
            Task<?> task = engine.pool("images").submit(() -> {}, TaskOptions.named("one"));
            task.join();
            FunctionPool<String> calls = engine.functionPool("calls", 2, _ -> {});
            calls.submit("x").join();
            await().untilAsserted(
                            () -> assertThat(engine.tracker().orElseThrow().finished())
                                    .extracting(FinishedTask::pool)
                                    .containsExactlyInAnyOrder("images", "calls"));

            write("pools: { images: { size: 2 } }\ntracker: { per_outcome: 20 }");
            AuditEntry entry = engine.reload();
            assertThat(entry.refusals()).containsExactly("tracker.per_outcome 10 → 20 needs a restart");
            write("pools: { images: { size: 2 } }\ntracker: { per_outcome: 10 }");
            assertThat(engine.reload().applied()).isTrue();
            engine.pool("images").submit(() -> {}, TaskOptions.named("two")).join();
            await().until(() -> engine.tracker().orElseThrow().finished().size() == 3);
        }
    }

    @Test
    void theMonitorFollowsTheFile() throws IOException {
        try (Engine engine = load("monitor: { interval: \"1h\" }")) {
            PoolMonitor before = engine.monitor();
            write("monitor: { interval: \"10ms\" }");
            assertThat(engine.reload().changes()).contains("monitor.interval 1h → 10ms");
            assertThat(engine.monitor()).isNotSameAs(before);
            await().until(() -> engine.monitor().latest("default").isPresent());
        }
    }

    @Test
    void theExportOfMetricsFollowsTheFile() throws Exception {
        try (Collector first = new Collector();
                Collector second = new Collector()) {
            String otlp = "pools: { images: { size: 3 } }\nmetrics: { otlp: { url: \"%s\", interval: \"1s\" } }";
            try (Engine engine = load("pools: { images: { size: 3 } }")) {
                write(otlp.formatted(first.url()));
                assertThat(engine.reload().changes())
                        .containsExactly("metrics.otlp.url none → " + first.url(), "metrics.otlp.interval none → 1s");
                await().until(() -> !first.exports().isEmpty());

                first.hang(); // which must not keep the change waiting
                write(otlp.formatted(second.url()));
                assertThat(engine.reload().applied()).isTrue();
                await().until(() -> !second.exports().isEmpty());

                write("pools: { images: { size: 3 } }");
                assertThat(engine.reload().applied()).isTrue();
                await().atMost(Duration.ofSeconds(30)).until(() -> exporting().isEmpty());

                write(otlp.formatted(second.url()));
                assertThat(engine.reload().applied()).isTrue();
                for (int i = 0; i < 40; i++) {
                    engine.pool("images").execute(() -> {});
                }
            }
            assertThat(second.exports().getLast().completed("images")).isEqualTo(40);
        }
    }

    private static Set<String> exporting() {
        return managing().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("myrmidon-otlp"))
                .collect(Collectors.toSet());
    }

    @Test
    void anExportThatFailsOrHangsHarmsNoPool() throws Exception {
        try (Collector collector = new Collector()) {
            collector.hang();
            try (Engine engine = load("metrics: { otlp: { url: \"" + collector.url() + "\", interval: \"1s\" } }")) {
                collector.awaitHung();
                engine.pool().submit(() -> {}).get();
            }
            assertThat(collector.exports()).isEmpty();
        }
    }

    /// With everything on that could remember one of them.
    @Test
    void twoMillionRefusedTasksLeaveNothing() throws IOException {
        try (Engine engine = load("""
                pools: { images: { size: 1, nonblocking: true, timed: true } }
                monitor: { interval: "20ms", window: "200ms", history: "200ms" } # else it grows with the time taken
                tracker: { per_outcome: 100 }
                alarms: { rejections: 1, pool_usage: 0.5, failure_rate: 0.5, overdue: 1, task_age: "1h", heap: "100GB" }
                """)) {
            Pool images = engine.pool("images");
            images.execute(this::hold);
            refuse(images, 500_000);
            await().until(() -> engine.monitor().history("images").size() == 10);
            long before = usedHeap();

            refuse(images, 2_000_000);

            assertThat(usedHeap() - before).isLessThan(4L << 20);
            assertThat(images.stats().rejected()).isEqualTo(2_500_000);
            assertThat(engine.tracker().orElseThrow().finished()).hasSize(100);
            await().untilAsserted(() -> assertThat(engine.alarms().active())
                    .extracting(AlarmEvent::alarm)
                    .contains("rejections"));
            release.countDown();
        }
    }

    private static void refuse(Pool pool, int tasks) {
        int refused = 0;
        for (int i = 0; i < tasks; i++) {
            refused += pool.tryExecute(() -> {}) ? 0 : 1;
        }
        assertThat(refused).isEqualTo(tasks);
    }

    private static long usedHeap() {
        long least = Long.MAX_VALUE; // what other threads do after a collection counts too
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    @Test
    void nothingIsLeftOfIt() throws IOException {
        Set<Thread> before = managing(); // of others, which may end meanwhile
        for (int i = 0; i < 5; i++) {
            load("""
                    pool: { size: 9, scaling: { min: 1, max: 9 } }
                    alarms: { heap: "1GB", pool_usage: 0.9, webhook: { url: "http://127.0.0.1:9/x" } }
                    """).close();
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(managing()).isSubsetOf(before));
    }

    private static Set<Thread> managing() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("myrmidon"))
                .collect(Collectors.toSet());
    }

    private void hold() {
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void holdStubbornly() {
        boolean done = false;
        began.countDown();
        while (!done) {
            try {
                release.await();
                done = true;
            } catch (InterruptedException e) {
                // the very point
            }
        }
    }

    private Engine load(String yaml) throws IOException {
        write(yaml);
        return Engine.load(folder.resolve("config.yaml"), false);
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml);
    }
}
