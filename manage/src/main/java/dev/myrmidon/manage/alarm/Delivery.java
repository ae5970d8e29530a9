package dev.myrmidon.manage.alarm;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Hands events to one notifier, in a thread of its own that ends when there is nothing to do.
///
/// A platform thread: alarms have to get out when virtual threads don't get a carrier.
final class Delivery {
    static final int CAPACITY = 100;
    static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    private final Notifier notifier;
    private final String name;
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor thread;

    private final AtomicLong overflown = new AtomicLong();
    private boolean failing; // guarded by this
    private long lost; // guarded by this
    private boolean busy; // guarded by this
    private long busySince; // guarded by this

    Delivery(Notifier notifier, LongSupplier nanoTime) {
        this.notifier = notifier;
        this.name = notifier.name();
        this.nanoTime = nanoTime;
        thread = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(CAPACITY),
                Thread.ofPlatform().name("myrmidon-notifier-", 0).daemon().factory(),
                (event, executor) -> dropOldest(event, executor));
        thread.allowCoreThreadTimeOut(true);
    }

    /// Never blocks, throws or logs. What doesn't fit pushes out the oldest, since the newest tells how things
    /// stand.
    void offer(AlarmEvent event) {
        try {
            thread.execute(() -> send(event));
        } catch (Throwable e) { // no thread is to be had: the others are still told
            overflown.incrementAndGet();
        }
    }

    private void dropOldest(Runnable event, ThreadPoolExecutor executor) {
        if (!executor.isShutdown()) {
            if (executor.getQueue().poll() != null) {
                overflown.incrementAndGet();
            }
            executor.execute(event);
        }
    }

    private void send(AlarmEvent event) {
        synchronized (this) {
            busy = true;
            busySince = nanoTime.getAsLong();
        }
        String failure = null;
        try {
            notifier.send(event);
        } catch (Throwable e) {
            failure = text(e);
        }
        synchronized (this) {
            busy = false;
        }
        if (failure == null) {
            worked();
        } else if (!thread.isTerminating()) {
            trouble(1, failure);
        }
    }

    /// Says so in the log if it hangs or is too slow.
    void check() {
        long overflow = overflown.getAndSet(0);
        boolean hangs;
        synchronized (this) {
            hangs = busy && nanoTime.getAsLong() - busySince >= PATIENCE.toNanos();
        }
        if (overflow > 0) {
            trouble(overflow, "there was no room for more");
        } else if (hangs) {
            trouble(0, "it hangs");
        }
    }

    private void trouble(long alarmsLost, String why) {
        synchronized (this) {
            lost += alarmsLost;
            if (failing) {
                return;
            }
            failing = true;
        }
        LOG.log(
                Level.WARNING,
                "notifier " + name + " does not deliver alarms, and no more is said until it does: " + why);
    }

    /// What a user's exception says of itself is the user's code.
    private static String text(Throwable failure) {
        try {
            return failure.toString();
        } catch (Throwable e) {
            return failure.getClass().getName();
        }
    }

    private void worked() {
        long missed;
        synchronized (this) {
            if (!failing) {
                return;
            }
            failing = false;
            missed = lost;
            lost = 0;
        }
        LOG.log(Level.INFO, "notifier " + name + " works again; it lost " + missed + " alarms");
    }

    /// Takes no more events. Doesn't wait.
    void shutdown() {
        thread.shutdown();
    }

    /// Waits until those that are there are sent, or interrupts it at the deadline; then closes the notifier,
    /// in a thread of its own.
    ///
    /// @param deadline by the clock of [System#nanoTime()]
    Thread close(long deadline) {
        boolean interrupted = false;
        try {
            thread.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        thread.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return Thread.ofPlatform().name("myrmidon-notifier-close").daemon().start(() -> {
            try {
                notifier.close();
            } catch (Throwable e) {
                LOG.log(Level.WARNING, "notifier " + name + " did not close: " + e);
            }
        });
    }
}
