package dev.myrmidon.internal;

import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolStats.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How a pool moves from open to closed: it runs, then drains or stops, and has terminated when its last worker
/// has ended. It never goes back, and any thread may take any of the steps, also one that was taken already.
final class Lifecycle {
    private final DefaultPool pool;
    private final Books books;
    private final Gate gate;
    private final Ready ready;
    private final Workers workers;
    private final Delays delays;
    private final @Nullable Listeners listeners;

    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);

    /// For the flight recorder, from the shutdown on. Written before the gate is closed.
    private volatile FlightRecorder.@Nullable PoolClosed recorded;

    Lifecycle(
            DefaultPool pool,
            Books books,
            Gate gate,
            Ready ready,
            Workers workers,
            Delays delays,
            @Nullable Listeners listeners) {
        this.pool = pool;
        this.books = books;
        this.gate = gate;
        this.ready = ready;
        this.workers = workers;
        this.delays = delays;
        this.listeners = listeners;
    }

    State state() {
        return gone().getCount() == 0 ? State.TERMINATED : state.get();
    }

    /// True from the first shutdown on.
    boolean isShutdown() {
        return state.get() != State.RUNNING;
    }

    /// Opens when the pool has terminated.
    CountDownLatch gone() {
        return workers.gone();
    }

    /// Takes no more tasks, and lets those it has come to their end.
    ///
    /// @return the delayed tasks that it cancelled
    List<DelayedTask<?>> drain() {
        State before = advanceTo(State.DRAINING);
        List<DelayedTask<?>> cancelled = refuseNew();
        workers.signalIfAny();
        tellIfClosed(before);
        return cancelled;
    }

    /// Takes no more tasks, cancels those that have not started and interrupts those that have.
    ///
    /// @return what never started, as it was given to the pool
    List<Runnable> shutdownNow() {
        State before = advanceTo(State.STOPPING);
        List<DelayedTask<?>> notDue = refuseNew();
        List<Runnable> neverStarted = stop();
        workers.interruptAll();
        List<Runnable> given = Stream.concat(neverStarted.stream().map(TaskRunner::given), notDue.stream())
                .toList();
        neverStarted.forEach(task -> {
            if (task instanceof SubmittedTask<?> submitted) {
                submitted.cancel(false);
            }
        });
        tellIfClosed(before);
        return given;
    }

    /// Takes back what never started, which is counted as cancelled before its slot comes back. To be called once
    /// no more is accepted.
    List<Runnable> stop() {
        advanceTo(State.STOPPING);
        List<Runnable> neverStarted = new ArrayList<>();
        for (Runnable task = ready.poll(); task != null; task = ready.poll()) {
            neverStarted.add(task);
            books.ended(Outcome.CANCELLED);
            Runnable next = gate.exit(task);
            if (next != null) {
                ready.offer(next);
            }
        }
        for (Runnable task = gate.cancelOldest(); task != null; task = gate.cancelOldest()) {
            neverStarted.add(task);
        }
        return neverStarted;
    }

    /// Shuts down and waits for the end; an interrupt makes it stop what is left.
    void close() {
        var _ = drain();
        boolean interrupted = false;
        while (state() != State.TERMINATED) {
            try {
                gone().await();
            } catch (InterruptedException e) {
                interrupted = true;
                var _ = shutdownNow();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Called once, when the last worker has ended.
    void recordEnd() {
        FlightRecorder.PoolClosed event = recorded;
        if (event != null) {
            FlightRecorder.endClose(event, pool);
        }
    }

    /// Takes no more tasks.
    ///
    /// @return the delayed tasks that it cancelled
    private List<DelayedTask<?>> refuseNew() {
        if (recorded == null) {
            recorded = FlightRecorder.beginClose();
        }
        List<DelayedTask<?>> cancelled = delays.cancelAll();
        gate.close();
        return cancelled;
    }

    /// Moves on, if the pool isn't that far yet; returns the state before.
    private State advanceTo(State next) {
        return state.getAndAccumulate(next, (now, then) -> now.compareTo(then) < 0 ? then : now);
    }

    /// Tells that the pool is closed, if it wasn't before.
    private void tellIfClosed(State before) {
        if (listeners != null && before == State.RUNNING) {
            listeners.tell(new PoolEvent.Closed(pool.name()));
        }
    }
}
