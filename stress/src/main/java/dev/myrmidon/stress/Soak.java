package dev.myrmidon.stress;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs random pools under random load for as long as it is told, and checks all the while what a pool
/// promises.
///
/// A run is a row of rounds, each with a seed of its own, from which everything is drawn that is drawn: the
/// configuration, the bodies, the resizes, how the pool is closed. A round opens a pool, lets submitters
/// loose on it a few times and lets it become quiet in between, closes it in the midst of the last time, and
/// does the same to its successor, opened with the configuration of the closed one.
///
/// **Held all the time**: no more bodies run than the bound in force allows; what starts in the very moment
/// of a shrink can't be seen from inside a body, and is left to the races. Tasks of one key run one at a
/// time, in the order of their submission. **At each quiet point and after
/// each close**: the books balance, and they count as many submissions as were made. **After each close**:
/// every future is done, and the pool ends. **At the end**: the heap and the threads are what they were.
/// **Nothing hangs**: a watchdog says what stands still, with a dump of every thread.
public final class Soak {
    private static final int SUBMITTERS = 6;
    private static final Duration HANG = Duration.ofSeconds(60);
    private static final String POOL_NAME = "soak";

    /// How much the heap after a collection may grow over the run, beyond half of what it was.
    private static final long HEAP_SLACK = 24L << 20;

    private static final AtomicLong progress = new AtomicLong();
    private static final AtomicReference<@Nullable Round> current = new AtomicReference<>();

    private Soak() {}

    /// Takes `seed=number`, a random one unless given, and `duration=30s`, in ISO-8601 without the `PT`.
    public static void main(String... args) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        Duration duration = Duration.ofSeconds(30);
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, Math.max(0, arg.indexOf('=')))) {
                case "seed" -> seed = Long.parseLong(value);
                case "duration" -> duration = Duration.parse("PT" + value.toUpperCase(Locale.ROOT));
                default -> {
                    System.err.println("usage: Soak [seed=number] [duration=30s], was given " + arg);
                    System.exit(2);
                }
            }
        }
        System.out.println("soak: seed=" + seed + " duration=" + duration);
        Thread.ofPlatform().daemon().name("watchdog").start(Soak::watch);
        try {
            run(seed, duration);
        } catch (Throwable failure) {
            fail(failure);
        }
    }

    private static void run(long firstSeed, Duration duration) throws Exception {
        long start = System.nanoTime();
        long warm = start + duration.toNanos() / 4;
        long end = start + duration.toNanos();
        long seed = firstSeed;
        long submitted = 0;
        long checked = 0;
        long heapBefore = 0;
        int threadsBefore = 0;
        do {
            Round round = new Round(seed++);
            current.set(round);
            round.run();
            submitted += round.submitted;
            checked += round.checked.sum();
            if (heapBefore == 0 && System.nanoTime() >= warm) {
                heapBefore = Leaks.heap();
                threadsBefore = Leaks.threads();
            }
        } while (System.nanoTime() < end || heapBefore == 0);
        current.set(null);
        Leaks.requireNoThread(POOL_NAME); // before a look at the heap, which has what threads hold
        long heapAfter = Leaks.heap();
        int threadsAfter = Leaks.threadsLeft(threadsBefore + 2);
        System.out.printf(
                "%d rounds (seeds %d to %d), %,d submissions, %,d starts checked against the cap%n",
                seed - firstSeed, firstSeed, seed - 1, submitted, checked);
        System.out.printf(
                "heap %d -> %d MB, threads %d -> %d%n", heapBefore >> 20, heapAfter >> 20, threadsBefore, threadsAfter);
        require(checked > 0, "no start was checked against the cap");
        require(
                heapAfter <= heapBefore + heapBefore / 2 + HEAP_SLACK,
                "the heap grew from " + heapBefore + " to " + heapAfter + " bytes");
        require(threadsAfter <= threadsBefore + 2, "threads grew from " + threadsBefore + " to " + threadsAfter);
    }

    /// Lives as long as a run and says what stands still.
    private static void watch() {
        long last = -1;
        long since = System.nanoTime();
        for (; ; ) {
            LockSupport.parkNanos(200_000_000);
            long now = progress.get();
            if (now != last) {
                last = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > HANG.toNanos()) {
                fail(new AssertionError("nothing has happened for " + HANG));
            }
        }
    }

    /// Says what failed, where everything stood, and how to see it again; then ends the JVM.
    private static void fail(Throwable failure) {
        Round round = current.get();
        failure.printStackTrace();
        if (round != null) {
            Pool pool = round.pool;
            System.err.println("pool: " + (pool == null ? "none" : pool.config() + "\n" + pool.stats()));
            System.err.println("reproduce with: ./mvnw -pl stress -am verify -DskipTests -Dsoak.skip=false"
                    + " -Dsoak.args=\"seed=" + round.seed + " duration=60s\"");
        }
        try {
            System.err.println(Leaks.dump());
        } catch (IOException e) {
            System.err.println("no dump: " + e);
        }
        System.err.flush();
        Runtime.getRuntime().halt(1);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /// How many bodies may run from when this was put in force until it is no more. Each is one of a kind.
    private static final class Bound {
        static final Bound NONE = new Bound(Integer.MAX_VALUE);

        final int bodies;

        Bound(int bodies) {
            this.bodies = bodies;
        }
    }

    private static final class Round {
        final long seed;
        final LongAdder checked = new LongAdder();
        long submitted;
        volatile @Nullable Pool pool;

        private final Random random;
        private final AtomicReference<@Nullable String> fault = new AtomicReference<>();
        private final AtomicReference<Bound> inForce = new AtomicReference<>(Bound.NONE);
        private final AtomicInteger running = new AtomicInteger();
        private final Set<Thread> inside = ConcurrentHashMap.newKeySet();
        private final LongAdder calls = new LongAdder();
        private final LongAdder started = new LongAdder();

        Round(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() throws Exception {
            PoolConfig config = configuration();
            Pool first = Pool.open(config);
            live(first, config);
            PoolConfig again = first.config();
            live(Pool.open(again), again);
        }

        private PoolConfig configuration() {
            int capacity = random.nextInt(8) == 0 ? Pool.UNBOUNDED : 1 + random.nextInt(random.nextBoolean() ? 4 : 64);
            int queue = random.nextInt(3) == 0 ? 0 : random.nextInt(4) == 0 ? Pool.UNBOUNDED : 1 + random.nextInt(40);
            PoolBuilder builder = Pool.builder(POOL_NAME)
                    .capacity(capacity)
                    .queueCapacity(queue)
                    .preallocate(capacity != Pool.UNBOUNDED && random.nextInt(4) == 0)
                    .timed(random.nextInt(4) == 0)
                    .expiry(
                            switch (random.nextInt(3)) {
                                case 0 -> Duration.ofNanos(1 + random.nextInt(1_000_000));
                                case 1 -> Duration.ofSeconds(10);
                                default -> Pool.NEVER;
                            })
                    .onFailure((_, _) -> {});
            if (random.nextInt(4) == 0) {
                builder.maxBlockingTasks(1 + random.nextInt(6));
            }
            boolean byPriority = random.nextInt(4) == 0;
            if (byPriority) {
                builder.queueOrder(QueueOrder.priority(random.nextBoolean() ? Pool.NEVER : Duration.ofNanos(10_000)));
            }
            boolean isolated = random.nextInt(8) == 0;
            builder.isolated(isolated);
            if (random.nextInt(6) == 0) {
                builder.taskTimeout(Duration.ofNanos(1 + nanos(500_000)));
            }
            if (random.nextInt(6) == 0) {
                builder.startWithin(Duration.ofNanos(1 + nanos(500_000)));
            }
            if (random.nextInt(4) == 0) {
                builder.decorator(task -> task).listener(event -> Objects.requireNonNull(event.pool()));
            }
            switch (random.nextInt(8)) {
                case 0 -> builder.nonblocking();
                case 1 -> {
                    if (!isolated) {
                        builder.whenSaturated(SaturationPolicy.callerRuns());
                    }
                }
                case 2 -> builder.whenSaturated(SaturationPolicy.awaitAtMost(Duration.ofNanos(1 + nanos(200_000))));
                case 3 -> {
                    if (queue != 0) {
                        builder.whenSaturated(
                                byPriority ? SaturationPolicy.displaceLowest() : SaturationPolicy.dropOldest());
                    }
                }
                default -> {} // waits for room
            }
            return builder.config();
        }

        /// From when a pool is opened until it has ended.
        private void live(Pool opened, PoolConfig config) throws Exception {
            pool = opened;
            calls.reset();
            started.reset();
            boolean resizes = random.nextBoolean();
            int high = config.capacity();
            inForce.set(resizes || high == Pool.UNBOUNDED ? Bound.NONE : new Bound(high));
            int times = 1 + random.nextInt(3);
            for (int time = 1; time < times; time++) {
                List<Thread> submitters = startSubmitters(opened, random.nextInt(1_000));
                Thread resizer = startResizer(opened, resizes, high, submitters);
                join(submitters);
                resizer.join();
                checkQuiet(opened);
            }
            List<Thread> submitters = startSubmitters(opened, random.nextInt(2_000));
            Thread resizer = startResizer(opened, resizes, high, submitters);
            LockSupport.parkNanos(nanos(5_000_000));
            close(opened);
            require(opened.awaitTermination(HANG.toSeconds(), TimeUnit.SECONDS), "not ended");
            join(submitters);
            resizer.join();
            checkClosed(opened);
        }

        private void close(Pool opened) throws InterruptedException {
            switch (random.nextInt(6)) {
                case 0 -> opened.close();
                case 1 -> opened.close(Duration.ofNanos(nanos(2_000_000)));
                case 2 -> opened.close(Duration.ofSeconds(10));
                case 3 -> opened.shutdown();
                case 4 -> {
                    var _ = opened.shutdownNow();
                }
                default -> {
                    Thread.currentThread().interrupt();
                    opened.close(); // interrupts what runs, and keeps the interrupt
                    require(Thread.interrupted() || opened.isTerminated(), "the interrupt got lost");
                }
            }
        }

        private List<Thread> startSubmitters(Pool opened, int most) {
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                Thread.Builder builder = i % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
                Submitter submitter = new Submitter(opened, new Random(random.nextLong()), most);
                submitters.add(builder.name("submitter-" + i).start(submitter));
            }
            return submitters;
        }

        private void join(List<Thread> submitters) throws InterruptedException {
            for (Thread submitter : submitters) {
                submitter.join();
            }
            String seen = fault.get();
            require(seen == null, "" + seen);
        }

        /// Lets the capacity jump while the submitters are at it. A bound is put in force when no more
        /// slots are held than it allows: what ran before a shrink may run on. Now and then it pauses the
        /// pool, and gives it another queue and expiry.
        private Thread startResizer(Pool opened, boolean resizes, int high, List<Thread> submitters) {
            Random own = new Random(random.nextLong());
            return Thread.ofPlatform().name("resizer").start(() -> {
                while (resizes && submitters.stream().anyMatch(Thread::isAlive)) {
                    int low = 1 + own.nextInt(8);
                    opened.resize(low);
                    while (opened.stats().running() > low && submitters.stream().anyMatch(Thread::isAlive)) {
                        Thread.onSpinWait();
                    }
                    if (opened.stats().running() <= low) {
                        inForce.set(new Bound(low));
                        LockSupport.parkNanos(own.nextInt(500_000));
                        inForce.set(Bound.NONE);
                    }
                    if (own.nextInt(4) == 0) {
                        opened.pause();
                        LockSupport.parkNanos(own.nextInt(500_000));
                        opened.resume();
                    }
                    if (own.nextInt(4) == 0) {
                        opened.reconfigure(opened.config().toBuilder()
                                .queueCapacity(1 + own.nextInt(20))
                                .expiry(Duration.ofNanos(1 + own.nextInt(2_000_000)))
                                .config());
                    }
                    opened.resize(own.nextInt(9) == 0 ? Pool.UNBOUNDED : 8 + own.nextInt(20));
                    LockSupport.parkNanos(own.nextInt(100_000));
                }
                if (resizes) {
                    opened.resize(high);
                }
            });
        }

        /// Nobody submits: the pool becomes idle, and then its books are exact.
        private void checkQuiet(Pool opened) {
            while (!isIdle(opened.stats())) {
                LockSupport.parkNanos(50_000);
            }
            checkBooks(opened.stats());
            progress.incrementAndGet();
        }

        private static boolean isIdle(PoolStats s) {
            return s.running() == 0 && s.queued() == 0 && s.waiting() == 0;
        }

        private void checkClosed(Pool opened) {
            PoolStats s = opened.stats();
            require(isIdle(s) && s.workers() == 0 && s.idleWorkers() == 0, "something is left: " + s);
            require(s.state() == PoolStats.State.TERMINATED, "not terminated: " + s);
            checkBooks(s);
            require(running.get() == 0 && inside.isEmpty(), "bodies are left");
            submitted += s.submitted();
            progress.incrementAndGet();
        }

        private void checkBooks(PoolStats s) {
            long ended = s.completed() + s.failed() + s.cancelled();
            require(s.submitted() == s.rejected() + ended, "the books don't balance: " + s);
            require(s.submitted() == calls.sum(), calls.sum() + " submissions were made: " + s);
            long begun = started.sum();
            require(
                    begun >= s.completed() + s.failed() && begun <= ended,
                    begun + " bodies began, which is not what the books say: " + s);
        }

        private void fault(String what) {
            fault.compareAndSet(null, what);
        }

        /// A body, from a draw.
        private Runnable body(Pool opened, int draw, int nanos) {
            return () -> {
                started.increment();
                Thread thread = Thread.currentThread();
                // a nested body runs on its caller's slot, and one in the thread of its submitter on none
                boolean onSlot = thread.getName().startsWith(POOL_NAME) && inside.add(thread);
                if (onSlot) {
                    Bound bound = inForce.get();
                    int bodies = running.incrementAndGet();
                    if (bound != Bound.NONE && bound == inForce.get()) {
                        checked.increment();
                        if (bodies > bound.bodies) {
                            fault(bodies + " bodies ran, " + bound.bodies + " may");
                        }
                    }
                }
                try {
                    act(opened, draw, nanos);
                } finally {
                    if (onSlot) {
                        inside.remove(thread);
                        running.decrementAndGet();
                    }
                }
            };
        }

        @SuppressWarnings("ThreadPriorityCheck") // a body may well yield
        private void act(Pool opened, int draw, int nanos) {
            switch (draw) {
                case 0 -> throw new Error("thrown by a body");
                case 1 -> throw new IllegalStateException("thrown by a body");
                case 2 -> LockSupport.parkNanos(nanos);
                case 3 -> spin(nanos);
                case 4 -> Thread.yield();
                case 5 -> Thread.currentThread().interrupt();
                case 6 -> sleep(nanos * 10L);
                case 7 -> {
                    if (!opened.config().isolated()) { // where it would wait for its own slot
                        awaitNested(opened, nanos);
                    }
                }
                case 8 -> submit(opened, () -> opened.execute(body(opened, nanos % 7, nanos)));
                default -> {} // short
            }
        }

        private void awaitNested(Pool opened, int nanos) {
            submit(opened, () -> {
                Future<?> nested = opened.submit(body(opened, nanos % 10, nanos / 2));
                try {
                    nested.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException | CancellationException e) {
                    // as good an end as any
                }
            });
        }

        private void submit(Pool opened, Runnable call) {
            calls.increment();
            try {
                call.run();
            } catch (RejectedExecutionException e) {
                if (!opened.isShutdown() && e.getMessage() == null) {
                    fault("a refusal without a message");
                }
            }
        }

        private int nanos(int most) {
            return random.nextInt(most);
        }

        private static void spin(int nanos) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < nanos) {
                Thread.onSpinWait();
            }
        }

        private static void sleep(long nanos) {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /// Submits in every way there is, until it has done so often enough or the pool is closed. It has
        /// keys of its own, so that it knows in which order their tasks must come.
        private final class Submitter implements Runnable {
            private static final int KEYS = 3;

            private final Pool opened;
            private final Random own;
            private final int most;
            private final List<Future<?>> futures = new ArrayList<>();
            private final AtomicIntegerArray runningOfKey = new AtomicIntegerArray(KEYS);
            private final AtomicIntegerArray lastOfKey = new AtomicIntegerArray(KEYS);
            private int number;

            Submitter(Pool opened, Random own, int most) {
                this.opened = opened;
                this.own = own;
                this.most = most;
            }

            @Override
            public void run() {
                try {
                    for (int i = 0; i < most && !opened.isShutdown(); i++) {
                        submit(opened, this::one);
                        var _ = Thread.interrupted();
                        progress.incrementAndGet();
                    }
                    for (Future<?> future : futures) {
                        outcome(future); // never comes if it got lost: the watchdog sees that
                    }
                } catch (Throwable failure) {
                    fault("a submitter failed: " + failure);
                }
            }

            private void one() {
                Runnable body = body(opened, own.nextInt(24), 1 + own.nextInt(60_000));
                switch (own.nextInt(14)) {
                    case 10 -> futures.add(opened.submit(body, options()));
                    case 11 -> opened.execute(body, options());
                    case 12, 13 -> futures.add(submitKeyed(body));
                    case 0 -> {
                        var _ = opened.tryExecute(body);
                    }
                    case 1 -> tryExecute(body);
                    case 2, 3 -> futures.add(opened.submit(body));
                    case 4 -> {
                        Future<?> future = opened.submit(body);
                        future.cancel(own.nextBoolean());
                        futures.add(future);
                    }
                    case 5 -> outcome(opened.submit(body));
                    case 6 -> {
                        if (own.nextInt(10) == 0) {
                            Thread.currentThread().interrupt();
                        }
                        opened.execute(body);
                    }
                    default -> opened.execute(body);
                }
            }

            private TaskOptions options() {
                TaskOptions options = TaskOptions.NONE.priority(own.nextInt(20));
                return switch (own.nextInt(4)) {
                    case 0 -> options.timeout(Duration.ofNanos(1 + own.nextInt(100_000)));
                    case 1 -> options.startWithin(Duration.ofNanos(1 + own.nextInt(100_000)));
                    default -> options;
                };
            }

            private Future<?> submitKeyed(Runnable body) {
                int key = own.nextInt(KEYS);
                int mine = ++number;
                Runnable inOrder = () -> {
                    if (runningOfKey.incrementAndGet(key) != 1 || lastOfKey.getAndSet(key, mine) > mine) {
                        fault("tasks of one key ran out of order, or beside each other");
                    }
                    try {
                        body.run();
                    } finally {
                        runningOfKey.decrementAndGet(key);
                    }
                };
                Task<?> task = opened.submit(inOrder, options().key(List.of(this, key)));
                if (own.nextInt(4) == 0) {
                    task.cancel(own.nextBoolean());
                }
                return task;
            }

            private void tryExecute(Runnable body) {
                try {
                    var _ = opened.tryExecute(body, Duration.ofNanos(own.nextInt(200_000)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            private void outcome(Future<?> future) {
                try {
                    future.get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (ExecutionException | CancellationException e) {
                    // as good an end as any
                }
            }
        }
    }
}
