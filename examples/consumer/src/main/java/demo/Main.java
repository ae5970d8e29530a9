package demo;

import dev.myrmidon.Pool;
import java.util.concurrent.atomic.LongAdder;

/// A hundred tasks, ten at a time.
public final class Main {
    private Main() {}

    static long sum() {
        var sum = new LongAdder();
        try (Pool pool = Pool.builder("demo").capacity(10).build()) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                pool.execute(() -> sum.add(number));
            }
        } // waits until all are done
        return sum.sum();
    }

    /// Prints the sum.
    ///
    /// @param args none
    public static void main(String[] args) {
        System.out.println(sum());
    }
}
