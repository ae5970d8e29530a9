package dev.myrmidon.stress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolStats;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No accepted task and no waiting submitter is stranded, though nothing but a wake-up can bring it on:
/// idle workers never expire, and nobody here waits with a limit. A wake-up that gets lost is lost for good,
/// and the test's own timeout tells of it.
///
/// `-Dhandoffs=10000000` makes it thorough: so many in each of the cases.
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class LivenessTest {
    private static final int HANDOFFS = Integer.getInteger("handoffs", 400_000);
    private static final int SUBMITTERS = 4;

    /// Submitters that find no room most of the time, so that slots pass from hand to hand.
    @ParameterizedTest
    @CsvSource({"1, 0, false", "1, 0, true", "2, 1, false", "3, 16, true"})
    void noSubmitterThatWaitsIsStranded(int capacity, int queue, boolean virtual) throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(HANDOFFS);
        submit(capacity, queue, virtual, (pool, count) -> {
            for (int i = 0; i < count; i++) {
                pool.execute(ran::countDown);
            }
        });
        ran.await();
    }

    /// Submitters that each wait until their task has run, so that the workers become idle and are called
    /// all the time.
    @ParameterizedTest
    @CsvSource({"4, 0, false", "2, 4, true"})
    void noAcceptedTaskIsStrandedWhenWorkersBecomeIdle(int capacity, int queue, boolean virtual)
            throws InterruptedException {
        submit(capacity, queue, virtual, (pool, count) -> {
            for (int i = 0; i < count; i++) {
                Call call = new Call();
                pool.execute(call);
                call.await();
            }
        });
    }

    private interface Submissions {
        void make(Pool pool, int count);
    }

    private static void submit(int capacity, int queue, boolean virtual, Submissions submissions)
            throws InterruptedException {
        Pool pool = Pool.builder("alive")
                .capacity(capacity)
                .queueCapacity(queue)
                .expiry(Pool.NEVER)
                .build();
        try (pool) {
            List<Thread> submitters = new ArrayList<>();
            for (int i = 0; i < SUBMITTERS; i++) {
                Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
                submitters.add(builder.start(() -> submissions.make(pool, HANDOFFS / SUBMITTERS)));
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
        }
        PoolStats stats = pool.stats();
        assertThat(stats.completed()).isEqualTo(HANDOFFS);
        assertThat(stats.submitted()).isEqualTo(HANDOFFS);
    }

    /// A task that wakes its submitter.
    private static final class Call implements Runnable {
        private final Thread submitter = Thread.currentThread();
        private volatile boolean ran;

        @Override
        public void run() {
            ran = true;
            LockSupport.unpark(submitter);
        }

        void await() {
            while (!ran) {
                LockSupport.park(this);
            }
        }
    }
}
