package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolBuilder;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A pool that shrinks while tasks have their slots and no worker yet.
class HandBackTest {
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch handedBack = new CountDownLatch(1);
    private final AtomicInteger workers = new AtomicInteger();
    private final List<Integer> order = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private volatile Thread first;

    private DefaultPool openWithWorkersThatWait(int capacity) {
        return openWithWorkersThatWait(Pool.builder("orders").capacity(capacity));
    }

    /// The first worker waits for the test, the others until the first has handed back what it had.
    private DefaultPool openWithWorkersThatWait(PoolBuilder builder) {
        return new DefaultPool(builder.config(), worker -> {
            boolean isFirst = workers.getAndIncrement() == 0;
            CountDownLatch latch = isFirst ? go : handedBack;
            Thread thread = Thread.ofVirtual().unstarted(() -> {
                try {
                    latch.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                worker.run();
            });
            if (isFirst) {
                first = thread;
            }
            return thread;
        });
    }

    private Runnable numbered(int number) {
        return () -> {
            handedBack.countDown();
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            order.add(number);
            running.decrementAndGet();
        };
    }

    private Runnable holding(CountDownLatch started, CountDownLatch letGo) {
        return () -> {
            handedBack.countDown();
            started.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    @Test
    void whatWasHandedOutAndHasNotStartedGoesBackInOrder() {
        DefaultPool pool = openWithWorkersThatWait(50);
        for (int i = 0; i < 50; i++) {
            pool.execute(numbered(i));
        }
        pool.resize(1);
        assertThat(pool.stats().running()).as("slots held, though over the cap").isEqualTo(50);
        go.countDown();
        pool.close();

        assertThat(most.get()).isEqualTo(1);
        assertThat(order).isEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(pool.stats().completed()).isEqualTo(50);
    }

    @Test
    void whatWentBackStartsWhenThePoolGrowsAgain() throws InterruptedException {
        DefaultPool pool = openWithWorkersThatWait(3);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        pool.execute(holding(started, letGo));
        pool.execute(numbered(1));
        pool.execute(numbered(2));
        pool.resize(1);
        go.countDown();
        started.await();
        PoolStats shrunk = pool.stats();
        assertThat(shrunk.running()).isEqualTo(1);
        assertThat(shrunk.queued()).as("though there is no queue").isEqualTo(2);
        assertThat(pool.tryExecute(() -> {})).as("newcomers don't overtake").isFalse();

        pool.resize(3);
        letGo.countDown();
        pool.close();
        assertThat(order).containsExactlyInAnyOrder(1, 2);
    }

    @Test
    void whatWentBackCanBeCancelledInTheQueue() throws Exception {
        DefaultPool pool = openWithWorkersThatWait(2);
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        pool.execute(holding(started, letGo));
        Task<?> second = pool.submit(numbered(2));
        pool.resize(1);
        go.countDown();
        started.await();
        assertThat(pool.stats().queued()).isEqualTo(1);

        assertThat(second.cancel(false)).isTrue();

        assertThat(pool.stats().queued()).isZero();
        letGo.countDown();
        pool.close();
        assertThat(order).isEmpty();
        assertThat(pool.stats().cancelled()).isEqualTo(1);
    }

    /// Returns once the task has submitted another one, for which it then waits.
    private static Task<String> submitNested(DefaultPool pool) throws InterruptedException {
        CountDownLatch submitted = new CountDownLatch(1);
        Task<String> outer = pool.submit(() -> {
            Task<String> inner = pool.submit(() -> "ran");
            submitted.countDown();
            return inner.get();
        });
        submitted.await();
        return outer;
    }

    /// The first worker runs a task that waits for one that has a slot already; the second one finds the pool
    /// shrunk when it comes. Then nobody but the waiting task can run the other.
    @Test
    void aTaskThatWaitsForOneThatWentBackRunsIt() throws Exception {
        DefaultPool pool = openWithWorkersThatWait(2);
        go.countDown();
        Task<String> outer = submitNested(pool);
        pool.resize(1);
        while (pool.stats().workers() < 2) {
            Thread.onSpinWait();
        }
        handedBack.countDown();

        assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
        pool.close();
    }

    /// In a pool by priority a slot belongs to no certain task: here the one that a task waits for seems to
    /// have one, and then something higher gets it, which waits in its turn.
    @Test
    void aTaskThatWaitsForOneWhoseSlotGoesToAHigherOneRunsIt() throws Exception {
        DefaultPool pool = openWithWorkersThatWait(Pool.builder("orders")
                .capacity(2)
                .queueOrder(QueueOrder.priority())
                .queueCapacity(10));
        go.countDown();
        Task<String> outer = submitNested(pool);
        while (!outer.isDone() && first.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        Task<String> higher = pool.submit(() -> outer.get(), TaskOptions.NONE.priority(1));
        handedBack.countDown();

        assertThat(higher.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
        pool.close();
        assertThat(pool.stats().completed()).isEqualTo(3);
        assertThat(pool.stats().running()).isZero();
    }

    /// The timer came when the task had its slot, and is over.
    @Test
    void whatWentBackAfterItsTimeIsShed() throws Exception {
        DefaultPool pool =
                openWithWorkersThatWait(Pool.builder("orders").capacity(2).queueCapacity(10));
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        TaskOptions soon = TaskOptions.NONE.startWithin(Duration.ofMillis(20));
        pool.pause(); // so that it is queued first
        pool.execute(holding(started, letGo));
        Task<?> late = pool.submit(() -> {}, soon);
        pool.resume();
        Task<?> later = pool.submit(() -> {}, soon);
        assertThatThrownBy(() -> later.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(late.isDone()).isFalse();
        pool.resize(1);
        go.countDown();

        assertThatThrownBy(() -> late.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(late.status()).isEqualTo(Task.Status.SHED);
        letGo.countDown();
        pool.close();
    }

    /// The slot with which the key's turn passes on is one too many by then.
    @Test
    void aTaskThatWaitsForOneBehindAnotherOfItsKeyRunsItWhenItIsItsTurn() throws Exception {
        DefaultPool pool = new DefaultPool(
                Pool.builder("orders").capacity(2).queueCapacity(10).config());
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        TaskOptions keyed = TaskOptions.NONE.key("customer");
        var _ = pool.submit(holding(started, letGo), keyed);
        started.await();
        Task<String> behind = pool.submit(() -> "ran", keyed);
        CountDownLatch waits = new CountDownLatch(1);
        Thread[] waiter = new Thread[1];
        Task<String> outer = pool.submit(() -> {
            waiter[0] = Thread.currentThread();
            waits.countDown();
            return behind.get();
        });
        waits.await();
        while (waiter[0].getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        pool.resize(1);
        letGo.countDown();

        assertThat(outer.get(30, TimeUnit.SECONDS)).isEqualTo("ran");
        pool.close();
    }
}
