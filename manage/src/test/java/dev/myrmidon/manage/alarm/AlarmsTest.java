package dev.myrmidon.manage.alarm;

import static dev.myrmidon.manage.alarm.AlarmEvent.Kind.RAISED;
import static dev.myrmidon.manage.alarm.AlarmEvent.Kind.REMINDER;
import static dev.myrmidon.manage.alarm.AlarmEvent.Kind.RESOLVED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmsTest {
    private static final AlarmLevels AT_ONCE = AlarmLevels.at(0.9).quiet(Duration.ZERO);
    private static final List<AlarmRule> USAGE =
            List.of(AlarmRule.onPools("usage", AlarmUnit.SHARE, AT_ONCE, PoolSample::usage));

    private final List<Alarms> opened = new ArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final AtomicLong clock = new AtomicLong();
    private final Told told = new Told();
    private final Samples orders = new Samples("orders");

    private Alarms alarms(List<AlarmRule> rules, Notifier... notifiers) {
        Alarms alarms = new Alarms(rules, List.of(notifiers), name -> Optional.empty(), clock::get);
        opened.add(alarms);
        return alarms;
    }

    @AfterEach
    void close() {
        never.countDown();
        opened.forEach(Alarms::close);
    }

    @Test
    void tellsWithTheVerySample() {
        Alarms alarms = alarms(USAGE, told);
        PoolSample calm = orders.running(5);
        PoolSample full = orders.running(10);
        PoolSample over = orders.running(1);
        alarms.onSample(calm);
        alarms.onSample(full);
        alarms.onSample(over);

        told.awaitKinds(RAISED, RESOLVED);
        assertThat(told.events.getFirst().sample()).isSameAs(full);
        assertThat(told.events.getLast().sample()).isSameAs(over);
        assertThat(alarms.recent()).isEqualTo(told.events);
        assertThat(told.events.getFirst().message())
                .isEqualTo("usage of pool orders raised: 100% (at least 90%): running=10/10 queued=0/20 waiting=0"
                        + " overdue=0; in 1s submitted=0 rejected=0 ended=0 failed=0 timed out=0");
        assertThat(told.events.getLast().message())
                .startsWith("usage of pool orders resolved: 10% (below 81%): running=1/10");
    }

    @Test
    void timeIsThatOfTheSamples() {
        AlarmLevels levels = AT_ONCE.sustained(Duration.ofSeconds(30)).quiet(Duration.ofMinutes(5));
        Alarms alarms = alarms(List.of(AlarmRule.onPools("usage", AlarmUnit.SHARE, levels, PoolSample::usage)), told);
        alarms.onSample(orders.running(0));
        for (int i = 0; i < 30; i++) {
            alarms.onSample(orders.running(10));
        }
        assertThat(alarms.active()).isEmpty();
        alarms.onSample(orders.running(10));
        assertThat(alarms.active()).hasSize(1);
        Instant since = Samples.START.plusSeconds(2);
        assertThat(alarms.active().getFirst().since()).isEqualTo(since);
        assertThat(alarms.active().getFirst().message()).contains("(at least 90% for 30s)");

        alarms.onSample(orders.running(Duration.ofMinutes(5), 10));
        told.awaitKinds(RAISED, REMINDER);
        assertThat(told.events.getLast().since()).isEqualTo(since);
        assertThat(told.events.getLast().message())
                .startsWith("usage of pool orders still up since 2026-01-01T00:00:02Z: 100%");
    }

    @Test
    void poolsAreApart() {
        Samples mails = new Samples("mails");
        Alarms alarms = alarms(USAGE, told);
        alarms.onSample(orders.running(10));
        alarms.onSample(mails.running(1));
        alarms.onSample(mails.running(10));
        assertThat(alarms.active())
                .extracting(event -> event.pool().orElseThrow())
                .containsExactly("orders", "mails");
        alarms.onSample(orders.running(0));
        assertThat(alarms.active())
                .extracting(event -> event.pool().orElseThrow())
                .containsExactly("mails");
    }

    @Test
    void aPoolThatIsCalledJvmIsNotTheJvm() {
        AlarmRule threads = AlarmRule.onJvm("threads", AlarmUnit.COUNT, AT_ONCE, jvm -> jvm.platformThreads());
        Alarms alarms = alarms(List.of(USAGE.getFirst(), threads));
        alarms.onSample(new Samples("jvm").running(10));
        alarms.onSample(Samples.threads(Duration.ofSeconds(1), 5));
        assertThat(alarms.active()).extracting(AlarmEvent::pool).containsExactly(Optional.of("jvm"), Optional.empty());
        assertThat(alarms.active().getLast().message())
                .startsWith("threads of the JVM raised: 5 (at least 0.9): heap=");
    }

    @Test
    void whatIsHeldIsUpButNotTold() {
        AlarmLevels levels = AT_ONCE.quiet(Duration.ofSeconds(10));
        Alarms alarms = alarms(List.of(AlarmRule.onPools("usage", AlarmUnit.SHARE, levels, PoolSample::usage)), told);
        for (int running : new int[] {10, 0, 10, 0, 10}) {
            alarms.onSample(orders.running(running));
        }
        assertThat(alarms.active()).hasSize(1);
        assertThat(alarms.recent()).hasSize(2);
        alarms.onSample(orders.running(Duration.ofSeconds(10), 10));
        told.awaitKinds(RAISED, RESOLVED, RAISED);
        assertThat(told.events.getLast().untold()).isEqualTo(1);
        assertThat(told.events.getLast().message()).contains("came and went 1 time more");
    }

    @Test
    void aPoolThatGoesHasItsAlarmsResolvedFirst() {
        Alarms alarms = alarms(USAGE, told);
        alarms.onSample(orders.running(10));
        alarms.onGone("orders");
        alarms.onGone("orders");
        alarms.onGone("unknown");
        told.awaitKinds(RAISED, RESOLVED);
        assertThat(told.events.getLast().gone()).isTrue();
        assertThat(told.events.getLast().message())
                .startsWith("usage of pool orders ends with its pool, last 100%: running=");
        assertThat(alarms.active()).isEmpty();

        alarms.onSample(orders.running(10));
        told.awaitKinds(RAISED, RESOLVED, RAISED);
    }

    /// The second rule is looked at after the first one has raised its alarm.
    @Test
    void aPoolThatGoesWhileItsFirstSampleIsLookedAtHasItsAlarmsEndedToo() {
        AtomicReference<Alarms> made = new AtomicReference<>();
        AlarmRule goes = AlarmRule.onPools("goes", AlarmUnit.COUNT, AT_ONCE, sample -> {
            made.get().onGone(sample.pool());
            return 1;
        });
        made.set(alarms(List.of(USAGE.getFirst(), goes), told));
        made.get().onSample(orders.running(10));
        told.awaitKinds(RAISED, RESOLVED);
        assertThat(made.get().active()).isEmpty();
    }

    @Test
    void whatWasHeldGoesWithItsPoolInSilence() {
        AlarmLevels levels = AT_ONCE.quiet(Duration.ofHours(1));
        Alarms alarms = alarms(List.of(AlarmRule.onPools("usage", AlarmUnit.SHARE, levels, PoolSample::usage)), told);
        for (int running : new int[] {10, 0, 10}) {
            alarms.onSample(orders.running(running));
        }
        alarms.onGone("orders");
        assertThat(alarms.recent()).hasSize(2);
        assertThat(alarms.active()).isEmpty();
    }

    @Test
    void keepsTheLastEventsOnly() {
        Alarms alarms = alarms(USAGE);
        for (int i = 0; i < 200; i++) {
            alarms.onSample(orders.running(i % 2 == 0 ? 10 : 0));
        }
        assertThat(alarms.recent()).hasSize(Alarms.RECENT);
        assertThat(alarms.recent().getLast().sample().at()).isEqualTo(Samples.START.plusSeconds(200));
    }

    @Test
    void namesOfRulesMustDiffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> alarms(List.of(USAGE.getFirst(), USAGE.getFirst())))
                .withMessage("names of alarms must differ, \"usage\" came twice");
    }

    @Test
    void aRuleThatThrowsIsLoggedOnceAndHarmsNoOther() {
        AlarmRule broken = AlarmRule.onPools("broken", AlarmUnit.COUNT, AT_ONCE, sample -> {
            throw new StackOverflowError("of the user's");
        });
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = alarms(List.of(broken, USAGE.getFirst()), told);
            for (int i = 0; i < 5; i++) {
                alarms.onSample(orders.running(10));
            }
            told.awaitKinds(RAISED);
            assertThat(log.lines()).containsExactly("rule broken failed, and will not be logged again");
        }
    }

    @Test
    void aTaskThatHangsIsToldWithItsStackWhileItHangs() throws Exception {
        Pool pool = Pool.builder("slow").capacity(3).build();
        AlarmLevels levels = AlarmType.OVERDUE.at(1);
        Alarms alarms = new Alarms(
                AlarmsConfig.NONE
                        .with(AlarmType.OVERDUE, levels)
                        .with(AlarmType.TASK_AGE, AlarmType.TASK_AGE.at(1e-6))
                        .rules(),
                List.of(told),
                name -> name.equals("slow") ? Optional.of(pool) : Optional.empty());
        opened.add(alarms);
        try (pool;
                AutoCloseable _ = never::countDown) {
            var _ = pool.submit(
                    () -> hangUntil(never), TaskOptions.named("fetch\nquotes").timeout(Duration.ofMillis(20)));
            await().until(() -> pool.stats().overdue() == 1
                    && pool.running().getFirst().stack().stream().anyMatch(AlarmsTest::isHanging));
            var _ = pool.submit(() -> never.await(1, TimeUnit.DAYS), TaskOptions.named("patient"));
            await().until(() -> pool.running().stream()
                            .filter(task -> task.elapsed().isPresent())
                            .count()
                    == 2);
            PoolStats before = pool.stats();
            alarms.onSample(new PoolSample(
                    Instant.now(), Duration.ofSeconds(1), pool.stats(), before, Optional.empty(), Optional.empty()));

            told.awaitKinds(RAISED, RAISED);
            AlarmEvent overdue = told.events.getFirst();
            assertThat(overdue.alarm()).isEqualTo("overdue");
            assertThat(overdue.tasks()).hasSize(1);
            LateTask task = overdue.tasks().getFirst();
            assertThat(task.name()).isEqualTo("fetch\nquotes");
            assertThat(task.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
            assertThat(task.stack()).anyMatch(AlarmsTest::isHanging);
            assertThat(overdue.details()).contains("fetch quotes has run for ").contains("AlarmsTest.hangUntil(");
            AlarmEvent old = told.events.getLast();
            assertThat(old.alarm()).isEqualTo("task_age");
            assertThat(old.tasks()).extracting(LateTask::name).containsExactly("fetch\nquotes", "patient");
            never.countDown();
            await().until(() -> pool.stats().overdue() == 0 && pool.stats().running() == 0);
            alarms.onSample(new PoolSample(
                    Instant.now(), Duration.ofSeconds(1), pool.stats(), before, Optional.empty(), Optional.empty()));
            told.awaitKinds(RAISED, RAISED, RESOLVED, RESOLVED);
            assertThat(told.events.getLast().tasks()).isEmpty();
        }
    }

    private static boolean isHanging(StackTraceElement call) {
        return call.getMethodName().equals("hangUntil");
    }

    /// Doesn't heed interrupts.
    private static boolean hangUntil(CountDownLatch deaf) {
        while (deaf.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
        return true;
    }

    @Test
    void ofManyTasksTheOldestAreTold() {
        CountDownLatch go = new CountDownLatch(1);
        try (Pool pool = Pool.builder("many").capacity(50).build()) {
            Alarms alarms = new Alarms(
                    AlarmsConfig.NONE.with(AlarmType.TASK_AGE, 1e-6).rules(), List.of(), name -> Optional.of(pool));
            opened.add(alarms);
            for (int i = 0; i < 50; i++) {
                var _ = pool.submit(() -> go.await(1, TimeUnit.DAYS), TaskOptions.named("task " + i));
            }
            await().until(() -> pool.running().stream()
                            .filter(task -> task.elapsed().isPresent())
                            .count()
                    == 50);
            PoolStats now = pool.stats();
            alarms.onSample(
                    new PoolSample(Instant.now(), Duration.ofSeconds(1), now, now, Optional.empty(), Optional.empty()));
            List<LateTask> tasks = alarms.active().getFirst().tasks();
            assertThat(tasks).hasSize(AlarmEvent.MAX_TASKS);
            assertThat(tasks).extracting(LateTask::elapsed).isSortedAccordingTo((a, b) -> b.compareTo(a));
            go.countDown();
        }
    }

    @Test
    void aLookUpThatThrowsLeavesTheEventWithoutTasks() {
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = new Alarms(
                    List.of(new OnPools(
                            "usage", AlarmUnit.SHARE, AT_ONCE, () -> (s, running) -> s.usage(), task -> true)),
                    List.of(told),
                    name -> {
                        throw new IllegalStateException("no registry");
                    });
            opened.add(alarms);
            alarms.onSample(orders.running(10));
            told.awaitKinds(RAISED);
            assertThat(log.lines()).containsExactly("the tasks of pool orders could not be read");
        }
    }

    @Test
    void aNotifierThatHangsHarmsNobodyAndIsLoggedOnce() {
        CountDownLatch hanging = new CountDownLatch(1);
        Notifier hangs = event -> {
            hanging.countDown();
            hangUntil(never);
        };
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = alarms(USAGE, hangs, told);
            alarms.onSample(orders.running(10));
            await().until(() -> hanging.getCount() == 0);
            told.awaitRest(); // or it would seem to hang, too
            clock.addAndGet(Delivery.PATIENCE.toNanos());
            for (int batch = 1; batch <= 5; batch++) { // each fits into the queue of the one that works
                for (int i = 0; i < 50; i++) {
                    alarms.onSample(orders.running(i % 2 == 0 ? 0 : 10));
                }
                int expected = 1 + 50 * batch;
                await().until(() -> told.events.size() == expected);
            }
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst())
                    .startsWith("notifier " + hangs.getClass().getName())
                    .endsWith("it hangs");

            long start = System.nanoTime();
            alarms.close();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void aNotifierThatIsTooSlowLosesTheOldestAndSaysSoOnce() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Told slow = new Told();
        Notifier waits = event -> {
            go.await();
            slow.send(event);
        };
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = alarms(USAGE, waits);
            for (int i = 0; i < 500; i++) {
                alarms.onSample(orders.running(i % 2 == 0 ? 10 : 0));
            }
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().getFirst()).endsWith("there was no room for more");
            go.countDown();
            // The one that was under way, if the thread had started by then, and those in the queue.
            await().until(() ->
                    slow.events.size() >= Delivery.CAPACITY && log.lines().size() == 2);
            await().untilAsserted(() ->
                    assertThat(slow.events.getLast()).isEqualTo(alarms.recent().getLast()));
            assertThat(log.lines().getLast()).contains("works again; it lost ");
        }
    }

    @Test
    void aNotifierThatThrowsIsLoggedOnceUntilItWorksAgain() {
        AtomicInteger calls = new AtomicInteger();
        Notifier moody = new Notifier() {
            @Override
            public void send(AlarmEvent event) {
                if (calls.incrementAndGet() <= 3) {
                    throw new AssertionError("out of order") {
                        @Override
                        public String getMessage() {
                            throw new IllegalStateException("not even a message");
                        }
                    };
                }
                Thread.currentThread().interrupt(); // leaves a mess
            }

            @Override
            public String name() {
                return "moody";
            }
        };
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = alarms(USAGE, moody, told);
            for (int i = 0; i < 6; i++) {
                alarms.onSample(orders.running(i % 2 == 0 ? 10 : 0));
            }
            await().until(() -> calls.get() == 6 && told.events.size() == 6);
            log.awaitLines(2);
            assertThat(log.lines().getFirst()).startsWith("notifier moody does not deliver alarms");
            assertThat(log.lines().getLast()).isEqualTo("notifier moody works again; it lost 3 alarms");
        }
    }

    @Test
    void closeDeliversWhatIsThereAndClosesNotifiers() {
        CountDownLatch closed = new CountDownLatch(1);
        Notifier slow = new Notifier() {
            @Override
            public void send(AlarmEvent event) throws Exception {
                TimeUnit.MILLISECONDS.sleep(1);
                told.send(event);
            }

            @Override
            public void close() {
                closed.countDown();
                throw new IllegalStateException("of the user's");
            }
        };
        try (Told.Log log = new Told.Log("dev.myrmidon.manage")) {
            Alarms alarms = alarms(USAGE, slow);
            for (int i = 0; i < 20; i++) {
                alarms.onSample(orders.running(i % 2 == 0 ? 10 : 0));
            }
            alarms.close();
            assertThat(told.events).hasSize(20);
            await().until(() -> closed.getCount() == 0);
            log.awaitLines(1);

            alarms.onSample(orders.running(10));
            alarms.onSample(Samples.heap(Duration.ofSeconds(1), 1));
            alarms.onGone("orders");
            alarms.close();
            assertThat(alarms.recent()).hasSize(20);
        }
    }

    @Test
    void anInterruptEndsTheWaitOfClose() {
        Alarms alarms = alarms(USAGE, event -> hangUntil(never));
        alarms.onSample(orders.running(10));
        Thread.currentThread().interrupt();
        alarms.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theLogHasAWarningAndAnInformation() {
        try (Told.Log log = new Told.Log("dev.myrmidon.alarms")) {
            Alarms alarms = alarms(USAGE, new LogNotifier());
            alarms.onSample(new Samples("or\nders").running(10));
            alarms.onGone("or\nders");
            log.awaitLines(2);
            assertThat(log.records).extracting(record -> record.getLevel()).containsExactly(Level.WARNING, Level.INFO);
            assertThat(log.lines()).allMatch(line -> line.startsWith("usage of pool or ders "));
        }
    }

    /// Forgets a pool again and again while samples of it come in.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eventsAlternateWhileThePoolComesAndGoes(long seed) throws InterruptedException {
        Alarms alarms = alarms(USAGE, told);
        Random random = new Random(seed);
        Thread forgetter = Thread.ofPlatform().start(() -> {
            while (!Thread.interrupted()) {
                alarms.onGone("orders");
                Thread.onSpinWait();
            }
        });
        List<AlarmEvent> events = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            alarms.onSample(orders.running(random.nextInt(3) == 0 ? 0 : 10));
        }
        forgetter.interrupt();
        forgetter.join();
        alarms.onGone("orders");
        events.addAll(alarms.recent());
        AlarmEvent.Kind last = events.getFirst().kind() == RAISED ? RESOLVED : RAISED;
        for (AlarmEvent event : events) {
            assertThat(event.kind()).as("seed %d", seed).isNotEqualTo(last);
            last = event.kind();
        }
        assertThat(last).as("seed %d", seed).isEqualTo(RESOLVED);
        assertThat(alarms.active()).isEmpty();
    }

    /// Two million refusals, and a sample of each thousand.
    @Test
    void refusalsLeaveNothingBehind() {
        CountDownLatch go = new CountDownLatch(1);
        AlarmsConfig config = AlarmsConfig.NONE;
        for (AlarmType type : AlarmType.values()) {
            config = config.with(type, type.at(1));
        }
        try (Pool pool = Pool.builder("full").capacity(1).nonblocking().build()) {
            Alarms alarms = new Alarms(config.rules(), List.of(told), name -> Optional.of(pool));
            opened.add(alarms);
            pool.execute(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            PoolStats before = refuse(pool, alarms, pool.stats(), 500);
            long used = usedHeap();
            refuse(pool, alarms, before, 2_000);
            assertThat(pool.stats().rejected()).isEqualTo(2_500_000);
            assertThat(usedHeap() - used).isLessThan(4L << 20);
            assertThat(alarms.active()).extracting(AlarmEvent::alarm).contains("rejections");
            go.countDown();
        }
    }

    private static PoolStats refuse(Pool pool, Alarms alarms, PoolStats stats, int samples) {
        PoolStats before = stats;
        for (int sample = 0; sample < samples; sample++) {
            for (int i = 0; i < 1_000; i++) {
                if (pool.tryExecute(() -> {})) {
                    throw new AssertionError("there was room");
                }
            }
            PoolStats now = pool.stats();
            alarms.onSample(new PoolSample(
                    Instant.now(), Duration.ofSeconds(1), now, before, Optional.empty(), Optional.empty()));
            before = now;
        }
        return before;
    }

    /// The least of several readings, since what other threads do between a collection and a look counts too.
    private static long usedHeap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
