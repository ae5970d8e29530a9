package dev.myrmidon.manage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.manage.FinishedTask.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentTasksTest {
    private static FinishedTask task(long id) {
        return new FinishedTask(
                "orders",
                id,
                "ship",
                Outcome.COMPLETED,
                Duration.ZERO,
                Duration.ZERO,
                Optional.empty(),
                List.of(),
                Instant.EPOCH);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64})
    void afterAnyRaceTheLastOnesAreThere(int most) throws InterruptedException {
        RecentTasks recent = new RecentTasks(most);
        int each = 50_000;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < each; n++) {
                    recent.add(task(n), 0);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(recent.read(0, 1).map(RecentTasks.Entry::number))
                .containsExactlyInAnyOrder(
                        LongStream.range(4L * each - most, 4L * each).boxed().toArray(Long[]::new));
    }

    @Test
    void theOldAreForgottenHoweverTheClockStands() {
        RecentTasks recent = new RecentTasks(10);
        long start = Long.MAX_VALUE - 5;
        recent.add(task(1), start);
        recent.add(task(2), start + 10);
        assertThat(recent.read(start + 10, 10)
                        .sorted(RecentTasks.Entry.LAST_FIRST)
                        .map(entry -> entry.task().id()))
                .containsExactly(2L, 1L);
        assertThat(recent.read(start + 11, 10).map(entry -> entry.task().id())).containsExactly(2L);
        assertThat(recent.read(start + 10, 10).map(entry -> entry.task().id()))
                .as("it was dropped")
                .containsExactly(2L);
    }
}
