package dev.myrmidon.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bindings of scoped values.
@Timeout(60)
class ScopedValuesTest {
    private static final ScopedValue<String> USER = ScopedValue.newInstance();
    private static final ScopedValue<String> TENANT = ScopedValue.newInstance();
    private static final ScopedValue<String> OTHER = ScopedValue.newInstance();

    private static Pool pool() {
        return Pool.builder("orders")
                .capacity(1)
                .queueCapacity(10)
                .decorator(ContextDecorators.scopedValues(USER, TENANT))
                .build();
    }

    private static String seen() {
        return USER.orElse("-") + " " + TENANT.orElse("-") + " " + OTHER.orElse("-");
    }

    @Test
    void whatIsBoundWhereATaskIsSubmittedIsBoundWhereItRuns() throws Exception {
        try (Pool pool = pool()) {
            Task<String> both = ScopedValue.where(USER, "ada")
                    .where(TENANT, "acme")
                    .where(OTHER, "not asked for")
                    .call(() -> pool.submit(ScopedValuesTest::seen));
            Task<String> one = ScopedValue.where(TENANT, "acme").call(() -> pool.submit(ScopedValuesTest::seen));
            Task<String> none = pool.submit(ScopedValuesTest::seen);
            assertThat(both.get()).isEqualTo("ada acme -");
            assertThat(one.get()).isEqualTo("- acme -");
            assertThat(none.get()).isEqualTo("- - -");
        }
    }

    @Test
    void aValueBoundToNullIsBoundToNull() throws Exception {
        try (Pool pool = pool()) {
            Task<Boolean> task =
                    ScopedValue.where(USER, null).call(() -> pool.submit(() -> USER.isBound() && USER.get() == null));
            assertThat(task.get()).isTrue();
        }
    }

    @Test
    void whatATaskThrowsIsNotChanged() {
        AssertionError error = new AssertionError("no");
        try (Pool pool = pool()) {
            Task<?> task = ScopedValue.where(USER, "ada")
                    .call(() -> pool.submit(() -> {
                        throw error;
                    }));
            assertThatThrownBy(task::get).cause().isSameAs(error);
        }
    }

    @Test
    void aTaskThatRunsInsideAnotherOneHasItsOwnBindings() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        try (Pool pool = pool()) {
            Task<?>[] others = new Task<?>[2];
            Task<String> outer = ScopedValue.where(USER, "ada")
                    .call(() -> pool.submit(() -> {
                        queued.await();
                        return others[0].get() + ", " + others[1].get() + ", " + seen(); // run here
                    }));
            others[0] = ScopedValue.where(USER, "bob").call(() -> pool.submit(ScopedValuesTest::seen));
            others[1] = pool.submit(ScopedValuesTest::seen);
            queued.countDown();
            assertThat(outer.get())
                    .as("the second one had none, and those of its caller can't be undone")
                    .isEqualTo("bob - -, ada - -, ada - -");
            assertThat(pool.stats().nested()).isEqualTo(2);
        }
    }

    @Test
    void aTaskThatIsNestedInItsSubmitterHasTheBindingsOfThatMoment() throws Exception {
        try (Pool pool = Pool.builder("orders")
                .capacity(1)
                .decorator(ContextDecorators.scopedValues(USER))
                .build()) {
            Task<String> task = ScopedValue.where(USER, "ada")
                    .call(() -> pool.submit(() -> {
                        Task<String> nested =
                                ScopedValue.where(USER, "bob").call(() -> pool.submit(ScopedValuesTest::seen));
                        return nested.get() + ", " + seen();
                    }));
            assertThat(task.get()).isEqualTo("bob - -, ada - -");
        }
    }

    @Test
    void aScheduledTaskHasTheBindingsOfWhereItWasScheduled() throws Exception {
        try (Pool pool = pool()) {
            ScheduledFuture<String> task = ScopedValue.where(USER, "ada")
                    .call(() -> pool.scheduler().schedule(ScopedValuesTest::seen, 1, TimeUnit.MILLISECONDS));
            assertThat(task.get()).isEqualTo("ada - -");
        }
    }

    @Test
    void aTaskIsLeftAloneIfNothingIsBound() {
        Runnable task = () -> {};
        assertThat(ContextDecorators.scopedValues(USER).decorate(task)).isSameAs(task);
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(ContextDecorators::scopedValues)
                .withMessage("values must not be empty");
        assertThatNullPointerException().isThrownBy(() -> ContextDecorators.scopedValues(USER, null));
    }
}
