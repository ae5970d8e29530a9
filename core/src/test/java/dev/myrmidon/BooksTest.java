package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `submitted = rejected + completed + failed + cancelled + running + queued`, whatever happens at once.
class BooksTest {
    private static final int SUBMITTERS = 8;
    private static final int ROUNDS = 5;
    private static final int TASKS_PER_ROUND = 3_000;

    static Stream<PoolConfig> kinds() {
        TaskFailureHandler quiet = (_, _) -> {};
        PoolBuilder plain = Pool.builder("books").capacity(4).onFailure(quiet);
        return Stream.of(
                plain.config(),
                plain.config().toBuilder().queueCapacity(20).config(),
                plain.config().toBuilder().maxBlockingTasks(2).config(),
                plain.config().toBuilder().nonblocking().queueCapacity(5).config(),
                plain.config().toBuilder()
                        .whenSaturated(SaturationPolicy.callerRuns())
                        .config(),
                plain.config().toBuilder()
                        .whenSaturated(SaturationPolicy.awaitAtMost(Duration.ofNanos(20_000)))
                        .config(),
                plain.config().toBuilder()
                        .queueCapacity(20)
                        .whenSaturated(SaturationPolicy.dropOldest())
                        .config());
    }

    /// What the submitters and the bodies saw for themselves, to hold the pool's books against.
    private static final class Witness {
        final LongAdder calls = new LongAdder();
        final LongAdder refusals = new LongAdder();
        final LongAdder returned = new LongAdder();
        final LongAdder threw = new LongAdder();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void balanceUnderSubmitResizeCancelAndClose(PoolConfig config) throws InterruptedException {
        Witness witness = new Witness();
        Pool pool = Pool.open(config);
        AtomicBoolean done = new AtomicBoolean();
        Phaser quiet = new Phaser(1);
        List<Thread> submitters = new ArrayList<>();
        for (int s = 0; s < SUBMITTERS; s++) {
            quiet.register();
            Random random = new Random(s);
            Thread.Builder thread = s % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual();
            submitters.add(thread.start(() -> {
                for (int round = 0; round <= ROUNDS; round++) {
                    for (int i = 0; i < TASKS_PER_ROUND; i++) {
                        submitOne(pool, random, witness);
                    }
                    if (round < ROUNDS) {
                        quiet.arriveAndAwaitAdvance(); // all have submitted their part
                        quiet.arriveAndAwaitAdvance(); // the books were checked
                    }
                }
            }));
        }
        Thread resizer = Thread.ofPlatform().start(() -> {
            Random random = new Random(42);
            while (!done.get()) {
                pool.resize(random.nextInt(10) == 0 ? Pool.UNBOUNDED : 1 + random.nextInt(16));
                Thread.onSpinWait();
            }
        });
        for (int round = 0; round < ROUNDS; round++) {
            quiet.arriveAndAwaitAdvance();
            await().untilAsserted(() -> {
                PoolStats now = pool.stats();
                assertThat(now.running() + now.queued() + now.waiting()).isZero();
            });
            assertBalanced(pool.stats(), witness);
            quiet.arriveAndAwaitAdvance();
        }
        // the last round is under way when the pool closes
        pool.close();
        PoolStats end = pool.stats();
        assertThat(end.running() + end.queued()).isZero();
        if (!(config.whenSaturated() instanceof SaturationPolicy.CallerRuns)) { // whose callers may be counting
            assertThat(end.submitted()).isEqualTo(end.rejected() + end.completed() + end.failed() + end.cancelled());
        }
        for (Thread submitter : submitters) {
            submitter.join();
        }
        done.set(true);
        resizer.join();
        assertBalanced(pool.stats(), witness);
    }

    private static void submitOne(Pool pool, Random random, Witness witness) {
        witness.calls.increment();
        int kind = random.nextInt(20);
        Runnable body = () -> {
            if (kind == 0) {
                witness.threw.increment();
                throw new AssertionError("on purpose");
            }
            if (kind == 1) {
                LockSupport.parkNanos(1);
            }
            if (kind == 2) {
                Thread.currentThread().interrupt();
            }
            if (kind == 3) {
                submitAndAwait(pool, witness);
            }
            witness.returned.increment();
        };
        try {
            if (kind < 15) {
                pool.execute(body);
            } else if (kind < 17) {
                if (!pool.tryExecute(body)) {
                    witness.refusals.increment();
                }
            } else {
                Future<?> future = pool.submit(body);
                if (kind == 19) {
                    future.cancel(true);
                }
            }
        } catch (RejectedExecutionException e) {
            witness.refusals.increment();
        }
    }

    /// Inside a task: submits another one to the same pool and waits for it.
    private static void submitAndAwait(Pool pool, Witness witness) {
        witness.calls.increment();
        try {
            pool.submit(witness.returned::increment).get();
        } catch (RejectedExecutionException e) {
            witness.refusals.increment();
        } catch (InterruptedException | ExecutionException | CancellationException e) {
            // dropped, or the pool's end is near
        }
    }

    private static void assertBalanced(PoolStats stats, Witness witness) {
        assertThat(stats.submitted()).as("calls: %s", stats).isEqualTo(witness.calls.sum());
        assertThat(stats.rejected()).as("refusals: %s", stats).isEqualTo(witness.refusals.sum());
        assertThat(stats.failed()).as("throws: %s", stats).isEqualTo(witness.threw.sum());
        assertThat(stats.completed() + stats.cancelled())
                .as("the rest returned or was cancelled: %s", stats)
                .isEqualTo(stats.submitted() - stats.rejected() - stats.failed() - stats.running() - stats.queued());
        assertThat(stats.completed()).as("returns: %s", stats).isLessThanOrEqualTo(witness.returned.sum());
    }
}
