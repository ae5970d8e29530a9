package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JvmMonitorTest {
    private final List<JvmSample> samples = new CopyOnWriteArrayList<>();

    @Test
    void tellsWhatTheJvmTells() {
        System.gc();
        try (JvmMonitor _ = new JvmMonitor(Duration.ofMillis(10), false, samples::add)) {
            await().until(() -> samples.size() >= 3);
        }
        JvmSample sample = samples.getFirst();
        assertThat(sample.interval()).isPositive();
        assertThat(sample.heapMax()).isEqualTo(Runtime.getRuntime().maxMemory());
        assertThat(sample.heapUsed()).isBetween(1L, sample.heapMax());
        assertThat(sample.heapAfterGc()).isBetween(1L, sample.heapMax());
        assertThat(sample.heapLive()).isBetween(1L, sample.heapMax());
        assertThat(sample.platformThreads()).isPositive();
        assertThat(sample.carriers().parallelism()).isPositive();
        assertThat(sample.pinned()).isZero();
    }

    @Test
    void collectionsCountInTheIntervalInWhichTheyEnded() {
        JvmMonitor.Readings readings = new JvmMonitor.Readings(null);
        System.gc();
        JvmSample sample = readings.sample();
        assertThat(sample.collections()).isPositive();
        assertThat(sample.gcTime()).isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(readings.sample().collections()).isLessThan(sample.collections() + 1);
    }

    @Test
    void aListenerThatThrowsIsToldTheNextSample() {
        try (JvmMonitor _ = new JvmMonitor(Duration.ofMillis(5), false, sample -> {
            samples.add(sample);
            throw new IllegalStateException("expected in this test");
        })) {
            await().until(() -> samples.size() >= 3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "P200000D"})
    void theIntervalIsChecked(String interval) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new JvmMonitor(Duration.parse(interval), false, samples::add))
                .withMessage("interval must be positive and at most 292 years, was " + Duration.parse(interval));
    }

    @Test
    void leavesNoThreadBehind() {
        for (int i = 0; i < 3; i++) {
            JvmMonitor monitor = new JvmMonitor(Duration.ofMillis(1), true, samples::add);
            await().until(() -> !samples.isEmpty());
            monitor.close();
            monitor.close();
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(threadNames())
                        .noneMatch(name -> name.startsWith("myrmidon-jvm") || name.startsWith("JFR Event Stream")));
    }

    private static List<String> threadNames() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .map(info -> info.getThreadName())
                .toList();
    }

    /// Its initializer blocks, and the thread that runs it keeps its carrier.
    static final class Slow {
        static final int VALUE;

        static {
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            VALUE = 1;
        }
    }

    @Test
    void seesThreadsThatKeepTheirCarrierWhileTheyAreBlocked() throws Exception {
        try (JvmMonitor _ = new JvmMonitor(Duration.ofMillis(50), true, samples::add)) {
            Thread.ofVirtual().start(() -> assertThat(Slow.VALUE).isEqualTo(1)).join();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> samples.stream().anyMatch(sample -> sample.pinned() > 0));
        }
        JvmSample pinned =
                samples.stream().filter(s -> s.pinned() > 0).findFirst().orElseThrow();
        assertThat(pinned.pinned()).isEqualTo(1);
        assertThat(pinned.longestPinned()).isGreaterThanOrEqualTo(Duration.ofMillis(40));
    }

    /// In a JVM of its own, all of whose carriers are taken.
    @Test
    void anAlarmGetsOutWhenCarriersStarve() throws Exception {
        List<String> classPath = new ArrayList<>();
        classPath.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        classPath.add(Path.of("target", "classes").toAbsolutePath().toString());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            classPath.add(System.getProperty(property, ""));
        }
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "dev.myrmidon.manage.alarm.Starved")
                .redirectErrorStream(true)
                .start();
        try (BufferedReader out = child.inputReader()) {
            List<String> said = out.lines().toList();
            assertThat(said).anyMatch(line -> line.contains("\"alarm\":\"starvation\"") && line.contains("\"raised\""));
            assertThat(said)
                    .anyMatch(line -> line.contains("\"alarm\":\"starvation\"") && line.contains("\"resolved\""));
            assertThat(child.waitFor()).as("%s", said).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
