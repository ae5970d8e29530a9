package dev.myrmidon.internal;

import java.util.ArrayDeque;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.junit.jupiter.api.Test;

/// The [Ring] is linearizable as a queue that isn't empty. It begins with all but one place of its first
/// segment taken, so that the next one comes into use.
///
/// Near empty it is less than that, and says so: a task that was claimed a place and isn't published yet
/// hides those behind it. What counts then is that none is lost: [SegmentModelTest].
public class RingModelTest {
    private static final int FIRST_SIZE = 64;

    private final Ring ring = new Ring();

    private record Numbered(int number) implements Runnable {
        @Override
        public void run() {}
    }

    public RingModelTest() {
        for (int i = 1; i < FIRST_SIZE; i++) {
            ring.offer(new Numbered(-i));
        }
    }

    @Operation
    public void offer(@Param(gen = IntGen.class, conf = "1:9") int number) {
        ring.offer(new Numbered(number));
    }

    @Operation
    public int poll() {
        return ring.poll() instanceof Numbered task ? task.number() : 0;
    }

    /// What a ring must look like from outside.
    public static class Model {
        private final ArrayDeque<Integer> queue = new ArrayDeque<>();

        public Model() {
            for (int i = 1; i < FIRST_SIZE; i++) {
                queue.addLast(-i);
            }
        }

        public void offer(int number) {
            queue.addLast(number);
        }

        public int poll() {
            return queue.isEmpty() ? 0 : queue.pollFirst();
        }
    }

    @Test
    void isAQueueUnderModelChecking() {
        Models.check(RingModelTest.class, Model.class);
    }

    @Test
    void isAQueueOnRealThreads() {
        Models.stress(RingModelTest.class, Model.class);
    }
}
