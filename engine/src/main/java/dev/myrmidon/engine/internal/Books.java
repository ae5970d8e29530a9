package dev.myrmidon.engine.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.List;
import java.util.function.ToLongFunction;

/// What became of everything that was submitted to some pools, all together.
///
/// @param pools how many there are
/// @param running tasks that were interrupted and run on, if the pools are closed
public record Books(
        int pools,
        long submitted,
        long rejected,
        long completed,
        long failed,
        long cancelled,
        long running,
        long queued) {

    /// A task that ends between two looks is seen by neither or both of them.
    private static final int LOOKS = 10;

    /// {@return those of some pools; exact if nothing is submitted, begins or ends, and after close}
    static Books of(List<Pool> pools) {
        Books books = read(pools);
        for (int look = 1; look < LOOKS && books.missing() != 0; look++) {
            books = read(pools);
        }
        return books;
    }

    private static Books read(List<Pool> pools) {
        List<PoolStats> all = pools.stream().map(Pool::stats).toList();
        return new Books(
                all.size(),
                sum(all, PoolStats::submitted),
                sum(all, PoolStats::rejected),
                sum(all, PoolStats::completed),
                sum(all, PoolStats::failed),
                sum(all, PoolStats::cancelled),
                sum(all, PoolStats::running),
                sum(all, PoolStats::queued));
    }

    private static long sum(List<PoolStats> all, ToLongFunction<PoolStats> number) {
        return all.stream().mapToLong(number).sum();
    }

    /// {@return how many were submitted and are nowhere else; negative if some are counted twice}
    public long missing() {
        return submitted - rejected - completed - failed - cancelled - running - queued;
    }

    /// {@return one line}
    @Override
    public String toString() {
        return "books of " + pools + (pools == 1 ? " pool" : " pools")
                + ": submitted=" + submitted
                + " rejected=" + rejected
                + " completed=" + completed
                + " failed=" + failed
                + " cancelled=" + cancelled
                + " running=" + running
                + " queued=" + queued
                + (missing() == 0 ? ", they balance" : ", they don't balance: missing=" + missing());
    }
}
