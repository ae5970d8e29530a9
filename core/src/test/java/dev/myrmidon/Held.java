package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Tasks that hold their slots until they are let go, ignoring interrupts or not.
final class Held implements AutoCloseable {
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final Semaphore started = new Semaphore(0);

    /// Fills that many slots of the pool; when it returns, the tasks run.
    static Held fill(Pool pool, int slots) throws InterruptedException {
        Held held = new Held();
        for (int i = 0; i < slots; i++) {
            pool.execute(held::hold);
        }
        held.awaitStarted(slots);
        return held;
    }

    /// Submits one such task, and accepts that the pool closes first.
    Runnable submitTo(Pool pool) {
        return () -> {
            try {
                pool.execute(this::hold);
            } catch (PoolClosedException e) {
                // the test has seen what it wanted, and its pool is gone
            }
        };
    }

    /// The body of a task: holds on until it is let go or interrupted.
    void hold() {
        started.release();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The body of a task that interrupts don't move.
    void holdStubbornly() {
        started.release();
        boolean done = false;
        while (!done) {
            try {
                letGo.await();
                done = true;
            } catch (InterruptedException e) {
                // the very point
            }
        }
    }

    void awaitStarted(int tasks) throws InterruptedException {
        assertThat(started.tryAcquire(tasks, 30, TimeUnit.SECONDS)).isTrue();
    }

    void letGo() {
        letGo.countDown();
    }

    @Override
    public void close() {
        letGo();
    }
}
