package dev.myrmidon.engine.each;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Takes items from submission to their end, and counts them. Thread-safe.
///
/// An item that has nothing to say and is not to be reported costs a counter and no more.
final class Execution {
    /// Lines shorter than this don't count against the memory for long ones.
    private static final int LONG_LINE_KIB = 64;

    private final ItemRunner runner;
    private final Stop stop;
    private final Tally tally;
    private final Reporter reporter;

    /// Items submitted and not ended, if each must have a report; who removes one reports it.
    private final @Nullable Set<Item> unfinished;

    /// KiB that may be taken by long lines on their way: a sixteenth of the heap, since a line is copied a few
    /// times.
    private final int mostLongLines =
            (int) Math.max(1024, Math.min(1 << 20, Runtime.getRuntime().maxMemory() >> 14));

    private final Semaphore longLines = new Semaphore(mostLongLines);

    Execution(ItemRunner runner, Stop stop, Tally tally, Reporter reporter) {
        this.runner = runner;
        this.stop = stop;
        this.tally = tally;
        this.reporter = reporter;
        this.unfinished = reporter.wantsAll() ? ConcurrentHashMap.newKeySet() : null;
    }

    /// Called for each item before it is submitted. Waits while the long lines that are on their way take too much
    /// memory.
    void begin(Item item) {
        longLines.acquireUninterruptibly(permits(item));
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
    void run(Item item) {
        if (!stop.running()) {
            end(item, Result.CANCELLED, 0);
            return;
        }
        long start = System.nanoTime();
        Result result = item.problem() != null ? Result.failed(item.problem()) : tryRun(item);
        end(item, result, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private Result tryRun(Item item) {
        Result result;
        try {
            result = runner.run(item);
        } catch (InterruptedException e) {
            // The pool clears the interrupt status of its threads.
            return stop.cancelling() ? Result.CANCELLED : Result.failed(Failures.text(e));
        } catch (IOException e) {
            result = Result.failed("temporary files: " + Failures.reason(e));
        } catch (RuntimeException | Error e) {
            // Too few file descriptors or threads, or a mistake of ours: the item is counted all the same.
            result = Result.failed("unexpected failure: " + Failures.text(e));
        }
        return result.cutShort() && stop.cancelling() ? result.cancelled() : result;
    }

    /// The item has ended, one way or another.
    void end(Item item, Result result, long millis) {
        longLines.release(permits(item));
        if (unfinished != null && !unfinished.remove(item)) {
            return; // given up, and reported as such
        }
        tally.end(result.status());
        if (reporter.wants(result)) {
            reporter.report(new Outcome(item, result, millis));
        }
    }

    /// Reports what still runs as cancelled.
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
