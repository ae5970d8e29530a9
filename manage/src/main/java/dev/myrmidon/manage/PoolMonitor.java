package dev.myrmidon.manage;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.WARNING;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Looks at pools at an interval: a [sample][PoolSample] of each, with percentiles over a sliding window, and a
/// history of the samples. Reading changes nothing, neither here nor in the pools.
///
/// ```java
/// try (PoolMonitor monitor = PoolMonitor.start(() -> List.of(orders, images), MonitorConfig.DEFAULT)) {
///     monitor.latest("orders").ifPresent(sample -> log(sample.usage(), sample.throughput(), sample.runs()));
/// }
/// ```
///
/// **Pools come and go.** The supplier is asked at each look. A pool that it returns for the first time has its
/// first sample at the next look. A pool that has terminated, or that it doesn't return any more, has a last
/// sample, of which listeners are told; then nothing of it is left. A pool is known by its name: while one is
/// watched, others of the same name are left out, and the log says so.
///
/// **Percentiles** are of [timed][dev.myrmidon.PoolConfig#timed()] pools only.
///
/// **One platform thread** does it all, listeners included, so that it goes on when virtual threads find no
/// carrier. A look that takes longer than an interval, say since a listener hangs, is logged while it lasts, with
/// the stack of that thread; the next one comes an interval after its end, and those that were missed are not made
/// up for. What the supplier throws is logged; then that look is left out.
///
/// Thread-safe.
public final class PoolMonitor implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    private final Supplier<? extends Collection<? extends Pool>> pools;
    private final MonitorConfig config;
    private final Periodic thread = new Periodic("myrmidon-monitor");
    private final List<Told> listeners = new CopyOnWriteArrayList<>();

    /// The pools that are watched. For the monitor's thread alone.
    private final Map<Pool, Watched> watched = new LinkedHashMap<>();

    /// The same by name, to be read by anybody.
    private final Map<String, Watched> byName = new ConcurrentHashMap<>();

    /// Those that are left out since another one has their name. For the monitor's thread alone.
    private final Set<Pool> leftOut = new HashSet<>();

    private PoolMonitor(Supplier<? extends Collection<? extends Pool>> pools, MonitorConfig config) {
        this.pools = Objects.requireNonNull(pools, "pools");
        this.config = Objects.requireNonNull(config, "config");
    }

    /// Begins to watch: the first samples are there after one interval.
    ///
    /// @param pools asked for the pools at each look, here for the first time; short, and fit to be called by
    ///     another thread
    /// @param config how often, and for how long samples are kept
    /// @return the monitor; close it
    public static PoolMonitor start(Supplier<? extends Collection<? extends Pool>> pools, MonitorConfig config) {
        PoolMonitor monitor = new PoolMonitor(pools, config);
        monitor.follow(monitor.present());
        var _ = monitor.thread.every(config.interval(), monitor::watchedLook);
        return monitor;
    }

    /// {@return what it was started with}
    public MonitorConfig config() {
        return config;
    }

    /// Has a listener told of each sample from the next look on.
    ///
    /// @param listener told in the monitor's thread; one that is added twice is told twice
    public void addListener(SampleListener listener) {
        listeners.add(new Told(Objects.requireNonNull(listener, "listener")));
    }

    /// Has a listener told no more; a call that is under way goes on. No effect on one that isn't told anyway.
    ///
    /// @param listener one that was added
    @SuppressWarnings("ReferenceEquality") // this very one
    public void removeListener(SampleListener listener) {
        listeners.stream().filter(told -> told.listener == listener).findFirst().ifPresent(listeners::remove);
    }

    /// {@return the latest sample of each pool that has one, by name}
    public List<PoolSample> latest() {
        return byName.values().stream()
                .flatMap(each -> each.history().latest().stream())
                .sorted(Comparator.comparing(PoolSample::pool))
                .toList();
    }

    /// The latest sample of a pool.
    ///
    /// @param pool its name
    /// @return the sample; empty if there is none yet, or no such pool
    public Optional<PoolSample> latest(String pool) {
        Watched found = byName.get(pool);
        return found == null ? Optional.empty() : found.history().latest();
    }

    /// The samples of a pool that are kept.
    ///
    /// @param pool its name
    /// @return the samples, the oldest first; empty if there are none yet, or no such pool
    public List<PoolSample> history(String pool) {
        Watched found = byName.get(pool);
        return found == null ? List.of() : found.history().read();
    }

    /// Ends the monitor: no look begins any more, and one that is under way is interrupted. What it knows can still
    /// be read. No effect if it has been closed.
    @Override
    public void close() {
        thread.close();
    }

    /// A look, of which the log tells while it takes longer than it should.
    private void watchedLook() {
        Thread looker = Thread.currentThread();
        Future<?> warning = ForkJoinPool.commonPool()
                .schedule(() -> warn(looker), config.interval().toNanos(), TimeUnit.NANOSECONDS);
        try {
            look();
        } finally {
            warning.cancel(false);
        }
    }

    private static void warn(Thread looker) {
        LOG.log(
                WARNING,
                () ->
                        "the monitor's look at its pools takes longer than the interval; no pool is sampled until it ends;"
                                + " it is at\n"
                                + Arrays.stream(looker.getStackTrace())
                                        .map(call -> "\tat " + call)
                                        .collect(Collectors.joining("\n")));
    }

    /// Takes a sample of each pool that is watched, then finds out which ones are to be watched from now
    /// on. For one thread at a time.
    void look() {
        Set<Pool> present = present();
        for (Watched each : List.copyOf(watched.values())) {
            boolean isOver = each.pool().isTerminated() || !present.contains(each.pool()); // before its last sample
            PoolSample sample = each.sample();
            tell(listener -> listener.onSample(sample));
            if (isOver) {
                watched.remove(each.pool());
                byName.remove(sample.pool());
                tell(listener -> listener.onGone(sample.pool()));
            }
        }
        listeners.forEach(Told::lookEnds);
        follow(present);
    }

    private Set<Pool> present() {
        return new LinkedHashSet<>(pools.get());
    }

    /// Begins to watch those that are new.
    private void follow(Set<Pool> present) {
        leftOut.retainAll(present);
        for (Pool pool : present) {
            if (!watched.containsKey(pool) && !pool.isTerminated()) {
                begin(pool);
            }
        }
    }

    private void begin(Pool pool) {
        PoolConfig poolConfig = pool.config();
        Watched begun = new Watched(
                pool,
                new Sampler(pool, poolConfig.timed(), config.windowIntervals()),
                new History(config.historyIntervals()));
        if (byName.putIfAbsent(poolConfig.name(), begun) == null) {
            watched.put(pool, begun);
            leftOut.remove(pool);
        } else if (leftOut.add(pool)) {
            LOG.log(WARNING, "the monitor leaves out a pool, since it watches another one named " + poolConfig.name());
        }
    }

    private void tell(Consumer<SampleListener> call) {
        listeners.forEach(told -> told.tell(call));
    }

    /// A pool that is watched.
    private record Watched(Pool pool, Sampler sampler, History history) {
        PoolSample sample() {
            PoolSample sample = sampler.sample();
            history.add(sample);
            return sample;
        }
    }

    /// A listener. One that fails look after look, at some pools or at all, is logged once.
    private static final class Told {
        final SampleListener listener;
        private boolean fails;
        private boolean failedBefore;

        Told(SampleListener listener) {
            this.listener = listener;
        }

        void tell(Consumer<SampleListener> call) {
            try {
                call.accept(listener);
            } catch (Throwable failure) {
                if (!fails && !failedBefore) {
                    LOG.log(
                            ERROR,
                            "a listener of the monitor failed; not logged again until it gets through a look",
                            failure);
                }
                fails = true;
            }
        }

        void lookEnds() {
            failedBefore = fails;
            fails = false;
        }
    }
}
