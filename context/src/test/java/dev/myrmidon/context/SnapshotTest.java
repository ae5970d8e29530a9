package dev.myrmidon.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.TaskDecorator;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Micrometer's Context Propagation.
@Timeout(60)
class SnapshotTest {
    private static final String KEY = "myrmidon.test.user";

    private final ThreadLocal<String> user = new ThreadLocal<>();

    @BeforeEach
    void register() {
        ContextRegistry.getInstance().registerThreadLocalAccessor(KEY, user);
    }

    @AfterEach
    void remove() {
        ContextRegistry.getInstance().removeThreadLocalAccessor(KEY);
    }

    private static Pool pool(TaskDecorator decorator) {
        return Pool.builder("orders")
                .capacity(1)
                .queueCapacity(10)
                .decorator(decorator)
                .build();
    }

    @Test
    void aTaskHasTheThreadLocalsOfItsSubmitter() throws Exception {
        try (Pool pool = pool(ContextDecorators.micrometer())) {
            user.set("ada");
            Task<String> task = pool.submit(user::get);
            user.set("bob");
            assertThat(task.get()).isEqualTo("ada");
            assertThat(pool.submit(user::get).get()).isEqualTo("bob");
            assertThat(user.get()).isEqualTo("bob");
        }
    }

    @Test
    void whatATaskLeavesBehindIsGoneEvenIfItThrows() throws Exception {
        try (Pool pool = pool(ContextDecorators.micrometer())) {
            assertThatThrownBy(() -> pool.submit(() -> {
                                user.set("left behind");
                                throw new AssertionError("no");
                            })
                            .get())
                    .hasRootCauseMessage("no");
            assertThat(pool.submit(user::get).get()).isNull();
            user.set("ada");
            pool.submit(() -> user.set("left behind")).get();
            user.remove();
            assertThat(pool.submit(user::get).get()).isNull();
        }
    }

    @Test
    void aTaskThatRunsInsideAnotherOneLeavesThatOnesContextAsItWas() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        AtomicReference<String> inside = new AtomicReference<>("not run");
        try (Pool pool = pool(ContextDecorators.micrometer())) {
            Task<?>[] other = new Task<?>[1];
            user.set("ada");
            Task<String> outer = pool.submit(() -> {
                queued.await();
                other[0].get(); // runs here
                return user.get();
            });
            user.remove();
            other[0] = pool.submit(() -> inside.set(user.get()));
            queued.countDown();
            assertThat(outer.get()).isEqualTo("ada");
            assertThat(inside.get()).isNull();
            assertThat(pool.stats().nested()).isEqualTo(1);
        }
    }

    @Test
    void aFactoryOfOnesOwnIsAsked() throws Exception {
        ContextRegistry empty = new ContextRegistry();
        ContextSnapshotFactory factory =
                ContextSnapshotFactory.builder().contextRegistry(empty).build();
        try (Pool pool = pool(ContextDecorators.micrometer(factory))) {
            user.set("ada");
            assertThat(pool.submit(user::get).get()).isNull();
        }
        assertThatNullPointerException()
                .isThrownBy(() -> ContextDecorators.micrometer(null))
                .withMessage("snapshots");
    }
}
