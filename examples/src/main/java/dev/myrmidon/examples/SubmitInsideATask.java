package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Submits tasks from inside tasks of the same pool and waits for them there.
///
/// In a fixed pool of threads this deadlocks as soon as every thread waits for a task that no thread is
/// left to run. Here it can't: a task that submits to its own pool, which is full, runs the inner task
/// itself, on the slot that it has. This holds at any capacity, 1 included. Good for work that splits:
/// directories, link trees, divide and conquer.
final class SubmitInsideATask {
    static void main() throws InterruptedException, ExecutionException {
        Pool pool = Pool.builder("tree").capacity(1).build();
        try (pool) {
            IO.println("sum of 1 to 8: " + pool.submit(() -> sum(pool, 1, 8)).get());
        }
        IO.println("tasks: " + pool.stats().completed());
        IO.println("of which ran inside another one: " + pool.stats().nested());
    }

    private static int sum(Pool pool, int first, int last) throws InterruptedException, ExecutionException {
        if (first == last) {
            return first;
        }
        int middle = (first + last) / 2;
        Future<Integer> left = pool.submit(() -> sum(pool, first, middle));
        Future<Integer> right = pool.submit(() -> sum(pool, middle + 1, last));
        return left.get() + right.get();
    }
}
