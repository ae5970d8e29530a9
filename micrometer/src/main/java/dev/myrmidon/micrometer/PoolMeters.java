package dev.myrmidon.micrometer;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolCauses;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.ResizeCause;
import dev.myrmidon.TimingsListener;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.noop.NoopTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// The meters of one pool in one registry. Not thread-safe.
///
/// Micrometer holds the objects that it asks weakly. So it asks through functions that hold the pool: a meter is
/// there until it is removed.
final class PoolMeters {
    private static final String TASKS = "tasks";
    private static final String THREADS = "threads";

    /// 1, 2 and 5 of each power of ten, from 10 µs to 500 s: a quantile that is read from them is off by a factor
    /// of 2.5 at most, and 24 of them are few enough for hundreds of pools.
    private static final Duration[] BUCKETS = LongStream.iterate(
                    10_000, decade -> decade < 1_000_000_000_000L, d -> 10 * d)
            .flatMap(decade -> LongStream.of(decade, 2 * decade, 5 * decade))
            .mapToObj(Duration::ofNanos)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Pool pool;
    private final Tags tags;

    /// What the registry had before.
    private final Set<Meter> before;

    private final List<Meter> registered = new ArrayList<>();
    private @Nullable TimingsListener timers;

    /// Registers them.
    PoolMeters(MeterRegistry registry, Pool pool, Tags tags, @Nullable LongSupplier retries) {
        this.registry = registry;
        this.pool = pool;
        this.tags = tags;
        this.before = metersOf(registry);
        try {
            registerExecutorMeters();
            registerOwnMeters(retries);
            if (pool.config().timed()) {
                registerTimers();
            }
        } catch (Throwable failure) {
            remove();
            throw failure;
        }
    }

    private static Set<Meter> metersOf(MeterRegistry registry) {
        Set<Meter> meters = Collections.newSetFromMap(new IdentityHashMap<>());
        meters.addAll(registry.getMeters());
        return meters;
    }

    private void registerExecutorMeters() {
        gauge("executor.active", THREADS, "Tasks that run", PoolStats::running);
        gauge("executor.queued", TASKS, "Tasks accepted that have not started", PoolStats::queued);
        gauge("executor.queue.remaining", TASKS, "Tasks that the queue has room for", PoolMeters::queueRemaining);
        gauge("executor.pool.size", THREADS, "Workers, idle ones too", PoolStats::workers);
        gauge("executor.pool.core", THREADS, "The capacity", PoolMeters::capacity);
        gauge("executor.pool.max", THREADS, "The capacity", PoolMeters::capacity);
        counter("executor.completed", TASKS, "Tasks that returned or threw", now -> now.completed() + now.failed());
    }

    private void registerOwnMeters(@Nullable LongSupplier retries) {
        counter("myrmidon.pool.submitted", TASKS, "Tasks accepted or refused", PoolStats::submitted);
        counter("myrmidon.pool.failed", TASKS, "Tasks that threw or timed out", PoolStats::failed);
        counter("myrmidon.pool.cancelled", TASKS, "Tasks cancelled, dropped or taken back", PoolStats::cancelled);
        for (PoolEvent.Rejected.Reason reason : PoolEvent.Rejected.Reason.values()) {
            causeCounter(
                    "myrmidon.pool.rejected",
                    TASKS,
                    "Tasks refused",
                    Tags.of("reason", tagValue(reason)),
                    causes -> causes.rejected().getOrDefault(reason, 0L));
        }
        String timeouts = "Tasks that ran for too long, or did not start in time";
        causeCounter(
                "myrmidon.pool.timeouts",
                TASKS,
                timeouts,
                Tags.of("kind", "run"),
                _ -> pool.stats().timedOut());
        causeCounter("myrmidon.pool.timeouts", TASKS, timeouts, Tags.of("kind", "start"), PoolCauses::late);
        for (ResizeCause cause : ResizeCause.values()) {
            causeCounter(
                    "myrmidon.pool.resizes",
                    null,
                    "Changes of the capacity",
                    Tags.of("cause", tagValue(cause)),
                    causes -> causes.resized().getOrDefault(cause, 0L));
        }
        if (retries != null) {
            counter("myrmidon.pool.retries", null, "Tasks tried again", _ -> retries.getAsLong());
        }
        gauge("myrmidon.pool.waiting", THREADS, "Submitters that wait for room", PoolStats::waiting);
        gauge("myrmidon.pool.limit", TASKS, "The capacity: tasks that may run at once", PoolMeters::capacity);
        if (pool.config().queueOrder() instanceof QueueOrder.Fifo) {
            register(() -> TimeGauge.builder("myrmidon.pool.queue.age.max", this::queueAge, TimeUnit.NANOSECONDS)
                    .description("How long the oldest task has waited that has no slot")
                    .tags(tags)
                    .register(registry));
        }
    }

    private void registerTimers() {
        Timer runs = timer("executor", "How long tasks run");
        Timer waits = timer("executor.idle", "How long tasks wait from their submission to their start");
        if (runs instanceof NoopTimer && waits instanceof NoopTimer) {
            return;
        }
        timers = (wait, run, tasks) -> {
            for (int i = 0; i < tasks; i++) {
                runs.record(run, TimeUnit.NANOSECONDS);
                waits.record(wait, TimeUnit.NANOSECONDS);
            }
        };
        pool.addTimingsListener(timers);
    }

    /// Takes them out of the registry again, unless that is closed, but for those that are another pool's by now.
    void remove() {
        if (timers != null) {
            pool.removeTimingsListener(timers);
        }
        if (registry.isClosed()) {
            return; // nobody reads it any more
        }
        Set<Meter> there = metersOf(registry);
        registered.stream().filter(there::contains).forEach(registry::remove);
    }

    private void gauge(String name, String unit, String description, ToDoubleFunction<PoolStats> value) {
        register(() -> Gauge.builder(name, () -> value.applyAsDouble(pool.stats()))
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private void counter(String name, @Nullable String unit, String description, ToDoubleFunction<PoolStats> total) {
        counter(name, unit, description, Tags.empty(), () -> total.applyAsDouble(pool.stats()));
    }

    private void causeCounter(
            String name, @Nullable String unit, String description, Tags more, ToDoubleFunction<PoolCauses> total) {
        counter(name, unit, description, more, () -> total.applyAsDouble(pool.causes()));
    }

    private void counter(String name, @Nullable String unit, String description, Tags more, DoubleSupplier total) {
        register(() -> FunctionCounter.builder(name, pool, _ -> total.getAsDouble())
                .baseUnit(unit)
                .description(description)
                .tags(tags)
                .tags(more)
                .register(registry));
    }

    private Timer timer(String name, String description) {
        return register(() -> Timer.builder(name)
                .serviceLevelObjectives(BUCKETS)
                .description(description)
                .tags(tags)
                .register(registry));
    }

    /// Registers a meter; one that was there before belongs to another pool, and goes.
    private <M extends Meter> M register(Supplier<M> meter) {
        M mine = meter.get();
        if (before.contains(mine)) {
            registry.remove(mine);
            mine = meter.get();
        }
        registered.add(mine);
        return mine;
    }

    /// In nanoseconds.
    private double queueAge() {
        return pool.queueAge().map(Duration::toNanos).map(Long::doubleValue).orElse(Double.NaN);
    }

    private static int capacity(PoolStats now) {
        return now.capacity() == Pool.UNBOUNDED ? Integer.MAX_VALUE : now.capacity();
    }

    private static int queueRemaining(PoolStats now) {
        int capacity = now.queueCapacity() == Pool.UNBOUNDED ? Integer.MAX_VALUE : now.queueCapacity();
        return Math.max(0, capacity - now.queued());
    }

    private static String tagValue(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
