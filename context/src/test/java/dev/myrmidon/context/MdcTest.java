package dev.myrmidon.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/// SLF4J's MDC, with Logback's.
@Timeout(60)
class MdcTest {
    @BeforeEach
    @AfterEach
    void clear() {
        MDC.clear();
    }

    /// On one worker, so that one task finds what another one left.
    private static Pool pool() {
        return Pool.builder("orders")
                .capacity(1)
                .queueCapacity(10)
                .decorator(ContextDecorators.mdc())
                .build();
    }

    private static Map<String, String> now() {
        Map<String, String> map = MDC.getCopyOfContextMap();
        return map == null ? Map.of() : map;
    }

    @Test
    void theProviderHasAnMdc() {
        assertThat(MDC.getMDCAdapter().getClass().getName()).contains("logback");
    }

    @Test
    void aTaskHasWhatItsSubmitterHad() throws Exception {
        try (Pool pool = pool()) {
            MDC.put("user", "ada");
            Task<Map<String, String>> task = pool.submit(MdcTest::now);
            MDC.put("user", "bob");
            assertThat(task.get()).containsExactly(Map.entry("user", "ada"));
            assertThat(pool.submit(MdcTest::now).get()).containsExactly(Map.entry("user", "bob"));
        }
        assertThat(now()).containsExactly(Map.entry("user", "bob"));
    }

    @Test
    void aTaskOfASubmitterWithoutContextHasNone() throws Exception {
        try (Pool pool = pool()) {
            MDC.put("user", "ada");
            pool.submit(() -> MDC.put("left", "behind")).get();
            MDC.clear();
            assertThat(pool.submit(MdcTest::now).get()).isEmpty();
            MDC.put("user", "ada");
            MDC.remove("user"); // an empty map, and not null
            assertThat(pool.submit(MdcTest::now).get()).isEmpty();
        }
    }

    @Test
    void nothingIsLeftBehindByATaskThatThrows() throws Exception {
        try (Pool pool = pool()) {
            MDC.put("user", "ada");
            assertThatThrownBy(() -> pool.submit(() -> {
                                MDC.put("left", "behind");
                                throw new AssertionError("no");
                            })
                            .get())
                    .hasRootCauseMessage("no");
            MDC.clear();
            assertThat(pool.submit(MdcTest::now).get()).isEmpty();
        }
    }

    @Test
    void aTaskThatRunsInsideAnotherOneLeavesThatOnesContextAsItWas() throws Exception {
        List<Map<String, String>> seen = new ArrayList<>();
        CountDownLatch queued = new CountDownLatch(1);
        try (Pool pool = pool()) {
            Task<?>[] other = new Task<?>[1];
            MDC.put("user", "ada");
            Task<?> outer = pool.submit(() -> {
                queued.await();
                other[0].get(); // runs here
                seen.add(now());
                return null;
            });
            MDC.put("user", "bob");
            other[0] = pool.submit(() -> {
                seen.add(now());
                MDC.put("user", "eve");
            });
            queued.countDown();
            outer.get();
            assertThat(pool.stats().nested()).isEqualTo(1);
        }
        assertThat(seen).containsExactly(Map.of("user", "bob"), Map.of("user", "ada"));
    }

    @Test
    void aTaskThatItsSubmitterRunsLeavesTheContextOfThatAsItWas() throws Exception {
        CountDownLatch letGo = new CountDownLatch(1);
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .whenSaturated(SaturationPolicy.callerRuns())
                .decorator(ContextDecorators.mdc())
                .build()) {
            pool.execute(() -> {
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            MDC.put("user", "ada");
            pool.execute(() -> {
                assertThat(now()).isEqualTo(Map.of("user", "ada"));
                MDC.put("user", "eve");
                MDC.put("left", "behind");
            });
            assertThat(now()).containsExactly(Map.entry("user", "ada"));
            letGo.countDown();
        }
    }

    @Test
    void aScheduledTaskHasTheContextOfWhereItWasScheduledEachTime() throws Exception {
        List<Map<String, String>> seen = new ArrayList<>();
        CountDownLatch thrice = new CountDownLatch(3);
        try (Pool pool = pool()) {
            MDC.put("user", "ada");
            ScheduledFuture<?> future = pool.scheduler()
                    .scheduleAtFixedRate(
                            () -> {
                                seen.add(now());
                                MDC.put("left", "behind");
                                thrice.countDown();
                            },
                            1,
                            1,
                            TimeUnit.MILLISECONDS);
            MDC.clear();
            thrice.await();
            future.cancel(false);
        }
        assertThat(seen).hasSizeGreaterThanOrEqualTo(3).containsOnly(Map.of("user", "ada"));
    }
}
