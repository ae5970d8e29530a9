package dev.myrmidon.internal;

import java.util.ArrayList;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.annotations.Operation;
import org.jetbrains.kotlinx.lincheck.annotations.Param;
import org.jetbrains.kotlinx.lincheck.paramgen.IntGen;
import org.junit.jupiter.api.Test;

/// A segment of the [Ring] is left behind only when nobody is on its way into it: Lincheck makes a submitter
/// stand still wherever it can, while another thread fills the segment up, closes it and empties it. That is
/// too rare to be seen on real threads.
///
/// Guards `Segment.isUsedUp` and the closing in `Segment.closeAndLink`: without either a task is lost. Seen to
/// fail so.
public class SegmentModelTest {
    private static final int FIRST_SIZE = 64;

    private final Ring ring = new Ring();
    private final List<Integer> taken = new ArrayList<>();

    private record Numbered(int number) implements Runnable {
        @Override
        public void run() {}
    }

    public SegmentModelTest() {
        for (int i = 1; i < FIRST_SIZE; i++) {
            ring.offer(new Numbered(0));
        }
    }

    @Operation
    public void offer(@Param(gen = IntGen.class, conf = "1:9") int number) {
        ring.offer(new Numbered(number));
    }

    /// Takes what it finds, as long as it finds any.
    @Operation
    public void take() {
        while (ring.poll() instanceof Numbered task) {
            if (task.number() != 0) {
                taken.add(task.number());
            }
        }
    }

    /// What was offered, whoever has it.
    @Operation
    public String all() {
        take();
        return taken.stream().sorted().toList().toString();
    }

    /// What a ring must look like from outside.
    public static class Model {
        private final List<Integer> offered = new ArrayList<>();

        public void offer(int number) {
            offered.add(number);
        }

        public void take() {}

        public String all() {
            return offered.stream().sorted().toList().toString();
        }
    }

    @Test
    void noTaskIsLostWhenASegmentIsLeftBehind() {
        Class<?> type = SegmentModelTest.class;
        Models.check(
                type,
                Model.class,
                List.of(Models.call(type, "offer", 9)),
                List.of(Models.call(type, "offer", 7), Models.call(type, "offer", 8), Models.call(type, "take")),
                List.of(Models.call(type, "all")));
    }
}
