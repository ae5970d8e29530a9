package dev.myrmidon.stress;

import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Measures how a flooded pool treats the other virtual threads of the JVM: four submitters flood it with
/// tasks that spin for 1 to 100 µs, while some virtual threads tick every 10 ms and fresh ones are started.
public final class Fairness {
    /// How many submitters flood the pool.
    static final int SUBMITTERS = 4;
    private static final int CAPACITY = 64;
    private static final int TICKERS = 20;
    private static final long TICK_NANOS = 10_000_000;
    /// So many of each are seen at least, however long that takes: a machine that stalls makes all late
    /// that are under way then, which must be a few of many.
    private static final int LEAST = 400;

    private Fairness() {}

    /// What was seen.
    ///
    /// @param ticks by how much each tick was late, in ns, sorted
    /// @param starts how long each fresh virtual thread took to begin, in ns, sorted
    /// @param tasksInTick how many tasks of the pool began from one tick to the next, sorted
    /// @param tasksInStart how many tasks of the pool began before a fresh virtual thread did, sorted
    /// @param tasks how many tasks the pool ended meanwhile
    public record Figures(
            List<Long> ticks, List<Long> starts, List<Long> tasksInTick, List<Long> tasksInStart, long tasks) {
        /// The lateness that so many percent of the ticks kept, in ns.
        public long ticksWithin(double percent) {
            return at(ticks, percent);
        }

        /// The time in which so many percent of the fresh threads began, in ns.
        public long startsWithin(double percent) {
            return at(starts, percent);
        }

        /// As many tasks of the pool as began in one of half of the ticks, at most.
        public long usualTasksInTick() {
            return at(tasksInTick, 50);
        }

        /// As many tasks of the pool as began before one of half of the fresh threads, at most.
        public long usualTasksInStart() {
            return at(tasksInStart, 50);
        }

        private static long at(List<Long> sorted, double percent) {
            return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(sorted.size() * percent / 100)));
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%,d tasks, usually %,d in a tick and %,d before a fresh thread; %,d ticks late by p50 %.2f p99 %.2f"
                            + " max %.2f ms; %,d fresh threads began after p50 %.2f p99 %.2f max %.2f ms",
                    tasks,
                    usualTasksInTick(),
                    usualTasksInStart(),
                    ticks.size(),
                    ticksWithin(50) / 1e6,
                    ticksWithin(99) / 1e6,
                    ticksWithin(100) / 1e6,
                    starts.size(),
                    startsWithin(50) / 1e6,
                    startsWithin(99) / 1e6,
                    startsWithin(100) / 1e6);
        }
    }

    /// Takes `duration=10s`, in ISO-8601 without the `PT`, and `capacity=64`. Prints the figures without a
    /// flood, too: what is late then is the machine's doing.
    public static void main(String... args) throws InterruptedException {
        Duration duration = Duration.ofSeconds(10);
        int capacity = CAPACITY;
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, Math.max(0, arg.indexOf('=')))) {
                case "duration" -> duration = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
                case "capacity" -> capacity = Integer.parseInt(value);
                default -> {
                    System.err.println("usage: Fairness [duration=10s] [capacity=64], was given " + arg);
                    System.exit(2);
                }
            }
        }
        System.out.println("no flood:            " + measure(duration, capacity, 0, Thread.ofPlatform()));
        System.out.println("platform submitters: " + measure(duration, capacity, SUBMITTERS, Thread.ofPlatform()));
        System.out.println("virtual submitters:  " + measure(duration, capacity, SUBMITTERS, Thread.ofVirtual()));
    }

    /// Measures for so long.
    ///
    /// @param capacity the pool's
    /// @param flood how many submitters flood it
    public static Figures measure(Duration duration, int capacity, int flood, Thread.Builder submitters)
            throws InterruptedException {
        spin(1); // the class is initialized before workers race for it
        ConcurrentLinkedQueue<Long> ticks = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Long> starts = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Long> tasksInTick = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Long> tasksInStart = new ConcurrentLinkedQueue<>();
        AtomicLong begun = new AtomicLong();
        AtomicBoolean done = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        try (Pool pool =
                Pool.builder("flooded").capacity(capacity).expiry(Pool.NEVER).build()) {
            for (int i = 0; i < flood; i++) {
                Random random = new Random(i);
                threads.add(submitters.start(() -> {
                    while (!done.get()) {
                        int nanos = 1_000 + random.nextInt(99_000);
                        pool.execute(() -> {
                            begun.incrementAndGet();
                            spin(nanos);
                        });
                    }
                }));
            }
            for (int i = 0; i < TICKERS; i++) {
                threads.add(Thread.startVirtualThread(() -> tick(done, ticks, begun, tasksInTick)));
            }
            long end = System.nanoTime() + duration.toNanos();
            for (int i = 0; i < LEAST || tasksInTick.size() < LEAST || System.nanoTime() < end; i++) {
                long before = System.nanoTime();
                long begunBefore = begun.get();
                Thread fresh = Thread.ofVirtual().unstarted(() -> {
                    starts.add(System.nanoTime() - before);
                    tasksInStart.add(begun.get() - begunBefore);
                });
                fresh.start();
                fresh.join();
                LockSupport.parkNanos(2_000_000);
            }
            done.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
            return new Figures(
                    ticks.stream().sorted().toList(),
                    starts.stream().sorted().toList(),
                    tasksInTick.stream().sorted().toList(),
                    tasksInStart.stream().sorted().toList(),
                    pool.stats().completed());
        }
    }

    private static void tick(
            AtomicBoolean done,
            ConcurrentLinkedQueue<Long> late,
            AtomicLong begun,
            ConcurrentLinkedQueue<Long> tasksInTick) {
        try {
            while (!done.get()) {
                long before = System.nanoTime();
                long begunBefore = begun.get();
                TimeUnit.NANOSECONDS.sleep(TICK_NANOS);
                late.add(System.nanoTime() - before - TICK_NANOS);
                tasksInTick.add(begun.get() - begunBefore);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
    }

    private static void spin(int nanos) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            Thread.onSpinWait();
        }
    }
}
