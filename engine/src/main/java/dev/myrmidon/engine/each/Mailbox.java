package dev.myrmidon.engine.each;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Carries outcomes from the workers to the reporter. Bounded: who puts waits while it is full, so a slow reader of our
/// output slows the run down instead of filling the memory.
final class Mailbox {
    private static final int MAX_OUTCOMES = 4096;
    private static final long MAX_WEIGHT = 4 << 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition emptied = lock.newCondition();

    // All guarded by lock.
    private List<Outcome> outcomes = new ArrayList<>();
    private long weight;
    private boolean bounded = true;
    private boolean closed;

    /// Adds an outcome; waits while there is no room. Not interruptible: an outcome is never lost. After
    /// [#close()] it has no effect.
    void put(Outcome outcome) {
        lock.lock();
        try {
            while (bounded && !closed && (outcomes.size() >= MAX_OUTCOMES || weight >= MAX_WEIGHT)) {
                emptied.awaitUninterruptibly();
            }
            if (closed) {
                return;
            }
            outcomes.add(outcome);
            weight += outcome.weight();
            if (outcomes.size() == 1) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Takes all outcomes there are; empty if there are none now.
    List<Outcome> poll() {
        lock.lock();
        try {
            return drain();
        } finally {
            lock.unlock();
        }
    }

    /// Takes all outcomes there are, and waits for the first one if there are none. Empty only if the mailbox is
    /// closed.
    List<Outcome> take() {
        lock.lock();
        try {
            while (outcomes.isEmpty() && !closed) {
                filled.awaitUninterruptibly();
            }
            return drain();
        } finally {
            lock.unlock();
        }
    }

    /// Lets whoever waits for room go on: what is running is to end, and there isn't more of it than the capacity.
    void unbound() {
        lock.lock();
        try {
            bounded = false;
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no outcome any more; those in it can be taken.
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signal();
            emptied.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<Outcome> drain() {
        if (outcomes.isEmpty()) {
            return List.of();
        }
        List<Outcome> drained = outcomes;
        outcomes = new ArrayList<>();
        weight = 0;
        emptied.signalAll();
        return drained;
    }
}
