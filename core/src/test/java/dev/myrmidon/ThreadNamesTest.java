package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a thread dump with virtual threads in it shows of a pool: what `jcmd <pid> Thread.dump_to_file
/// -format=json` writes.
class ThreadNamesTest {
    private static final Pattern NAME = Pattern.compile("\"name\": \"([^\"]*)\"");

    @TempDir
    Path folder;

    @Test
    void aPoolsThreadsHaveItsName() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(3).build();
                Held _ = Held.fill(pool, 3)) {
            assertThat(namesInDump()).contains("orders-0", "orders-1", "orders-2");
            assertThat(namesInDump())
                    .containsAll(
                            pool.running().stream().map(RunningTask::thread).toList());
        }
    }

    @Test
    void soHaveThoseOfAnIsolatedPool() throws Exception {
        try (Pool pool = Pool.builder("plugins").capacity(2).isolated().build()) {
            pool.submit(() -> 1).get();
            try (Held _ = Held.fill(pool, 2)) {
                List<String> threads =
                        pool.running().stream().map(RunningTask::thread).toList();
                assertThat(threads).hasSize(2).allMatch(name -> name.matches("plugins-\\d+"));
                assertThat(namesInDump()).containsAll(threads);
            }
        }
    }

    @Test
    void theOneThatSubmitsDelayedTasksHasItToo() throws Exception {
        try (Pool pool = Pool.builder("mails").capacity(1).build();
                Held held = Held.fill(pool, 1)) {
            CountDownLatch sent = new CountDownLatch(1);
            var _ = pool.scheduler().schedule(sent::countDown, 0, TimeUnit.MILLISECONDS);
            await().until(() -> pool.stats().waiting() == 1);
            assertThat(namesInDump()).contains("mails-0", "mails-delayed");
            held.letGo();
            sent.await();
        }
    }

    private List<String> namesInDump() throws IOException {
        Path dump = folder.resolve("dump.json");
        Files.deleteIfExists(dump);
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .dumpThreads(dump.toAbsolutePath().toString(), ThreadDumpFormat.JSON);
        return NAME.matcher(Files.readString(dump))
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
