package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.CloseReport;
import dev.myrmidon.Pool;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosingTest {
    private final CountDownLatch bothSubmitted = new CountDownLatch(1);
    private final CountDownLatch isBetween = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger workers = new AtomicInteger();

    /// The first worker has taken its task when it starts the second one, and isn't at it yet.
    private Thread worker(Runnable worker) {
        if (workers.getAndIncrement() == 0) {
            return Thread.ofVirtual().unstarted(() -> {
                awaitUninterruptibly(bothSubmitted);
                worker.run();
            });
        }
        return new Thread(worker) {
            @Override
            public void start() {
                isBetween.countDown();
                awaitUninterruptibly(goOn);
                super.start();
            }
        };
    }

    @Test
    void aTaskThatIsAboutToStartAtTheDeadlineIsReported() throws InterruptedException {
        DefaultPool pool = new DefaultPool(Pool.builder("orders").capacity(2).config(), this::worker);
        AtomicBoolean interrupted = new AtomicBoolean();
        pool.execute(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.set(true);
            }
        });
        pool.execute(() -> {});
        bothSubmitted.countDown();
        isBetween.await();
        AtomicReference<CloseReport> report = new AtomicReference<>();
        Thread closer = Thread.ofVirtual().start(() -> report.set(pool.close(Duration.ZERO, Duration.ofHours(1))));
        await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
        goOn.countDown();
        closer.join();

        assertThat(interrupted).isTrue();
        assertThat(report.get().interrupted()).hasSize(1);
        assertThat(report.get().neverStarted()).hasSize(1);
        assertThat(report.get().stillRunning()).isEmpty();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        for (boolean isOpen = false; !isOpen; ) {
            try {
                latch.await();
                isOpen = true;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
