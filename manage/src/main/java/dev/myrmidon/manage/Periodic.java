package dev.myrmidon.manage;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does things again and again, in one thread for all of them.
///
/// A platform thread: it has to go on looking when virtual threads don't get a carrier.
final class Periodic implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    private final ScheduledThreadPoolExecutor thread;

    /// Starts no thread before there is something to do.
    Periodic(String threadName) {
        thread = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(threadName).daemon().factory());
        thread.setRemoveOnCancelPolicy(true);
    }

    /// Does it after each interval, until the future is cancelled. An interval begins with the end of the one
    /// before it, so that what a stall has kept from being done is not made up for in a burst. What it throws is
    /// logged, and it goes on.
    ScheduledFuture<?> every(Duration interval, Runnable action) {
        long nanos = interval.toNanos();
        return thread.scheduleWithFixedDelay(() -> run(action), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (Throwable failure) {
            log(failure);
        }
    }

    /// What goes out of a run ends all further ones.
    private static void log(Throwable failure) {
        try {
            LOG.log(System.Logger.Level.ERROR, "something that is done again and again failed", failure);
        } catch (Throwable notEvenThat) {
            // such as no memory to log that there is none
        }
    }

    /// Ends the thread, and interrupts what it is at. Doesn't wait.
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
