package dev.myrmidon.engine.each;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// Counts what became of the items. Thread-safe; the counters of the input have one writer, the others many.
final class Tally {
    private final AtomicLong submitted = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final LongAdder completed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder cancelled = new LongAdder();
    private final LongAdder retries = new LongAdder();

    /// An item is handed to the pool. Called by one thread.
    void submit() {
        submitted.setRelease(submitted.getPlain() + 1);
    }

    /// The pool refused the item submitted last. Called by the same thread.
    void reject() {
        rejected.setRelease(rejected.getPlain() + 1);
    }

    /// An item was done by an earlier run. Called by the same thread.
    void skip() {
        skipped.setRelease(skipped.getPlain() + 1);
    }

    /// An item ended.
    void end(Status status) {
        switch (status) {
            case COMPLETED -> completed.increment();
            case FAILED, TIMED_OUT -> failed.increment();
            case CANCELLED -> cancelled.increment();
        }
    }

    /// An item is tried again.
    void retry() {
        retries.increment();
    }

    /// The counts of this moment; `elapsed` is the caller's business.
    Summary summary(long elapsedNanos) {
        // What ended first, what was submitted last: never more ends than beginnings.
        long ok = completed.sum();
        long bad = failed.sum();
        long stopped = cancelled.sum();
        long refused = rejected.getAcquire();
        return new Summary(
                submitted.getAcquire(), ok, bad, stopped, refused, retries.sum(), skipped.getAcquire(), elapsedNanos);
    }
}
