package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// What pools and tasks don't get from one another.
class IsolationTest {
    private static final InheritableThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

    @Test
    void workersInheritNothingFromWhoeverSubmittedFirst() throws InterruptedException, ExecutionException {
        ClassLoader mine = new ClassLoader(null) {};
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(mine);
        INHERITABLE.set("mine");
        try (Pool pool = Pool.builder("orders").capacity(1).build()) {
            assertThat(pool.submit(INHERITABLE::get).get()).isNull();
            assertThat(pool.submit(() -> Thread.currentThread().getContextClassLoader())
                            .get())
                    .isSameAs(ClassLoader.getSystemClassLoader());
        } finally {
            INHERITABLE.remove();
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    @Test
    void twoPoolsShareNothing() throws InterruptedException {
        try (Pool full = Pool.builder("same name").capacity(1).build();
                Pool free = Pool.builder("same name").capacity(1).build();
                Held _ = Held.fill(full, 1)) {
            CountDownLatch ran = new CountDownLatch(1);
            free.execute(ran::countDown);
            ran.await();
            full.shutdown();
            assertThat(free.isShutdown()).isFalse();
            assertThat(free.stats().submitted()).isEqualTo(1);
        }
    }

    @Test
    void whatWasWrittenBeforeASubmissionIsSeenByTheTaskAndItsResultByTheWaiter() throws Exception {
        try (Pool pool = Pool.builder("orders").capacity(4).build()) {
            for (int i = 0; i < 10_000; i++) {
                int[] plain = {i};
                int[] result = pool.submit(() -> new int[] {plain[0] + 1}).get();
                assertThat(result[0]).isEqualTo(i + 1);
            }
        }
    }
}
