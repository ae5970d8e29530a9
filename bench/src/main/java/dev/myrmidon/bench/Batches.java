package dev.myrmidon.bench;

import dev.myrmidon.Pool;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.IntStream;

/// How a peer does a number of items, whose results are wanted in order.
@FunctionalInterface
interface Batches {
    /// Runs the task for each number from 0, and returns these numbers when all have ended.
    List<Integer> run(int items, Runnable task) throws InterruptedException;

    /// All batches share one pool.
    static Batches myrmidon(Workload workload) {
        Pool pool = Pool.builder("bench").capacity(workload.capacity()).build();
        return (items, task) -> pool.map(() -> IntStream.range(0, items).iterator(), item -> {
                    task.run();
                    return item;
                })
                .toList();
    }

    /// Each batch has a bound of its own, which is its submitter's share.
    static Batches mapConcurrent(Workload workload) {
        int atOnce = Math.max(1, workload.capacity() / workload.submitters());
        return (items, task) -> IntStream.range(0, items)
                .boxed()
                .gather(Gatherers.mapConcurrent(atOnce, item -> {
                    task.run();
                    return item;
                }))
                .toList();
    }
}
