package dev.myrmidon.stress;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryListener;
import dev.myrmidon.manage.RegistryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Creates, uses, resizes and destroys pools in one registry from some threads, and checks that nothing of them is
/// left.
///
/// Each thread draws from a seed of its own. Its pools have names of its own, but for one in four, whose names all
/// threads share, so that creations of the same name collide. Some pools feed the next one. A listener attaches
/// something to each pool and detaches it. **Checked**: the books of each pool when it is destroyed; that each pool
/// is told of once coming and once going; at the end, after the registry has closed what is left, that the heap and
/// the threads are what they were after the first eighth, and that no worker lives on.
public final class RegistrySoak {
    private static final int THREADS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long HEAP_SLACK = 8L << 20;
    private static final String PREFIX = "regsoak-";

    private final PoolRegistry registry = new PoolRegistry();
    private final Attached attached = new Attached();
    private final LongAdder tasks = new LongAdder();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private RegistrySoak() {}

    /// Takes `seed=number`, a random one unless given, and `pools=10000`.
    public static void main(String... args) throws Exception {
        long seed = new Random().nextInt(1_000_000);
        int pools = 10_000;
        for (String arg : args) {
            String value = arg.substring(arg.indexOf('=') + 1);
            switch (arg.substring(0, Math.max(0, arg.indexOf('=')))) {
                case "seed" -> seed = Long.parseLong(value);
                case "pools" -> pools = Integer.parseInt(value);
                default -> {
                    System.err.println("usage: RegistrySoak [seed=number] [pools=10000], was given " + arg);
                    System.exit(2);
                }
            }
        }
        System.out.println("registry soak: seed=" + seed + " pools=" + pools);
        try {
            long start = System.nanoTime();
            new RegistrySoak().run(seed, pools / 8); // warms up; what classes and caches take is no leak
            long heapBefore = Leaks.heap();
            int threadsBefore = Leaks.threads();
            RegistrySoak soak = new RegistrySoak();
            soak.run(seed + THREADS, pools);
            soak.requireEmpty();
            Leaks.requireNoThread(PREFIX); // before a look at the heap, which has what threads hold
            long heapAfter = Leaks.heap();
            int threadsAfter = Leaks.threadsLeft(threadsBefore);
            System.out.printf(
                    "%,d pools, %,d tasks in %.1f s; heap %d -> %d kB, threads %d -> %d%n",
                    soak.attached.gone.get(),
                    soak.tasks.sum(),
                    (System.nanoTime() - start) / 1e9,
                    heapBefore >> 10,
                    heapAfter >> 10,
                    threadsBefore,
                    threadsAfter);
            require(heapAfter <= heapBefore + HEAP_SLACK, "the heap grew");
            require(threadsAfter <= threadsBefore, "threads are left");
        } catch (Throwable failure) {
            failure.printStackTrace();
            System.err.println("reproduce with: ./mvnw -pl stress -am verify -DskipTests -Dregistry.skip=false"
                    + " -Dregistry.args=\"seed=" + seed + " pools=" + pools + "\"");
            Runtime.getRuntime().halt(1);
        }
    }

    private void run(long seed, int pools) throws Exception {
        registry.addListener(attached);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seed + i);
            String own = PREFIX + i + "-";
            threads.add(Thread.ofPlatform().name("user-" + i).start(() -> use(random, own, pools)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        RegistryReport report = registry.close(PATIENCE);
        report.pools().forEach(pool -> check(pool.clean(), pool));
        registry.pools().forEach(pool -> registry.destroy(pool.config().name(), PATIENCE));
        Throwable seen = failure.get();
        if (seen != null) {
            throw new AssertionError(seen);
        }
    }

    private void requireEmpty() {
        require(registry.pools().isEmpty(), "pools are left: " + registry.pools());
        require(attached.to.isEmpty(), "something is attached to " + attached.to);
        require(attached.come.get() == attached.gone.get(), attached.come + " came and " + attached.gone + " went");
    }

    /// Until there have been so many pools, or something is wrong.
    private void use(Random random, String own, int pools) {
        try {
            for (int n = 0; attached.gone.get() < pools && failure.get() == null; n++) {
                boolean shared = random.nextInt(4) == 0;
                String name = shared ? PREFIX + "shared-" + random.nextInt(4) : own + n;
                Pool pool = create(random, name, shared);
                if (pool != null) {
                    use(random, pool);
                    destroy(random, name);
                }
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    /// The pool; null if another thread has one of the name that can't be used.
    private @Nullable Pool create(Random random, String name, boolean shared) {
        PoolBuilder builder = Pool.builder(name)
                .capacity(1 + random.nextInt(20))
                .queueCapacity(random.nextInt(20))
                .timed(random.nextInt(8) == 0)
                .preallocate(random.nextInt(4) == 0);
        if (random.nextInt(8) == 0) {
            builder.queueOrder(QueueOrder.priority());
        }
        try {
            if (shared) {
                return random.nextBoolean()
                        ? registry.create(builder.config())
                        : registry.getOrCreate(builder.config());
            }
            return random.nextBoolean()
                    ? registry.create(builder.config())
                    : registry.create(builder.config(), (Object _) -> {}).pool();
        } catch (IllegalArgumentException | IllegalStateException taken) {
            check(shared, taken);
            return null;
        }
    }

    private void use(Random random, Pool pool) {
        int most = random.nextInt(50);
        try {
            for (int i = 0; i < most; i++) {
                int nanos = random.nextInt(20) == 0 ? random.nextInt(300_000) : 0;
                pool.execute(() -> {
                    if (nanos > 0) {
                        LockSupport.parkNanos(nanos);
                    }
                    tasks.increment();
                });
                if (random.nextInt(20) == 0) {
                    pool.resize(1 + random.nextInt(40));
                }
            }
        } catch (RejectedExecutionException closed) {
            // by a thread that shares it
        }
    }

    /// Sometimes after a pool that is made for the occasion, which feeds it.
    private void destroy(Random random, String name) {
        String feeder = name + "-feeder-" + ThreadLocalRandom.current().nextLong();
        try {
            if (random.nextInt(8) == 0) {
                Pool from = registry.create(Pool.builder(feeder).capacity(1).config());
                try {
                    registry.feeds(feeder, name);
                } finally {
                    from.execute(tasks::increment);
                    destroy(feeder);
                }
            }
            destroy(name);
        } catch (IllegalArgumentException | IllegalStateException byAnother) {
            check(name.contains("shared"), byAnother); // destroyed already, or fed by another thread's
        }
    }

    private void destroy(String name) {
        CloseReport report = registry.destroy(name, PATIENCE);
        check(report.clean(), report);
    }

    /// What a monitor would have of each pool.
    private final class Attached implements RegistryListener {
        final Set<Pool> to = ConcurrentHashMap.newKeySet();
        final AtomicInteger come = new AtomicInteger();
        final AtomicInteger gone = new AtomicInteger();

        @Override
        public void created(Pool pool) {
            come.incrementAndGet();
            check(to.add(pool), "told twice of " + pool);
        }

        @Override
        public void destroyed(Pool pool) {
            check(to.remove(pool), "told too often of the end of " + pool);
            PoolStats s = pool.stats();
            check(
                    pool.isTerminated() && s.submitted() == s.rejected() + s.completed() + s.failed() + s.cancelled(),
                    "not ended, or the books don't balance: " + s);
            gone.incrementAndGet();
        }
    }

    private void check(boolean holds, Object what) {
        if (!holds) {
            failure.compareAndSet(null, what instanceof Throwable e ? e : new AssertionError(what));
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
