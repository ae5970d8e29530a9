package dev.myrmidon.engine.internal.http;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// Keeps account of requests that were refused: writes in the audit, and reads without the token, which change
/// nothing, in the log alone. Those of strangers are told up to a number in each minute and counted beyond it, so
/// that they can't push everything else out. Thread-safe.
final class Refusals {
    /// How many writes of strangers are told in one minute.
    static final int MOST = 20;

    /// How many reads are.
    private static final int MOST_READS = 1;

    private static final System.Logger LOG = System.getLogger("dev.myrmidon.engine.http");

    private final ManagedEngine engine;
    private final PerMinute writes;
    private final PerMinute reads;

    Refusals(ManagedEngine engine, LongSupplier nanoTime) {
        this.engine = engine;
        this.writes = new PerMinute(MOST, nanoTime);
        this.reads = new PerMinute(MOST_READS, nanoTime);
    }

    /// A write of somebody who has the token.
    void known(String client, String request, Problem problem) {
        account(client, request, problem, 0);
    }

    /// A write of somebody who hasn't.
    void stranger(String client, String request, Problem problem) {
        long before = writes.admit();
        if (before >= 0) {
            account(client, request, problem, before);
        }
    }

    /// A read of somebody who hasn't.
    void reader(String client, String request, Problem problem) {
        long before = reads.admit();
        if (before >= 0) {
            LOG.log(System.Logger.Level.WARNING, "refused http " + client + ": " + line(request, problem, before));
        }
    }

    private void account(String client, String request, Problem problem, long before) {
        engine.account(client, List.of(), List.of(line(request, problem, before)));
    }

    private static String line(String request, Problem problem, long before) {
        return request + ": " + problem.detail() + (before == 0 ? "" : "; " + before + " more were refused before");
    }

    /// Lets so many through in each minute.
    private static final class PerMinute {
        private static final long MINUTE = Duration.ofMinutes(1).toNanos();

        private final int most;
        private final LongSupplier nanoTime;
        /// Guarded by this.
        private long minuteBegan;
        /// Let through in this minute. Guarded by this.
        private int admitted;
        /// Held back since the last one that was let through. Guarded by this.
        private long heldBack;

        PerMinute(int most, LongSupplier nanoTime) {
            this.most = most;
            this.nanoTime = nanoTime;
            this.minuteBegan = nanoTime.getAsLong();
        }

        /// Lets one through, or holds it back.
        ///
        /// @return how many were held back before it; -1 if this one is, too
        synchronized long admit() {
            long now = nanoTime.getAsLong();
            if (now - minuteBegan >= MINUTE) {
                minuteBegan = now;
                admitted = 0;
            }
            if (admitted == most) {
                heldBack++;
                return -1;
            }
            admitted++;
            long before = heldBack;
            heldBack = 0;
            return before;
        }
    }
}
