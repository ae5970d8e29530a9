package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private final Scratch scratch = new Scratch();
    private final Spill spill = new Spill(scratch);
    private final List<Outcome> passed = new ArrayList<>();
    private final InOrder order = new InOrder(passed::add, spill);

    @AfterEach
    void close() throws IOException {
        spill.close();
        scratch.close();
    }

    @Test
    void passesOnInOrderAtOnce() throws IOException {
        order.accept(outcome(1));
        assertThat(passed).isEmpty();
        order.accept(outcome(0));
        assertThat(numbers()).containsExactly(0L, 1L);
        order.accept(outcome(2));
        assertThat(numbers()).containsExactly(0L, 1L, 2L);
    }

    @Test
    void spillsWhatIsFarAhead() throws IOException {
        int items = 2 * Spill.SPAN + 100;
        for (int i = 1; i < items; i++) {
            order.accept(outcome(i));
        }
        assertThat(passed).isEmpty();
        assertThat(files()).as("two full ones and the rest").isEqualTo(3);

        order.accept(outcome(0));

        assertThat(numbers())
                .isEqualTo(IntStream.range(0, items).mapToObj(Long::valueOf).toList());
        assertThat(files()).as("nothing left behind").isZero();
    }

    @Test
    void spillsWhatIsHeavyAndTakesItBackUnchanged() throws IOException {
        String heavy = "é".repeat(30_000);
        for (int i = 200; i > 0; i--) {
            order.accept(outcome(i, heavy + i));
        }
        assertThat(files()).isPositive();

        order.accept(outcome(0));

        assertThat(numbers()).hasSize(201).isSorted();
        for (Outcome outcome : passed.subList(1, passed.size())) {
            Payload.InMemory output = (Payload.InMemory) outcome.result().output();
            assertThat(new String(output.bytes(), StandardCharsets.UTF_8))
                    .isEqualTo(heavy + outcome.item().sequence());
        }
    }

    @Test
    void sortsAnyOrder() throws IOException {
        List<Integer> shuffled =
                new ArrayList<>(IntStream.range(0, 50_000).boxed().toList());
        Collections.shuffle(shuffled, new Random(42));
        for (int i : shuffled) {
            order.accept(outcome(i));
        }

        assertThat(numbers()).hasSize(50_000).isSorted();
        assertThat(files()).isZero();
    }

    @Test
    void finishesWithoutWhatNeverCame() throws IOException {
        order.accept(outcome(2));
        order.accept(outcome(InOrder.WINDOW + 5));
        order.finish();

        assertThat(numbers()).containsExactly(2L, InOrder.WINDOW + 5L);
    }

    @Test
    void carriesFilesAndAllElse() throws IOException {
        Path file = Files.writeString(scratch.file("long"), "long output");
        Result result = new Result(
                Status.FAILED,
                3,
                new Result.Response(404, 17),
                new Payload.OnDisk(file, 4),
                new Payload.InMemory(new byte[] {1, 2}),
                null);
        Item item = new Item(7, 9, new byte[] {(byte) 0xFF}, null);
        item.setAttempts(2);
        Outcome outcome = new Outcome(item, result, 123);

        assertThat(OutcomeCodec.decode(OutcomeCodec.encode(outcome)))
                .usingRecursiveComparison()
                .isEqualTo(outcome);
    }

    private List<Long> numbers() {
        return passed.stream().map(outcome -> outcome.item().sequence()).toList();
    }

    private long files() throws IOException {
        try (Stream<Path> files = Files.list(scratch.file("x").getParent())) {
            return files.count();
        }
    }

    private static Outcome outcome(int sequence) {
        return outcome(sequence, "out " + sequence);
    }

    private static Outcome outcome(int sequence, String output) {
        Result result = new Result(
                Status.TIMED_OUT,
                Result.NO_EXIT,
                null,
                new Payload.InMemory(output.getBytes(StandardCharsets.UTF_8)),
                Payload.empty(),
                "error " + sequence);
        return new Outcome(new Item(sequence, sequence + 1, new byte[] {'x'}, null), result, sequence);
    }
}
