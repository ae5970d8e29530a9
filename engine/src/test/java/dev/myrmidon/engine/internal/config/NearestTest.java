package dev.myrmidon.engine.internal.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KEYS = List.of(
            "size",
            "expiry_duration",
            "pre_alloc",
            "max_blocking_tasks",
            "nonblocking",
            "queue",
            "task_timeout",
            "start_within",
            "isolated",
            "timed");

    @ParameterizedTest
    @CsvSource({
        "siez, size",
        "sizes, size",
        "Size, size",
        "preAlloc, pre_alloc",
        "pre-alloc, pre_alloc",
        "prealloc, pre_alloc",
        "expiry, expiry_duration",
        "expiryDuration, expiry_duration",
        "expire_duration, expiry_duration",
        "maxBlockingTasks, max_blocking_tasks",
        "max_blocked_tasks, max_blocking_tasks",
        "non_blocking, nonblocking",
        "nonbloking, nonblocking",
        "que, queue",
        "taskTimeout, task_timeout",
        "start, start_within",
        "isolate, isolated",
        "time, timed",
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.to(written, KEYS)).isEqualTo(meant);
    }

    @ParameterizedTest
    @CsvSource({"monitor", "scaling", "x", "decorators", "''", "name"})
    void findsNothingWhereNothingIsNear(String written) {
        assertThat(Nearest.to(written, KEYS)).isNull();
    }

    @Test
    void takesAKeyOfAnyLength() {
        assertThat(Nearest.to("s".repeat(1 << 20), KEYS)).isNull();
    }
}
