package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.AuditEntry.Source;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ReloadTest {
    private static final String IMAGES = "pools: { images: { size: %d } }\nshutdown: { grace: 1m }\n";

    /// So long that only events can bring a change in time.
    private static final Duration NEVER_POLL = Duration.ofHours(1);

    private static final Duration POLL = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("config.yaml");
        write(IMAGES.formatted(200));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0)); // what is written soon after has another time for sure
    }

    @Test
    void aRewrittenFileIsApplied() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, NEVER_POLL)) {
            Instant before = Instant.now();
            rewrite(file, IMAGES.formatted(400));

            AuditEntry entry = awaitEntries(engine, 1).getFirst();

            assertThat(entry.source()).isEqualTo(Source.FILE);
            assertThat(entry.changes()).containsExactly("images.size 200 → 400");
            assertThat(entry.applied()).isTrue();
            assertThat(entry.at()).isBetween(before, Instant.now());
            assertThat(entry).hasToString("file: images.size 200 → 400");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(400);
            assertThat(engine.config().pools().get("images").capacity()).isEqualTo(400);
        }
    }

    @Test
    void aReplacedFileIsApplied() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, NEVER_POLL)) {
            for (int size = 201; size < 204; size++) {
                replace(IMAGES.formatted(size));

                assertThat(awaitEntries(engine, size - 200).getLast().changes())
                        .containsExactly("images.size " + (size - 1) + " → " + size);
            }
        }
    }

    /// `config.yaml` → `..data/config.yaml`, `..data` → a folder that is new each time.
    @Test
    void aSwappedLinkIsApplied() throws IOException {
        Path mount = Files.createDirectory(folder.resolve("mount"));
        swapData(mount, "v1", IMAGES.formatted(1));
        Path link = Files.createSymbolicLink(mount.resolve("config.yaml"), Path.of("..data", "config.yaml"));
        try (DefaultEngine engine = new DefaultEngine(link, true, NEVER_POLL)) {
            swapData(mount, "v2", IMAGES.formatted(2));
            Files.delete(mount.resolve("v1/config.yaml"));
            Files.delete(mount.resolve("v1"));
            assertThat(awaitEntries(engine, 1).getLast().changes()).containsExactly("images.size 1 → 2");

            swapData(mount, "v3", IMAGES.formatted(3));
            assertThat(awaitEntries(engine, 2).getLast().changes()).containsExactly("images.size 2 → 3");

            rewrite(mount.resolve("v3/config.yaml"), IMAGES.formatted(4)); // where the way leads now
            assertThat(awaitEntries(engine, 3).getLast().changes()).containsExactly("images.size 3 → 4");
        }
    }

    @Test
    void aHalfWrittenFileChangesNothingAndTheWholeOneIsApplied() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, NEVER_POLL)) {
            replace("pools: { images: { size: 4");
            AuditEntry half = awaitEntries(engine, 1).getLast();
            assertThat(half.applied()).isFalse();
            assertThat(half.changes()).isEmpty();
            assertThat(half.refusals()).hasSize(1).first().asString().startsWith(file + ":1:");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(200);

            replace(IMAGES.formatted(4));
            assertThat(awaitEntries(engine, 2).getLast().changes()).containsExactly("images.size 200 → 4");
        }
    }

    @Test
    void everyMistakeIsToldAndEachFileOnce() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, POLL)) {
            replace("pool: { size: 0, sise: 1 }");
            assertThat(awaitEntries(engine, 1).getLast().refusals()).hasSize(2);
            for (int i = 1; i <= 5; i++) { // looked at again, and nothing new
                Files.setLastModifiedTime(file, FileTime.fromMillis(i * 1_000L));
            }
            replace("pool: { size: -7 }");
            assertThat(awaitEntries(engine, 2).getLast().refusals())
                    .containsExactly(file + ":1:15: pool.size: -7 is out of range: must be 1 to 2147483647, or -1 for"
                            + " unbounded");

            replace(IMAGES.formatted(200));
            assertThat(awaitEntries(engine, 3).getLast()).hasToString("file: nothing changed");
            replace("# a comment\n" + IMAGES.formatted(200));
            replace(IMAGES.formatted(201));
            awaitEntries(engine, 4);
        }
    }

    @Test
    void aFileThatIsGoneChangesNothing() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, NEVER_POLL)) {
            Files.delete(file);
            assertThat(awaitEntries(engine, 1).getLast().refusals()).containsExactly(file + ": no such file");
            assertThat(engine.pool("images").isShutdown()).isFalse();

            replace(IMAGES.formatted(3));
            assertThat(awaitEntries(engine, 2).getLast().changes()).containsExactly("images.size 200 → 3");
        }
    }

    @Test
    void whatNeedsARestartRefusesTheWhole() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            write("""
                    pools:
                      images: { size: 400, queue: { order: priority }, isolated: true, timed: true, pre_alloc: false }
                      audio: { size: 5 }
                    """);

            AuditEntry entry = engine.reload();

            assertThat(entry.applied()).isFalse();
            assertThat(entry.changes())
                    .contains("images.size 200 → 400", "audio added (size 5)", "shutdown.grace 1m → 30s");
            assertThat(entry.refusals())
                    .containsExactly(
                            "images.pre_alloc true → false needs a restart",
                            "images.queue.order fifo → priority needs a restart",
                            "images.isolated false → true needs a restart",
                            "images.timed false → true needs a restart",
                            "images.queue.aging none → 10s needs a restart");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(200);
            assertThat(engine.config().grace()).isEqualTo(Duration.ofMinutes(1));
            assertThatIllegalArgumentException().isThrownBy(() -> engine.pool("audio"));
        }
    }

    @Test
    void everySettingThatCanChangeDoes() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            write("""
                    pool: { size: -1 }
                    pools:
                      images:
                        size: 5
                        expiry_duration: 1s
                        max_blocking_tasks: 7
                        nonblocking: true
                        queue: { capacity: 9 }
                        task_timeout: 2s
                        start_within: 3s
                    shutdown: { grace: 4s }
                    """);

            AuditEntry entry = engine.reload();

            assertThat(entry.changes())
                    .containsExactly(
                            "pool.size 50000 → -1",
                            "images.size 200 → 5",
                            "images.expiry_duration 10s → 1s",
                            "images.max_blocking_tasks 10000 → 7",
                            "images.nonblocking false → true",
                            "images.queue.capacity 0 → 9",
                            "images.task_timeout 0s → 2s",
                            "images.start_within 0s → 3s",
                            "shutdown.grace 1m → 4s");
            assertThat(entry.applied()).isTrue();
            assertThat(engine.pool("images").config())
                    .isEqualTo(engine.config().pools().get("images"));
            assertThat(engine.pool().config().capacity()).isEqualTo(Pool.UNBOUNDED);
            assertThat(engine.config().grace()).isEqualTo(Duration.ofSeconds(4));
            assertThat(engine.functionPool("f", 1, (Object _) -> {})
                            .pool()
                            .config()
                            .expiry())
                    .isEqualTo(Duration.ofSeconds(10));

            write(IMAGES.formatted(200));
            assertThat(engine.reload().applied()).isTrue();
            assertThat(engine.pool().config().capacity()).isEqualTo(50_000);
            assertThat(engine.pool("images").config())
                    .isEqualTo(engine.config().pools().get("images"));
        }
    }

    @Test
    void whatTheApplicationChangedStaysUntilTheFileDoesSo() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            engine.pool("images").resize(300);
            write("pools: { images: { size: 200, task_timeout: 1m } }\nshutdown: { grace: 1m }\n");
            assertThat(engine.reload().changes()).containsExactly("images.task_timeout 0s → 1m");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(300);
            assertThat(engine.pool("images").config().taskTimeout()).isEqualTo(Duration.ofMinutes(1));

            write("pools: { images: { size: 250, task_timeout: 1m } }\nshutdown: { grace: 1m }\n");
            assertThat(engine.reload().changes()).containsExactly("images.size 200 → 250");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(250);

            engine.pool("images").resize(Pool.UNBOUNDED); // can't be preallocated, as the file has it
            write("pools: { images: { size: 250 } }\nshutdown: { grace: 1m }\n");
            assertThat(engine.reload().applied()).isTrue();
            assertThat(engine.pool("images").config().capacity()).isEqualTo(Pool.UNBOUNDED);
        }
    }

    /// The first pool has changed, and a new one is open, when the second pool refuses.
    @Test
    void whatFailsHalfwayIsUndone() throws IOException {
        write("pools: { a: { size: 1 }, b: { size: 1, queue: { capacity: 5 } } }");
        try (Engine engine = Engine.load(file, false)) {
            Pool b = engine.pool("b");
            b.reconfigure(b.config().toBuilder()
                    .whenSaturated(SaturationPolicy.dropOldest())
                    .config());
            write("pools: { a: { size: 2 }, c: { size: 1 }, b: { size: 2, queue: { capacity: 0 } } }");

            AuditEntry entry = engine.reload();

            assertThat(entry.refusals())
                    .containsExactly("whenSaturated=dropOldest needs a queue to drop from: queueCapacity must be at"
                            + " least 1, was 0");
            assertThat(engine.pool("a").config().capacity()).isEqualTo(1);
            assertThat(b.config().capacity()).isEqualTo(1);
            assertThat(engine.config().pools()).containsOnlyKeys("a", "b");
            assertThatIllegalArgumentException().isThrownBy(() -> engine.pool("c"));

            b.reconfigure(b.config().toBuilder()
                    .whenSaturated(SaturationPolicy.await())
                    .config());
            assertThat(engine.reload().applied()).isTrue();
            assertThat(engine.pool("c").isShutdown()).isFalse();
        }
    }

    @Test
    void poolsComeAndGo() throws Exception {
        try (Engine engine = Engine.load(file, false)) {
            Pool images = engine.pool("images");
            CountDownLatch release = new CountDownLatch(1);
            AtomicBoolean done = new AtomicBoolean();
            images.execute(() -> {
                awaitQuietly(release);
                done.set(true);
            });
            write("pools: { audio: { size: 5 } }\nshutdown: { grace: 1m }\n");

            AuditEntry entry = engine.reload();

            assertThat(entry.changes()).containsExactly("audio added (size 5)", "images removed");
            assertThat(engine.pool("audio").submit(() -> 1).get()).isEqualTo(1);
            await().until(images::isShutdown);
            assertThat(engine.pool("images")).as("until it has ended").isSameAs(images);
            assertThat(done).isFalse();

            release.countDown();

            await().until(() -> !isThere(engine, "images"));
            assertThat(done).isTrue();
            engine.functionPool("images", 1, (Object _) -> {}); // the name is free
        }
    }

    /// In the order in which the one that is fed is tried first.
    @Test
    void aPoolThatIsRemovedWithWhatFeedsItEndsAfterIt() throws IOException {
        write("pools: { store: { size: 1 }, parse: { size: 1 } }\nshutdown: { grace: 1m }\n");
        try (Engine engine = Engine.load(file, false)) {
            Pool store = engine.pool("store");
            engine.registry().feeds("parse", "store");
            CountDownLatch release = new CountDownLatch(1);
            AtomicBoolean stored = new AtomicBoolean();
            engine.pool("parse").execute(() -> {
                awaitQuietly(release);
                store.execute(() -> stored.set(true));
            });
            write("shutdown: { grace: 1m }\n");

            assertThat(engine.reload().changes()).containsExactly("store removed", "parse removed");
            await().until(() -> engine.pool("parse").isShutdown());
            assertThat(store.isShutdown()).isFalse();
            release.countDown();

            await().until(() -> !isThere(engine, "parse") && !isThere(engine, "store"));
            assertThat(stored).isTrue();
        }
    }

    @Test
    void whenScalingIsRefusedForOnePoolTheOthersAreScaledAsBefore() throws IOException {
        String yaml = "pools:\n"
                + "  %s: { size: 1, scaling: { min: 1, max: MAX } }\n".repeat(3).formatted("a", "b", "c");
        write(yaml.replace("MAX", "9"));
        try (Engine engine = Engine.load(file, false)) {
            engine.pool("b").close();
            write(yaml.replace("MAX", "8"));

            assertThat(engine.reload().refusals()).containsExactly("b can't be scaled: it is shut down");
            assertThat(engine.autoscaler().pools()).contains("a", "c");
        }
    }

    /// Both wait for something that stays, and neither for the other for ever.
    @Test
    void poolsThatAreFedByOneThatStaysAreLeftOpen() throws IOException {
        write("pools: { parse: { size: 1 }, a: { size: 1 }, b: { size: 1 } }\nshutdown: { grace: 1m }\n");
        try (Engine engine = Engine.load(file, false)) {
            engine.registry().feeds("parse", "a");
            engine.registry().feeds("parse", "b");
            write("pools: { parse: { size: 1 } }\nshutdown: { grace: 1m }\n");
            assertThat(engine.reload().applied()).isTrue();

            write("pools: { parse: { size: 1 }, a: { size: 1 } }\nshutdown: { grace: 1m }\n");
            await().until(() ->
                    engine.reload().refusals().contains("a: the name is taken by a pool that isn't from the file"));
            assertThat(engine.pool("a").isShutdown()).isFalse();
        }
    }

    @Test
    void aPoolThatHasNotEndedWithinTheGraceIsInterrupted() throws IOException {
        write("pools: { images: { size: 1 } }\nshutdown: { grace: 10ms }\n");
        try (Engine engine = Engine.load(file, false)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            engine.pool("images").execute(() -> {
                started.countDown();
                Endless.awaitInterrupt();
                interrupted.countDown();
            });
            awaitQuietly(started);
            write("shutdown: { grace: 10ms }\n");
            engine.reload();

            awaitQuietly(interrupted);
            await().until(() -> !isThere(engine, "images"));
        }
    }

    @Test
    void aNameThatIsNotFreeYetIsTriedAgainWhenItIs() throws IOException {
        try (DefaultEngine engine = new DefaultEngine(file, true, NEVER_POLL)) {
            Pool before = engine.pool("images");
            CountDownLatch release = new CountDownLatch(1);
            before.execute(() -> awaitQuietly(release));
            replace("shutdown: { grace: 1m }\n");
            awaitEntries(engine, 1);
            await().until(before::isShutdown);
            replace(IMAGES.formatted(7));
            assertThat(awaitEntries(engine, 2).getLast().refusals())
                    .containsExactly("images: the name is taken by a pool that was removed and has not ended");

            release.countDown();

            assertThat(awaitEntries(engine, 3).getLast()).hasToString("file: images added (size 7)");
            assertThat(engine.pool("images")).isNotSameAs(before);
        }
    }

    @Test
    void aNameOfAFunctionPoolIsTaken() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            Pool crawl = engine.functionPool("crawl", 1, (Object _) -> {}).pool();
            write("pools: { images: { size: 1 }, crawl: { size: 2 } }");

            assertThat(engine.reload().refusals())
                    .containsExactly("crawl: the name is taken by a pool that isn't from the file");
            assertThat(engine.pool("crawl")).isSameAs(crawl);
            assertThat(engine.pool("images").config().capacity()).isEqualTo(200);
        }
    }

    @Test
    void aPoolThatItsUserClosedIsNoTrouble() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            engine.pool("images").close();
            write(IMAGES.formatted(3));
            assertThat(engine.reload().applied()).isTrue();
            assertThat(engine.pool("images").isTerminated()).isTrue();

            write("shutdown: { grace: 1m }\n");
            assertThat(engine.reload().changes()).containsExactly("images removed");
            await().until(() -> !isThere(engine, "images"));
        }
    }

    @Test
    void aTaskMayRemoveItsOwnPool() throws Exception {
        try (Engine engine = Engine.load(file, false)) {
            Pool images = engine.pool("images");
            write("shutdown: { grace: 1m }\n");

            assertThat(images.submit(engine::reload).get().applied()).isTrue();

            await().until(() -> !isThere(engine, "images"));
            assertThat(images.stats().completed()).isEqualTo(1);
        }
    }

    /// Whatever stands there: it is applied or it is refused, and what is in effect is what was applied last.
    @Test
    void garbageIsAppliedOrRefused() throws IOException {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String whole = """
                pool: { size: 7, max_blocking_tasks: 3 }
                pools:
                  images: { size: 12, queue: { capacity: 4 }, task_timeout: 30s }
                  audio: { size: 9, nonblocking: true }
                shutdown: { grace: 100ms }
                """;
        try (Engine engine = Engine.load(file, false)) {
            for (int i = 0; i < 300; i++) {
                StringBuilder text = new StringBuilder(whole);
                for (int n = random.nextInt(4); n > 0; n--) {
                    text.setCharAt(random.nextInt(text.length()), (char) (random.nextInt(95) + 32));
                }
                text.setLength(random.nextInt(4) == 0 ? random.nextInt(text.length()) : text.length());
                write(text.toString());
                EngineConfig before = engine.config();

                AuditEntry entry = engine.reload();

                String what = "seed " + seed + ", " + entry + " for\n" + text;
                if (!entry.applied()) {
                    assertThat(engine.config()).as(what).isEqualTo(before);
                }
                EngineConfig now = engine.config();
                assertThat(engine.pool().config().capacity())
                        .as(what)
                        .isEqualTo(now.pool().capacity());
                now.pools().forEach((name, config) -> {
                    assertThat(engine.pool(name).isShutdown()).as(what).isFalse();
                    assertThat(engine.pool(name).config().queueCapacity())
                            .as(what)
                            .isEqualTo(config.queueCapacity());
                });
            }
            assertThat(engine.audit()).as("seed " + seed).anyMatch(AuditEntry::applied);
        }
    }

    @Test
    void whatNobodyWatchesChangesWhenAsked() throws IOException {
        try (Engine engine = Engine.load(file, false)) {
            assertThat(engine.reload()).hasToString("reload(): nothing changed");
            write(IMAGES.formatted(2));

            AuditEntry entry = engine.reload();

            assertThat(entry).hasToString("reload(): images.size 200 → 2");
            assertThat(engine.audit()).hasSize(2).last().isSameAs(entry);
            write("x: 1");
            assertThat(engine.reload().refusals()).hasSize(1);
            assertThat(engine.reload().refusals()).as("asked twice, told twice").hasSize(1);
            assertThat(engine.audit()).hasSize(4);
        }
    }

    @Test
    void anEngineWithoutAFileHasNothingToReload() {
        try (Engine engine = Engine.create()) {
            assertThatIllegalStateException()
                    .isThrownBy(engine::reload)
                    .withMessage("the engine has no file to reload");
            assertThat(engine.audit()).isEmpty();
        }
    }

    @Test
    void aBadFileStartsNoWatcher() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "x: 1");

        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> Engine.load(bad));

        assertThat(threads("watch-bad.yaml")).isEmpty();
    }

    @Test
    void aClosedEngineReloadsNothingAndWatchesNoMore() throws IOException {
        Path own = Files.copy(file, folder.resolve("own.yaml"));
        Engine engine = Engine.load(own);
        assertThat(threads("watch-own.yaml")).hasSize(1);
        engine.close();
        Files.writeString(own, IMAGES.formatted(1));

        assertThat(engine.reload().refusals()).containsExactly("the engine is closed");

        assertThat(engine.config().pools().get("images").capacity()).isEqualTo(200);
        await().until(() -> threads("watch-own.yaml").isEmpty());
    }

    /// What is submitted meanwhile runs, once, and no more at once than may.
    @Test
    void aReloadWhileTasksRunLosesNothing() throws Exception {
        try (Engine engine = Engine.load(file, false)) {
            Pool images = engine.pool("images");
            LongAdder ran = new LongAdder();
            LongAdder submitted = new LongAdder();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                submitters.add(Thread.ofPlatform().start(() -> {
                    while (!stop.get()) {
                        images.execute(ran::increment);
                        submitted.increment();
                    }
                }));
            }
            for (int i = 0; i < 60; i++) {
                write("pools: { images: { size: " + (1 + i % 7) + ", queue: { capacity: " + (i % 3) + " } }, p" + i
                        + ": { size: 1 } }");
                assertThat(engine.reload().applied()).isTrue();
            }
            stop.set(true);
            for (Thread submitter : submitters) {
                submitter.join();
            }
            images.awaitIdle();
            assertThat(ran.sum()).isEqualTo(submitted.sum());
            PoolStats stats = images.stats();
            assertThat(stats.completed()).isEqualTo(stats.submitted()).isEqualTo(submitted.sum());
            assertThat(images.config().capacity()).isEqualTo(1 + 59 % 7);
            await().until(() -> !isThere(engine, "p58"));
        }
    }

    @RepeatedTest(10)
    void noPoolSlipsThroughACloseInTheMiddleOfReloads() throws Exception {
        Engine engine = Engine.load(file, true);
        CountDownLatch some = new CountDownLatch(3);
        List<Pool> seen = new ArrayList<>();
        Thread reloader = Thread.ofPlatform().start(() -> {
            for (int i = 0; some.getCount() > 0 || engine.audit().getLast().applied(); i++) {
                String name = "p" + i;
                try {
                    replace("pools: { images: { size: 5 }, " + name + ": { size: 1 } }");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
                engine.reload();
                if (isThere(engine, name)) {
                    seen.add(engine.pool(name));
                }
                some.countDown();
            }
        });
        some.await();

        engine.close();

        reloader.join();
        assertThat(seen).isNotEmpty().allMatch(Pool::isTerminated);
        assertThat(engine.audit().getLast().refusals()).hasSize(1);
    }

    private static boolean isThere(Engine engine, String name) {
        try {
            return engine.pool(name) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<AuditEntry> awaitEntries(Engine engine, int count) {
        await().until(() -> engine.audit().size() >= count);
        assertThat(engine.audit()).hasSize(count);
        return engine.audit();
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
    }

    /// Writes over a text of the same length, so that nobody ever sees the file empty.
    private static void rewrite(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    private void replace(String text) throws IOException {
        Path other = Files.writeString(folder.resolve("config.yaml.new"), text);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void swapData(Path mount, String version, String text) throws IOException {
        Files.createDirectory(mount.resolve(version));
        Files.writeString(mount.resolve(version).resolve("config.yaml"), text);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<Thread> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .toList();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
