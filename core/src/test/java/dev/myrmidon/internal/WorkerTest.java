package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskFailureHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// One worker, played by the test's thread, among parts that nobody else touches. Threads that are asked
/// for are counted; each takes the search upon itself and finds nothing.
class WorkerTest {
    private final Books books = new Books();
    private final Ring ring = new Ring();
    private final AtomicInteger sent = new AtomicInteger();
    private final List<String> order = new ArrayList<>();

    private Gate gate(int capacity, int queueCapacity, int slotsHeld) {
        Gate gate = new Gate(capacity, queueCapacity, Pool.UNBOUNDED, ring, books, () -> {});
        for (int i = 0; i < slotsHeld; i++) {
            assertThat(gate.tryEnter()).isTrue();
        }
        return gate;
    }

    private Workers workers(Gate gate) {
        List<Workers> made = new ArrayList<>();
        ThreadFactory counting = _ -> new Thread() {
            @Override
            public void start() {
                sent.incrementAndGet();
                made.getFirst().endSearch();
            }
        };
        made.add(new Workers(gate, ring, runner(), books, counting, 1, false, () -> {}));
        return made.getFirst();
    }

    private static TaskRunner runner() {
        return new TaskRunner("orders", TaskFailureHandler.LOG, null);
    }

    /// Runs a worker until it has been idle for the expiry of a nanosecond.
    private void work(Gate gate, Workers workers) {
        assertThat(workers.claimSearch()).isTrue();
        new Worker(workers, gate, ring, runner(), System.nanoTime()).run();
    }

    @Test
    void aTaskThatStartsAfterEverythingWasInterruptedStartsInterrupted() {
        Gate gate = gate(1, 0, 1);
        Workers workers = workers(gate);
        AtomicBoolean interrupted = new AtomicBoolean();
        ring.offer(() -> interrupted.set(Thread.currentThread().isInterrupted()));
        workers.interruptAll();
        work(gate, workers);
        assertThat(interrupted).isTrue();
    }

    @Test
    void aTaskThatHasItsSlotForLongerGoesBeforeTheOneHandedOver() {
        Gate gate = gate(2, 1, 2);
        Workers workers = workers(gate);
        AtomicInteger sentBefore = new AtomicInteger();
        ring.offer(() -> {
            order.add("first");
            sentBefore.set(sent.get());
        });
        ring.offer(() -> {
            order.add("second");
            assertThat(sent.get()).as("another worker for the one handed over").isEqualTo(sentBefore.get() + 1);
        });
        assertThat(gate.admit(() -> order.add("queued"))).isEqualTo(Admission.ACCEPTED);
        work(gate, workers);
        assertThat(order).containsExactly("first", "second", "queued");
        assertThat(books.failed.sum()).isZero();
    }

    @Test
    void anotherWorkerIsSentForWhatGotItsSlotBackAfterAShrink() {
        Gate gate = gate(3, 0, 3);
        Workers workers = workers(gate);
        for (String name : List.of("a", "b", "c")) {
            ring.offer(() -> order.add(name + sent.get()));
        }
        gate.resize(2);
        work(gate, workers);
        // one when the search ended, one after the slots were handed back and two were granted again
        assertThat(order).startsWith("a2").hasSize(3);
        assertThat(gate.numbers().running()).isZero();
    }

    @Test
    void aSearchForWhichThereIsNobodyLeftEnds() {
        Gate gate = gate(1, 0, 0);
        Workers workers = workers(gate);
        workers.dismiss();
        workers.signal();
        assertThat(sent).hasValue(0);
        assertThat(workers.claimSearch()).as("nobody is searching").isTrue();
    }

    /// Tasks that compute for so long each.
    private void offerTasks(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            ring.offer(() -> {
                long end = System.nanoTime() + nanos;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                order.add("ran");
            });
        }
    }

    /// Has one worker after the other work until nothing is left.
    ///
    /// @return how many it took
    private int workOff(Gate gate, Workers workers) {
        for (int count = 1; ; count++) {
            int sentBefore = sent.get();
            work(gate, workers);
            if (ring.isEmpty()) {
                return count;
            }
            assertThat(sent).as("after the search, and at the end").hasValue(sentBefore + 2);
        }
    }

    @Test
    void aLongStretchEndsWithAnotherWorkerOnItsWayOrABreak() {
        Gate gate = gate(1_000, 0, 1_000);
        Workers workers = workers(gate);
        offerTasks(1_000, 100_000);
        var _ = workOff(gate, workers);
        assertThat(order).as("nothing was left behind").hasSize(1_000);
        assertThat(workers.claimRest()).as("the break is over").isTrue();
    }

    @Test
    void aWorkerThatHasLivedForAWhileLeavesTheRestToAnother() {
        Gate gate = gate(10_000, 0, 10_000);
        Workers workers = workers(gate);
        offerTasks(10_000, 100_000); // a second
        assertThat(workOff(gate, workers)).isGreaterThan(1);
        assertThat(order).as("nothing was left behind").hasSize(10_000);
    }

    @Test
    void aWorkerWhoseTasksAreLongEndsAfterItsTurn() {
        Gate gate = gate(1_000, 0, 1_000);
        Workers workers = workers(gate);
        offerTasks(32, 500_000);
        work(gate, workers);
        assertThat(order).as("16 before it takes its turn, one after").hasSize(17);
    }
}
