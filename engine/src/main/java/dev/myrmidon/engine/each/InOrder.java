package dev.myrmidon.engine.each;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Passes outcomes on in the order of their items. What is early waits in a window in memory, and past it
/// on disk. Used by one thread.
final class InOrder implements Outlet {
    /// How far an outcome in memory may be ahead of the next one to pass on.
    static final int WINDOW = 4096;

    /// How much the outcomes in memory may weigh.
    private static final long MAX_WEIGHT = 4 << 20;

    private final Outlet next;
    private final Spill spill;
    private final @Nullable Outcome[] window = new @Nullable Outcome[WINDOW];
    private long expected;
    private long last = -1;
    private long weight;

    InOrder(Outlet next, Spill spill) {
        this.next = next;
        this.spill = spill;
    }

    @Override
    public void accept(Outcome outcome) throws IOException {
        long sequence = outcome.item().sequence();
        last = Math.max(last, sequence);
        if (sequence == expected) {
            next.accept(outcome);
            expected++;
            passOnFollowers();
        } else if (sequence - expected < WINDOW && weight + outcome.weight() <= MAX_WEIGHT) {
            window[(int) (sequence % WINDOW)] = outcome;
            weight += outcome.weight();
        } else {
            spill.put(outcome);
        }
    }

    /// Passes on what is left, although something before it never came.
    void finish() throws IOException {
        for (; expected <= last; expected++) {
            Outcome outcome = remove(expected);
            if (outcome != null) {
                next.accept(outcome);
            }
        }
    }

    private void passOnFollowers() throws IOException {
        for (Outcome outcome = remove(expected); outcome != null; outcome = remove(expected)) {
            next.accept(outcome);
            expected++;
        }
    }

    private @Nullable Outcome remove(long sequence) throws IOException {
        int slot = (int) (sequence % WINDOW);
        Outcome outcome = window[slot];
        if (outcome == null) {
            return spill.take(sequence);
        }
        window[slot] = null;
        weight -= outcome.weight();
        return outcome;
    }
}
