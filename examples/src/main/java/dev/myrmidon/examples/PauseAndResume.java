package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/// Holds a pool still for a while, and waits until it has nothing to do.
///
/// A paused pool starts no task: what runs goes on, what is submitted is queued as in a pool whose slots are
/// all taken, and waits or is refused when the queue is full. `awaitIdle` is the way to wait for everything
/// that was submitted without closing the pool.
final class PauseAndResume {
    static void main() throws InterruptedException, ExecutionException {
        AtomicInteger written = new AtomicInteger();
        CompletableFuture<String> disk = new CompletableFuture<>();
        CountDownLatch started = new CountDownLatch(1);
        try (Pool pool = Pool.builder("writes").capacity(4).queueCapacity(100).build()) {
            var underWay = pool.submit(() -> {
                started.countDown();
                disk.join();
                return written.incrementAndGet();
            });
            started.await();

            pool.pause();
            for (int i = 0; i < 10; i++) {
                pool.execute(written::incrementAndGet);
            }
            disk.complete("ready");
            IO.println("what ran went on: " + underWay.get());
            IO.println("running=" + pool.stats().running() + " queued="
                    + pool.stats().queued() + " paused=" + pool.isPaused());

            pool.resume();
            pool.awaitIdle();
            IO.println("written: " + written);
        }
    }
}
