package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

/// Runs a batch, waits until all of it is done, and looks at every result and every error.
///
/// Use it when you need all answers before you go on. `invokeAll` returns when every task has ended, failed
/// ones included, and its futures are in the order of the tasks. So nothing is lost to the first error.
final class RunABatch {
    static void main() throws InterruptedException {
        List<String> inputs = List.of("1", "two", "3", "", "5");
        List<Callable<Integer>> parse = inputs.stream()
                .map(input -> (Callable<Integer>) () -> Integer.parseInt(input))
                .toList();

        try (Pool pool = Pool.builder("parse").capacity(2).build()) {
            int sum = 0;
            for (Future<Integer> number : pool.invokeAll(parse)) {
                switch (number.state()) {
                    case SUCCESS -> sum += number.resultNow();
                    case FAILED -> IO.println("error: " + number.exceptionNow().getMessage());
                    case CANCELLED, RUNNING -> throw new AssertionError("nobody cancels, and all have ended");
                }
            }
            IO.println("sum of the others: " + sum);
        }
    }
}
