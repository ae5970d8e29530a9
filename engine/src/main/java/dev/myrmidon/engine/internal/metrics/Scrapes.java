package dev.myrmidon.engine.internal.metrics;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.PoolRegistry;
import dev.myrmidon.manage.RegistryListener;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a scrape of an engine's metrics says. Thread-safe.
///
/// Nothing is loaded, registered or paid for before it is of use: at the first scrape, or when the first pool comes
/// that is `timed`, since its timers count from when they are registered. All else is read off the pool.
///
/// However many clients ask, what is said is gathered in one thread, a platform thread: it takes a while, and nothing
/// takes the carrier of a virtual thread away from it.
public final class Scrapes implements RegistryListener, AutoCloseable {
    /// What was gathered is said again for this long: more scrapes than that take no more time and memory.
    static final Duration FRESH = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String THREAD = "myrmidon-metrics";

    private final PoolRegistry pools;
    private final LongSupplier nanoTime;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();

    /// Weak, since a text may be large and may be the last one that is asked for. Guarded by lock.
    private final Map<ScrapeFormat, WeakReference<Scrape>> latest = new EnumMap<>(ScrapeFormat.class);

    /// Held while the meters are registered, which takes a while.
    private final ReentrantLock beginning = new ReentrantLock();

    /// Both are null until then. Guarded by beginning.
    private @Nullable PrometheusMeterRegistry registry;

    /// Guarded by beginning.
    private @Nullable EngineMeters meters;

    /// Guarded by beginning.
    private boolean closed;

    /// Of the pools of a registry.
    public Scrapes(PoolRegistry pools) {
        this(pools, System::nanoTime, PATIENCE);
    }

    Scrapes(PoolRegistry pools, LongSupplier nanoTime, Duration patience) {
        this.pools = pools;
        this.nanoTime = nanoTime;
        this.patience = patience;
    }

    /// Looks for pools with timers from now on. Waits until they have theirs.
    public void start() {
        pools.addListener(this);
    }

    /// What is being gathered, or has been.
    private static final class Scrape extends FutureTask<byte[]> {
        private final long begun;

        Scrape(Callable<byte[]> gathering, long begun) {
            super(gathering);
            this.begun = begun;
        }
    }

    /// What there is to say now, or was at most a second ago.
    ///
    /// @return in UTF-8; empty if it can't be had within 5 seconds
    /// @throws InterruptedException if the thread is interrupted while it waits
    public Optional<byte[]> text(ScrapeFormat format) throws InterruptedException {
        try {
            return Optional.of(current(format).get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the metrics can't be read", e.getCause());
        }
    }

    /// That text, or what it comes from in a while. Who keeps it keeps the text.
    Future<byte[]> current(ScrapeFormat format) {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            WeakReference<Scrape> known = latest.get(format);
            Scrape last = known == null ? null : known.get();
            if (last != null && (!last.isDone() || now - last.begun < FRESH.toNanos())) {
                return last;
            }
            Scrape next = new Scrape(() -> gathered(format), now);
            start(next);
            latest.put(format, new WeakReference<>(next));
            return next;
        } finally {
            lock.unlock();
        }
    }

    private byte[] gathered(ScrapeFormat format) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrometheusMeterRegistry all = begun();
        if (all != null) {
            all.scrape(text, format.contentType());
        }
        return text.toByteArray();
    }

    /// Null once this is closed.
    private @Nullable PrometheusMeterRegistry begun() {
        beginning.lock();
        try {
            if (registry == null && !closed) {
                PrometheusMeterRegistry own = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
                meters = new EngineMeters(own, pools);
                registry = own;
            }
            return registry;
        } finally {
            beginning.unlock();
        }
    }

    private static void start(FutureTask<?> task) {
        Thread.ofPlatform().daemon().name(THREAD).start(task);
    }

    @Override
    public void created(Pool pool) {
        if (!pool.config().timed()) {
            return;
        }
        pools.removeListener(this);
        FutureTask<?> begun = new FutureTask<>(this::begun);
        start(begun);
        boolean interrupted = false;
        while (true) {
            try {
                begun.get();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (ExecutionException e) {
                throw new IllegalStateException(
                        "the metrics of " + pool.config().name() + " can't be had", e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void destroyed(Pool pool) {}

    @Override
    public void close() {
        pools.removeListener(this);
        beginning.lock();
        try {
            closed = true;
            if (meters != null) {
                meters.close();
                meters = null;
                registry = null;
            }
        } finally {
            beginning.unlock();
        }
    }
}
