package dev.myrmidon.manage;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/// The last samples of a pool. Thread-safe.
final class History {
    private final int most;

    /// The oldest first; as large as it has been of use up to now.
    private final ArrayDeque<PoolSample> samples = new ArrayDeque<>();

    History(int most) {
        this.most = most;
    }

    synchronized void add(PoolSample sample) {
        if (samples.size() == most) {
            samples.removeFirst();
        }
        samples.addLast(sample);
    }

    synchronized Optional<PoolSample> latest() {
        return Optional.ofNullable(samples.peekLast());
    }

    synchronized List<PoolSample> read() {
        return List.copyOf(samples);
    }
}
