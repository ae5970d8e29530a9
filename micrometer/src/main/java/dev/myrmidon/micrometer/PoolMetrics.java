package dev.myrmidon.micrometer;

import dev.myrmidon.Pool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The meters of one pool: those that Micrometer's `ExecutorServiceMetrics` has for other executors, under the
/// same names, and some of our own. `docs/metrics.md` lists them.
///
/// ```java
/// Pool pool = Pool.builder("orders").capacity(200).timed(true).build();
/// new PoolMetrics(pool).bindTo(registry);
/// ```
///
/// All of them carry the tag `name`, with the name of the pool. The timers `executor` and `executor.idle` are
/// there for a pool that is [timed][dev.myrmidon.PoolConfig#timed()], the age of the queue for one by order of
/// arrival. Reading a meter reads the pool's statistics; but for the timers, the tasks pay nothing for them.
///
/// **Life**: the meters stay in a registry until the pool has ended or this is [closed][#close()], whichever
/// comes first; a virtual thread waits for the former. A pool whose name and tags another one has already in the
/// same registry takes its place there: the other one's meters are removed, since a successor may be opened while
/// its predecessor drains. Micrometer logs a warning then. For the last numbers of a pool there is
/// [#untilClosed()].
///
/// **Timers** count what [Pool#timings()] counts: all tasks, or while tasks are short one in 64 that stands for as
/// many. They have buckets from 10 µs to 500 s; a `MeterFilter` may set others.
///
/// Thread-safe.
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public final class PoolMetrics implements MeterBinder, AutoCloseable {
    /// Guards the meters of all pools in all registries: one pool's are found and removed by ids that another's may
    /// have by then. Filters of the registry run under it, as they do under Micrometer's own.
    private static final ReentrantLock LOCK = new ReentrantLock();

    private final Pool pool;
    private final Tags tags;
    private final @Nullable LongSupplier retries;

    /// Whether the meters go with the pool.
    private final boolean endWithPool;

    /// Guarded by `LOCK`.
    private final Map<MeterRegistry, PoolMeters> bound = new HashMap<>();

    /// Waits for the end of the pool. Guarded by `LOCK`.
    private @Nullable Thread watcher;

    /// Guarded by `LOCK`.
    private boolean closed;

    /// The meters of a pool, without further tags.
    ///
    /// @param pool the pool
    public PoolMetrics(Pool pool) {
        this(pool, Tags.empty());
    }

    /// The meters of a pool.
    ///
    /// @param pool the pool
    /// @param tags further tags of each of them, beside `name`
    public PoolMetrics(Pool pool, Iterable<Tag> tags) {
        this(pool, Tags.of(tags).and("name", pool.config().name()), null, true);
    }

    private PoolMetrics(Pool pool, Tags tags, @Nullable LongSupplier retries, boolean endWithPool) {
        this.pool = pool;
        this.tags = tags;
        this.retries = retries;
        this.endWithPool = endWithPool;
    }

    /// These with `myrmidon.pool.retries` as well. The pool doesn't know of retries: whoever submits tasks again
    /// does.
    ///
    /// @param retries how often tasks of the pool were tried again up to now; never goes down. Read whenever the
    ///     meter is, by any thread
    /// @return meters that are bound and closed by themselves
    public PoolMetrics withRetries(LongSupplier retries) {
        return new PoolMetrics(pool, tags, retries, endWithPool);
    }

    /// These, staying in a registry until they are [closed][#close()], though the pool has ended: for a
    /// registry that sends what it has once more before the process ends, and for whoever knows better when
    /// a pool is gone. A pool that has ended can be bound, too. No thread waits for its end.
    ///
    /// @return meters that are bound and closed by themselves
    public PoolMetrics untilClosed() {
        return new PoolMetrics(pool, tags, retries, false);
    }

    /// Registers the meters. No effect if they are bound to this registry already, after [#close()], or
    /// once the pool has ended, unless they stay [until they are closed][#untilClosed()]. What a filter of
    /// the registry denies isn't there; if it denies both timers, tasks pay nothing for them.
    ///
    /// @param registry where to
    /// @throws IllegalArgumentException if the registry has a meter of another type under one of the names and the
    ///     same tags, as Micrometer says it; then none is registered
    @Override
    public void bindTo(MeterRegistry registry) {
        LOCK.lock();
        try {
            if (closed || (endWithPool && pool.isTerminated()) || bound.containsKey(registry)) {
                return;
            }
            bound.put(registry, new PoolMeters(registry, pool, tags, retries));
            if (endWithPool && watcher == null) {
                watcher = Thread.ofVirtual()
                        .name("metrics of " + pool.config().name())
                        .start(this::closeWithPool);
            }
        } finally {
            LOCK.unlock();
        }
    }

    private void closeWithPool() {
        try {
            if (pool.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS)) {
                close();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /// Removes the meters from every registry that they are bound to and that isn't closed, and has the
    /// pool tell them of no more tasks. May be called again.
    @Override
    public void close() {
        LOCK.lock();
        try {
            closed = true;
            bound.values().forEach(PoolMeters::remove);
            bound.clear();
            if (watcher != null) {
                watcher.interrupt();
            }
        } finally {
            LOCK.unlock();
        }
    }
}
