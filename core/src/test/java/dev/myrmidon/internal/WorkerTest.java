package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskFailureHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
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
        return workers(gate, false, _ -> sent.incrementAndGet());
    }

    /// @param onStart what the start of a thread does with the worker that it would run
    private Workers workers(Gate gate, boolean isolates, Consumer<Runnable> onStart) {
        List<Workers> made = new ArrayList<>();
        ThreadFactory factory = worker -> new Thread() {
            @Override
            public void start() {
                made.getFirst().endSearch();
                onStart.accept(worker);
            }
        };
        made.add(new Workers(gate, ring, runner(), books, factory, 1, isolates, () -> {}));
        return made.getFirst();
    }

    private static TaskRunner runner() {
        return new TaskRunner("orders", TaskFailureHandler.LOG, null);
    }

    /// Runs a worker until it has been idle for the expiry of a nanosecond.
    private void work(Gate gate, Workers workers) {
        assertThat(workers.claimSearch()).isTrue();
        new Worker(workers, gate, ring, runner(), System.nanoTime(), null).run();
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

    /// Tasks that compute for a tenth of a millisecond each.
    private void offerLongTasks(int count) {
        for (int i = 0; i < count; i++) {
            ring.offer(() -> {
                long end = System.nanoTime() + 100_000;
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
        offerLongTasks(1_000);
        var _ = workOff(gate, workers);
        assertThat(order).as("nothing was left behind").hasSize(1_000);
        assertThat(workers.claimRest()).as("the break is over").isTrue();
    }

    @Test
    void aWorkerThatHasLivedForAWhileLeavesTheRestToAnother() {
        Gate gate = gate(10_000, 0, 10_000);
        Workers workers = workers(gate);
        offerLongTasks(10_000); // a second
        assertThat(workOff(gate, workers)).isGreaterThan(1);
        assertThat(order).as("nothing was left behind").hasSize(10_000);
    }

    @Test
    void aWorkerThatEndsAfterItsTaskGivesTheOneHandedOverToItsSuccessor() {
        Gate gate = gate(1, 1, 1);
        List<Runnable> successors = new ArrayList<>();
        Workers workers = workers(gate, true, successors::add);
        ring.offer(() -> order.add("first"));
        Runnable queued = () -> order.add("queued");
        assertThat(gate.admit(queued)).isEqualTo(Admission.ACCEPTED);
        work(gate, workers);
        assertThat(order).containsExactly("first");
        assertThat(ring.isEmpty()).as("nobody has to look for it").isTrue();
        assertThat(successors).singleElement().isInstanceOfSatisfying(Worker.class, successor -> {
            assertThat(successor.tasks())
                    .as("it is seen before its thread has started")
                    .containsExactly(queued);
            successor.run();
        });
        assertThat(order).containsExactly("first", "queued");
        assertThat(gate.numbers().running()).isZero();
    }

    @Test
    void aTaskWhoseWorkerCannotBeStartedIsLeftForWhoeverComesNext() {
        Gate gate = gate(1, 1, 1);
        Workers workers = workers(gate, true, _ -> {
            throw new OutOfMemoryError("no thread");
        });
        ring.offer(() -> order.add("first"));
        assertThat(gate.admit(() -> order.add("queued"))).isEqualTo(Admission.ACCEPTED);
        work(gate, workers);
        assertThat(order).containsExactly("first");
        assertThat(ring.isEmpty()).isFalse();
        work(gate, workers);
        assertThat(order).containsExactly("first", "queued");
    }

    @Test
    void aSuccessorWhoseTaskLosesItsSlotIsAtNoTask() {
        Gate gate = gate(2, 0, 2);
        Workers workers = workers(gate);
        gate.resize(1);
        Worker successor = new Worker(workers, gate, ring, runner(), System.nanoTime(), () -> order.add("second"));
        assertThat(successor.isAtTask()).isTrue();
        successor.run();
        assertThat(order).isEmpty();
        assertThat(successor.isAtTask()).isFalse();
    }

    @Test
    void aWorkerWithLongTasksEndsAfterItsTurn() {
        Gate gate = gate(1, 32, 1);
        List<Runnable> successors = new ArrayList<>();
        Workers workers = workers(gate, false, successors::add);
        Runnable spin = () -> {
            long end = System.nanoTime() + 500_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            order.add("ran");
        };
        ring.offer(spin);
        for (int i = 0; i < 31; i++) {
            assertThat(gate.admit(spin)).isEqualTo(Admission.ACCEPTED);
        }
        work(gate, workers);
        assertThat(order).as("16 before it takes its turn, one after").hasSize(17);
        assertThat(successors).hasSize(1);
    }
}
