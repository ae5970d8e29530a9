package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Looks at the engine again and again, each time an interval after the look before has ended, or when
/// it is asked to.
final class Poller implements Runnable {
    private final ApiClient api;
    private final Duration interval;
    private final int tasks;
    private final Consumer<Event> events;
    private final Semaphore asked = new Semaphore(0);
    private volatile Optional<String> pool;
    private Optional<Json> info;

    /// @param first what is known already
    /// @param tasks how many to ask for
    Poller(ApiClient api, Duration interval, Snapshot first, Optional<String> pool, int tasks, Consumer<Event> events) {
        this.api = api;
        this.interval = interval;
        this.info = Optional.of(first.info());
        this.pool = pool;
        this.tasks = tasks;
        this.events = events;
    }

    /// Looks now.
    ///
    /// @param of the pool whose tasks are wanted
    void look(Optional<String> of) {
        pool = of;
        asked.release();
    }

    @Override
    public void run() {
        try {
            while (true) {
                var _ = asked.tryAcquire(interval.toNanos(), TimeUnit.NANOSECONDS);
                asked.drainPermits();
                try {
                    Snapshot snapshot = Snapshot.take(api, info, pool, tasks);
                    info = Optional.of(snapshot.info());
                    events.accept(new Event.Looked(snapshot));
                } catch (ApiException e) {
                    info = Optional.empty(); // it may be another engine that comes back
                    events.accept(new Event.Lost(e.message()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        } catch (RuntimeException | Error e) {
            events.accept(new Event.Broken(e));
        }
    }
}
