package dev.myrmidon.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskTimes;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A task that is performed without a worker.
@Timeout(60)
class SubmittedTaskTest {
    private final DefaultPool pool =
            (DefaultPool) Pool.builder("owner").capacity(1).build();

    @AfterEach
    void close() {
        pool.close();
    }

    private SubmittedTask<Integer> task(Callable<Integer> code, TaskOptions options) {
        return new SubmittedTask<>(pool, code, options);
    }

    @Test
    void aLookAtTheClockThatCameAfterTheSubmissionIsTheStart() {
        SubmittedTask<Integer> task = task(() -> 1, TaskOptions.NONE);
        long look = System.nanoTime();
        assertThat(task.perform(look)).isEqualTo(Outcome.COMPLETED);
        long returned = task.returned();
        task.publish();

        TaskTimes times = task.times();
        assertThat(times.started()).hasValue(look);
        assertThat(times.ended()).hasValue(returned);
    }

    @Test
    void aLookThatCameBeforeItIsNot() {
        long look = System.nanoTime() - 1;
        SubmittedTask<Integer> task = task(() -> 1, TaskOptions.NONE);
        assertThat(task.perform(look)).isEqualTo(Outcome.COMPLETED);
        task.publish();

        TaskTimes times = task.times();
        assertThat(times.started().orElseThrow()).isGreaterThanOrEqualTo(times.submitted());
    }

    @Test
    void theEndOfWhatRanOnIsNoLookAtTheClock() {
        SubmittedTask<Integer> task = task(
                () -> {
                    try {
                        Thread.sleep(Duration.ofDays(1));
                    } catch (InterruptedException atTheDeadline) {
                        // ends as if nothing had happened, but after its end
                    }
                    return 1;
                },
                TaskOptions.NONE.timeout(Duration.ofMillis(1)));
        assertThat(task.perform(0)).isEqualTo(Outcome.TIMED_OUT);
        assertThat(task.returned()).isZero();

        SubmittedTask<Integer> throwing = task(
                () -> {
                    throw new IllegalStateException("no");
                },
                TaskOptions.NONE);
        assertThat(throwing.perform(0)).isEqualTo(Outcome.FAILED);
        assertThat(throwing.returned()).as("its handler may have taken long").isZero();
    }
}
