package dev.myrmidon.internal;

import java.util.ArrayDeque;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.junit.jupiter.api.Test;

/// The [Gate] is linearizable as a counter with a bound that changes, and a queue before it. It begins with
/// so many slots held that no scenario gives back one that isn't, and near its bound.
public class GateModelTest {
    private static final int HELD = 30;
    private static final int CAPACITY = 31;
    private static final int QUEUE = 2;

    private final Scene scene = new Scene(CAPACITY, QUEUE).held(HELD);

    private record Numbered(int number) implements Runnable {
        @Override
        public void run() {}
    }

    @Operation
    public boolean tryEnter() {
        return scene.gate.tryEnter();
    }

    @Operation
    public String admit(@Param(gen = IntGen.class, conf = "1:9") int number) {
        return scene.gate.admit(new Numbered(number)).name();
    }

    @Operation
    public int exit() {
        return scene.gate.exit() instanceof Numbered next ? next.number() : 0;
    }

    @Operation
    public void resize(@Param(gen = IntGen.class, conf = "28:33") int capacity) {
        scene.gate.resize(capacity);
    }

    @Operation
    public String numbers() {
        Gate.Numbers n = scene.gate.numbers();
        return n.running() + "/" + n.capacity() + " " + n.queued();
    }

    /// What a gate must look like from outside.
    public static class Model {
        private int running = HELD;
        private int capacity = CAPACITY;
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();

        public boolean tryEnter() {
            if (!queue.isEmpty() || running >= capacity) {
                return false;
            }
            running++;
            return true;
        }

        public String admit(int number) {
            if (tryEnter()) {
                return "SLOT";
            }
            if (queue.size() >= QUEUE) {
                return "FULL";
            }
            queue.addLast(number);
            return "ACCEPTED";
        }

        public int exit() {
            if (queue.isEmpty() || running > capacity) {
                running--;
                return 0;
            }
            return queue.removeFirst();
        }

        public void resize(int next) {
            capacity = next;
            while (!queue.isEmpty() && running < capacity) {
                running++;
                queue.removeFirst();
            }
        }

        public String numbers() {
            return running + "/" + capacity + " " + queue.size();
        }
    }

    @Test
    void isABoundedCounterUnderModelChecking() {
        Models.check(GateModelTest.class, Model.class);
    }

    @Test
    void isABoundedCounterOnRealThreads() {
        Models.stress(GateModelTest.class, Model.class);
    }
}
