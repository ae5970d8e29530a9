package dev.myrmidon.engine.each;

import dev.myrmidon.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Takes items from submission to their end, and counts them. Thread-safe.
///
/// An item that has nothing to say and is not to be reported costs a counter and no more.
final class Execution {
    /// Lines shorter than this don't count against the memory for long ones.
    private static final int LONG_LINE_KIB = 64;

    private final ItemRunner runner;
    private final @Nullable Duration timeout;
    private final Stop stop;
    private final Tally tally;
    private final Reporter reporter;
    private final Consumer<Item> onFailed;
    private final Attempts attempts;

    /// Items submitted and not ended, if each must have a report; who removes one reports it.
    private final @Nullable Set<Item> unfinished;

    /// KiB that may be taken by long lines on their way: a sixteenth of the heap, since a line is copied a few
    /// times.
    private final int mostLongLines =
            (int) Math.max(1024, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 14));

    private final Semaphore longLines = new Semaphore(mostLongLines);

    /// @param timeout how long the pool lets an item run, or null
    /// @param onFailed told of each item that failed or timed out, before it is reported, which may have to wait
    /// @param attempts asked whether an item that failed is tried again, and told of ends
    Execution(
            ItemRunner runner,
            @Nullable Duration timeout,
            Stop stop,
            Tally tally,
            Reporter reporter,
            Consumer<Item> onFailed,
            Attempts attempts) {
        this.runner = runner;
        this.timeout = timeout;
        this.stop = stop;
        this.tally = tally;
        this.reporter = reporter;
        this.onFailed = onFailed;
        this.attempts = attempts;
        this.unfinished = reporter.wantsAll() ? ConcurrentHashMap.newKeySet() : null;
    }

    /// Called for each item first. Waits while the long lines that are on their way take too much memory.
    void awaitMemory(Item item) {
        longLines.acquireUninterruptibly(permits(item));
    }

    /// Called for each item before it is submitted.
    void begin(Item item) {
        tally.submit();
        if (unfinished != null) {
            unfinished.add(item);
        }
    }

    /// The pool refused the item.
    void reject(Item item) {
        tally.reject();
        if (unfinished != null) {
            unfinished.remove(item);
        }
    }

    /// Runs the item on the calling thread.
    ///
    /// @return how this attempt ended
    Result run(ItemTask task) {
        Item item = task.item();
        if (!stop.running()) {
            end(task, Result.CANCELLED, 0);
            return Result.CANCELLED;
        }
        long start = System.nanoTime();
        Result result = item.problem() != null ? Result.failed(item.problem()) : tryRun(task);
        if (!attempts.tryAgain(task, result)) {
            end(task, result, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        }
        return result;
    }

    private void end(ItemTask task, Result result, long millis) {
        try {
            end(task.item(), result, millis);
        } finally {
            attempts.ended(task);
        }
    }

    private Result tryRun(ItemTask task) {
        Result result;
        boolean interrupted = false;
        task.item().begin();
        if (task.item().attempts() > 1) {
            tally.retry();
        }
        try {
            result = runner.run(task.item());
            interrupted = result.status() == Status.CANCELLED;
        } catch (InterruptedException e) {
            // The pool clears the interrupt status of its threads.
            result = Result.failed(Failures.text(e));
            interrupted = true;
        } catch (IOException e) {
            result = Result.failed("temporary files: " + Failures.reason(e));
        } catch (RuntimeException | Error e) {
            // Too few file descriptors or threads, or a mistake of ours: the item is counted all the same.
            result = Result.failed("unexpected failure: " + Failures.text(e));
        }
        if (result.hasOwnEnd() || (result.status() == Status.COMPLETED && timeout == null)) {
            return result;
        }
        Task.Status end = task.endedFromOutside(interrupted, timeout);
        if (end == Task.Status.TIMED_OUT && timeout != null) {
            return result.timedOut(timeout);
        }
        if (result.status() == Status.COMPLETED) {
            return result;
        }
        if (end == Task.Status.CANCELLED) {
            return result.cancelledAlone();
        }
        return stop.cancelling() ? result.cancelled() : result;
    }

    /// The item has ended, one way or another.
    void end(Item item, Result result, long millis) {
        longLines.release(permits(item));
        if (unfinished != null && !unfinished.remove(item)) {
            return; // given up, and reported as such
        }
        tally.end(result.status());
        if (result.status() == Status.FAILED || result.status() == Status.TIMED_OUT) {
            onFailed.accept(item);
        }
        if (reporter.wants(result)) {
            reporter.report(new Outcome(item, result, millis));
        }
    }

    /// Reports as cancelled what has not ended: it was dropped, or is not waited for any more.
    void giveUp() {
        if (unfinished != null) {
            unfinished.forEach(item -> end(item, Result.CANCELLED, 0));
        }
    }

    private int permits(Item item) {
        int kib = item.bytes().length >> 10;
        return kib < LONG_LINE_KIB ? 0 : Math.min(kib, mostLongLines);
    }
}
