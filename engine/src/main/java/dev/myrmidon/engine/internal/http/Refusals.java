package dev.myrmidon.engine.internal.http;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/// Keeps account of writes that were refused. Those of strangers are kept up to a number in each minute and counted
/// beyond it, so that they can't push everything else out of the audit. Thread-safe.
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
    void known(Call call, Problem problem) {
        account(call, problem, "");
    }

    /// Of somebody who hasn't.
    void stranger(Call call, Problem problem) {
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
        account(call, problem, before == 0 ? "" : "; " + before + " more were refused before");
    }

    private void account(Call call, Problem problem, String more) {
        engine.account(call.client(), List.of(), List.of(call.line() + ": " + problem.detail() + more));
    }
}
