package dev.myrmidon.engine.each;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Submits items to the pool, and those that fail again, as often as `--retries` allows. Thread-safe.
///
/// An item that waits for its next attempt is an entry in a queue and holds no slot; one virtual thread submits those
/// that are due, like any other submitter. So that not all of a long input can wait there, each item has a place in a
/// window from before its submission to its end.
///
/// It is decided in the item's own slot whether there is another attempt, since that is where an end is reported, which
/// has to slow the pool down when nobody reads our output. That is why this is no `RetryingPool`, which decides when
/// the slot is free again.
///
/// **Keys**: without retries the pool looks after them. With retries a key must stay busy between two attempts, when
/// nothing of its item is in the pool; so items take turns here.
final class Attempts {
    /// How many items may be on their way, besides those that run.
    private static final int WINDOW = 1024;

    /// From here on the time to wait doesn't double any more.
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(1);

    /// Waits are up to half as long again, or half as long: what failed together isn't tried again together.
    private static final double JITTER = 0.5;

    /// By then any wait has become as long as it gets.
    private static final int MOST_DOUBLINGS = 64;

    private static final Duration NOT_NOW = Duration.ofMillis(100);
    private static final int LOOK_MILLIS = 200;

    private final Pool pool;
    private final TaskOptions options;
    private final boolean named;
    private final EachOptions.Retries retries;
    private final Stop stop;

    /// The intake's.
    private int windowSize;

    private final Semaphore window;
    private final DelayQueue<Later> later = new DelayQueue<>();

    /// Those that wait for the end of an item of their key, by key; a key that is there is busy.
    private final Map<String, Queue<ItemTask>> turns = new HashMap<>();

    /// Guards `turns` and the start of the thread.
    private final Object lock = new Object();

    private @Nullable Thread thread;

    /// @param options what each attempt is submitted with, besides its key
    /// @param named whether tasks have the names of their items
    /// @param capacity how many items run at once
    Attempts(Pool pool, TaskOptions options, boolean named, EachOptions.Retries retries, int capacity, Stop stop) {
        this.pool = pool;
        this.options = options;
        this.named = named;
        this.retries = retries;
        this.stop = stop;
        this.windowSize = windowFor(capacity);
        this.window = new Semaphore(windowSize);
    }

    private static int windowFor(int capacity) {
        return (int) Math.min(Integer.MAX_VALUE, (long) capacity + WINDOW);
    }

    private boolean mayRetry() {
        return retries.most() > 0;
    }

    /// Called before an item is submitted. Waits while too many are on their way.
    ///
    /// @return false if the run is stopped
    boolean awaitRoom() {
        return !mayRetry() || acquire(1, this::widen);
    }

    /// Somebody may have resized the pool.
    private void widen() {
        int grown = windowFor(pool.config().capacity()) - windowSize;
        if (grown > 0) {
            windowSize += grown;
            window.release(grown);
        }
    }

    /// Called when the last item was submitted. Waits until all have ended, since the pool must stay open so long.
    void awaitEnds() {
        if (mayRetry()) {
            var _ = acquire(windowSize, () -> {});
        }
    }

    /// @param patience what to do now and then
    private boolean acquire(int places, Runnable patience) {
        try {
            while (stop.running()) {
                if (window.tryAcquire(places, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
                patience.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; a run without this thread can only stop
        }
        return false;
    }

    /// Submits an item for the first time, which makes the calling thread wait while the pool is full.
    ///
    /// @throws RejectedExecutionException if the run is stopped
    void submit(ItemTask first) {
        if (!mayRetry()) {
            String key = first.key();
            submit(first, key == null ? options : options.key(key));
        } else if (takesTurn(first)) {
            submit(first, options);
        }
    }

    private void submit(ItemTask task, TaskOptions taskOptions) {
        task.accepted(pool.submit(task, named ? taskOptions.name(task.item().toString()) : taskOptions));
    }

    private boolean takesTurn(ItemTask task) {
        String key = task.key();
        if (key == null) {
            return true;
        }
        synchronized (lock) {
            Queue<ItemTask> others = turns.get(key);
            if (others == null) {
                turns.put(key, new ArrayDeque<>(1));
                return true;
            }
            others.add(task);
            return false;
        }
    }

    /// An attempt has come to its end. If it is not to be the last one, forgets what it left and has the item tried
    /// again. Called in the slot of the item.
    ///
    /// @return false if it is the last one
    boolean tryAgain(ItemTask task, Result result) {
        Item item = task.item();
        boolean failed = result.status() == Status.FAILED || result.status() == Status.TIMED_OUT;
        if (!failed || item.problem() != null || item.attempts() > retries.most() || !stop.running()) {
            return false;
        }
        try {
            result.output().discard();
            result.errors().discard();
        } catch (IOException e) {
            return false; // the report of this attempt will say what is wrong
        }
        enqueue(task.again(), backoff(item.attempts()));
        return true;
    }

    private Duration backoff(int attempts) {
        long longest = Math.max(LONGEST_BACKOFF.toMillis(), retries.backoff().toMillis());
        long millis = IntervalFunction.of(
                        retries.backoff(),
                        wait -> Math.min(2 * wait, longest)) // of the library with a limit has no jitter there
                .apply(Math.min(attempts, MOST_DOUBLINGS));
        return Duration.ofMillis(IntervalFunction.ofRandomized(millis, JITTER).apply(1));
    }

    /// An item has ended, or was refused.
    void ended(ItemTask task) {
        if (!mayRetry()) {
            return;
        }
        window.release();
        ItemTask next = nextTurn(task);
        if (next != null) {
            enqueue(next, Duration.ZERO); // not from inside the slot of another item
        }
    }

    private @Nullable ItemTask nextTurn(ItemTask ended) {
        String key = ended.key();
        if (key == null) {
            return null;
        }
        synchronized (lock) {
            Queue<ItemTask> others = turns.get(key);
            ItemTask next = others == null ? null : others.poll();
            if (next == null) {
                turns.remove(key);
            }
            return next;
        }
    }

    private void enqueue(ItemTask task, Duration wait) {
        later.add(new Later(task, System.nanoTime() + wait.toNanos()));
        synchronized (lock) {
            if (thread == null) {
                thread = Thread.ofVirtual().name("myrmidon-retries").start(this::submitLater);
            }
        }
    }

    /// Ends when the run is stopped; else with the JVM.
    private void submitLater() {
        try {
            while (stop.running()) {
                ItemTask task = later.take().task();
                try {
                    submit(task, options);
                } catch (RejectedExecutionException e) {
                    return; // stopped: what has not ended counts as cancelled
                } catch (RuntimeException | Error e) {
                    later.add(new Later(task, System.nanoTime() + NOT_NOW.toNanos())); // no thread or no memory now
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    /// What is to be submitted, and when.
    private record Later(ItemTask task, long nanoTime) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.signum(nanoTime - ((Later) other).nanoTime());
        }
    }
}
