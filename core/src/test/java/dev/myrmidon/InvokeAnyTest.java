package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InvokeAnyTest {
    private static final Callable<String> FAILS = () -> {
        throw new IOException("no");
    };
    private static final Callable<String> NEVER_ENDS = () -> {
        new CountDownLatch(1).await();
        return "never";
    };

    @Test
    void returnsTheFirstResultAndCancelsTheOthers() throws Exception {
        Pool pool = Pool.builder("orders").capacity(4).build();
        try (pool) {
            assertThat(pool.invokeAny(List.of(NEVER_ENDS, FAILS, () -> "yes", NEVER_ENDS)))
                    .isEqualTo("yes");
        } // ends only if the others were interrupted
        PoolStats end = pool.stats();
        assertThat(end.completed()).isEqualTo(1);
        assertThat(end.failed() + end.cancelled()).isEqualTo(end.submitted() - 1);
    }

    @Test
    void throwsWhatWentWrongWhenAllFail() {
        Pool pool = Pool.builder("orders").capacity(4).build();
        try (pool) {
            assertThatThrownBy(() -> pool.invokeAny(List.of(FAILS, FAILS)))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(IOException.class);
        }
        assertThat(pool.stats().failed()).isEqualTo(2);
    }

    @Test
    void givesUpInTime() {
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            assertThatThrownBy(() -> pool.invokeAny(List.of(NEVER_ENDS), 10, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void endsWhenItsTasksAreTakenBack() throws Exception {
        Pool pool = Pool.builder("orders").capacity(1).queueCapacity(1).build();
        try (Held _ = Held.fill(pool, 1)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    pool.invokeAny(List.of(() -> "queued"));
                } catch (ExecutionException | InterruptedException e) {
                    thrown.set(e);
                }
            });
            while (pool.stats().queued() == 0) {
                Thread.onSpinWait();
            }
            pool.shutdownNow();
            caller.join();
            assertThat(thrown.get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(CancellationException.class);
        }
        pool.close();
    }

    @Test
    void refusesBadInput() {
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThatThrownBy(() -> pool.invokeAny(List.<Callable<String>>of()))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> pool.invokeAny(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.invokeAny(Arrays.asList(FAILS, null)))
                    .isInstanceOf(NullPointerException.class);
            assertThat(pool.stats().submitted()).isZero();
        }
    }
}
