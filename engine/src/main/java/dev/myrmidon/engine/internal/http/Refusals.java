package dev.myrmidon.engine.internal.http;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// Keeps account of writes that were refused. Those of strangers are kept up to a number in each minute
/// and counted beyond it, so that they can't push everything else out of the audit. Thread-safe.
final class Refusals {
    /// How many refusals of strangers are told in one minute.
    static final int MOST = 20;

    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final ManagedEngine engine;
    private final LongSupplier nanoTime;
    /// Guarded by this.
    private long minuteBegan;
    /// Told in this minute. Guarded by this.
    private int told;
    /// Not told since the last one that was. Guarded by this.
    private long untold;

    Refusals(ManagedEngine engine, LongSupplier nanoTime) {
        this.engine = engine;
        this.nanoTime = nanoTime;
        this.minuteBegan = nanoTime.getAsLong();
    }

    /// Of somebody who has the token.
    void known(String client, String request, Problem problem) {
        account(client, request, problem, "");
    }

    /// Of somebody who hasn't.
    void stranger(String client, String request, Problem problem) {
        long before;
        synchronized (this) {
            long now = nanoTime.getAsLong();
            if (now - minuteBegan >= MINUTE) {
                minuteBegan = now;
                told = 0;
            }
            if (told == MOST) {
                untold++;
                return;
            }
            told++;
            before = untold;
            untold = 0;
        }
        account(client, request, problem, before == 0 ? "" : "; " + before + " more were refused before");
    }

    private void account(String client, String request, Problem problem, String more) {
        engine.account(client, List.of(), List.of(request + ": " + problem.detail() + more));
    }
}
