package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class BooksTest {
    @Test
    void theyAreThoseOfAllPools() throws InterruptedException {
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch gate = new CountDownLatch(1);
        try (Pool one = Pool.builder("one").capacity(1).build();
                Pool other = Pool.builder("other").capacity(1).queueCapacity(5).build()) {
            one.submit(() -> "done").join();
            var _ = other.submit(() -> {
                began.countDown();
                gate.await();
                return null;
            });
            began.await();
            other.execute(() -> {});

            assertThat(Books.of(List.of(one, other))).isEqualTo(new Books(2, 3, 0, 1, 0, 0, 1, 1));
            gate.countDown();
        }
    }

    @Test
    void whatIsMissingIsTold() {
        assertThat(new Books(1, 9, 1, 2, 3, 1, 1, 1))
                .hasToString(
                        "books of 1 pool: submitted=9 rejected=1 completed=2 failed=3 cancelled=1 running=1 queued=1,"
                                + " they balance");
        assertThat(new Books(2, 12, 1, 2, 3, 1, 1, 1).toString()).endsWith(", they don't balance: missing=3");
        assertThat(new Books(2, 8, 1, 2, 3, 1, 1, 1).toString()).endsWith(", they don't balance: missing=-1");
    }
}
