package dev.myrmidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolConfigTest {
    private static PoolBuilder builder() {
        return Pool.builder("orders").capacity(1);
    }

    @Test
    void fillsInTheDefaults() {
        PoolConfig config = Pool.builder("orders").capacity(7).config();

        assertThat(config)
                .isEqualTo(new PoolConfig(
                        "orders",
                        7,
                        0,
                        Pool.UNBOUNDED,
                        SaturationPolicy.await(),
                        QueueOrder.fifo(),
                        Duration.ofSeconds(10),
                        Pool.NEVER,
                        Pool.NEVER,
                        false,
                        false,
                        false,
                        List.of(),
                        List.of(),
                        TaskFailureHandler.LOG));
        assertThat(config.toBuilder().config()).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 50_000, Integer.MAX_VALUE, Pool.UNBOUNDED})
    void takesEveryCapacityFromOneToUnbounded(int capacity) {
        try (Pool pool = Pool.builder("orders").capacity(capacity).build()) {
            assertThat(pool.stats().capacity()).isEqualTo(capacity);
            assertThat(pool.stats().available()).isEqualTo(capacity == Pool.UNBOUNDED ? Integer.MAX_VALUE : capacity);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, Integer.MIN_VALUE})
    void refusesOtherCapacities(int capacity) {
        String rule = "capacity must be at least 1 or Pool.UNBOUNDED, was " + capacity;
        assertThatThrownBy(() -> builder().capacity(capacity))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(rule);
        assertThatThrownBy(() -> FunctionPool.of("orders", capacity, Object::notify))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(rule);
        try (Pool pool = builder().build()) {
            assertThatThrownBy(() -> pool.resize(capacity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(rule);
            assertThat(pool.stats().capacity()).isEqualTo(1);
        }
    }

    @Test
    void asksForACapacity() {
        assertThatThrownBy(() -> Pool.builder("orders").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("capacity of pool \"orders\" must be set: at least 1, or Pool.UNBOUNDED");
    }

    @Test
    void refusesBlankNames() {
        assertThatThrownBy(() -> Pool.builder(null)).hasMessage("name must not be blank, was null");
        assertThatThrownBy(() -> Pool.builder(" ")).hasMessage("name must not be blank, was \" \"");
    }

    @Test
    void refusesQueueCapacitiesBelowZero() {
        assertThatThrownBy(() -> builder().queueCapacity(-2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queueCapacity must be at least 0 or Pool.UNBOUNDED, was -2");
        assertThatCode(() -> builder().queueCapacity(Pool.UNBOUNDED).build().close())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2})
    void refusesMaxBlockingTasksBelowOne(int maxBlockingTasks) {
        assertThatThrownBy(() -> builder().maxBlockingTasks(maxBlockingTasks))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxBlockingTasks must be at least 1 or Pool.UNBOUNDED, was " + maxBlockingTasks);
    }

    @Test
    void refusesDurationsThatAreNotPositive() throws InterruptedException {
        assertThatThrownBy(() -> builder().expiry(Duration.ZERO))
                .hasMessage("expiry must be positive or Pool.NEVER, was PT0S");
        assertThatThrownBy(() -> builder().expiry(Duration.ofSeconds(-1)))
                .hasMessage("expiry must be positive or Pool.NEVER, was PT-1S");
        assertThatThrownBy(() -> SaturationPolicy.awaitAtMost(Duration.ZERO))
                .hasMessage("awaitAtMost must be positive, was PT0S");
        try (Pool pool = builder().build()) {
            assertThatThrownBy(() -> pool.tryExecute(() -> {}, Duration.ofMillis(-1)))
                    .hasMessage("maxWait must not be negative, was PT-0.001S");
            assertThatThrownBy(() -> pool.close(Duration.ofMillis(-1)))
                    .hasMessage("patience must not be negative, was PT-0.001S");
            assertThat(pool.isShutdown()).isFalse();
        }
    }

    @Test
    void refusesNulls() {
        assertThatThrownBy(() -> builder().whenSaturated(null)).hasMessage("whenSaturated must be set, was null");
        assertThatThrownBy(() -> builder().onFailure(null)).hasMessage("onFailure must be set, was null");
        assertThatThrownBy(() -> builder().expiry(null)).hasMessage("expiry must be set, was null");
        assertThatThrownBy(() -> SaturationPolicy.awaitAtMost(null)).hasMessage("awaitAtMost must be set, was null");
        assertThatThrownBy(() -> SaturationPolicy.handle(null)).hasMessage("handler must be set, was null");
        assertThatThrownBy(() -> FunctionPool.of("orders", 1, null)).hasMessage("function must be set, was null");
        try (Pool pool = builder().build();
                FunctionPool<String> functions = FunctionPool.of("f", 1, _ -> {})) {
            assertThatThrownBy(() -> pool.execute(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.tryExecute(null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.tryExecute(null, Duration.ZERO)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> pool.submit((Runnable) null)).isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> functions.invoke(null)).isInstanceOf(NullPointerException.class);
            assertThat(pool.stats().submitted()).isZero();
        }
    }

    @Test
    void refusesToDropFromNoQueue() {
        assertThatThrownBy(() ->
                        builder().whenSaturated(SaturationPolicy.dropOldest()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "whenSaturated=dropOldest needs a queue to drop from: queueCapacity must be at least 1, was 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {Pool.UNBOUNDED, Integer.MAX_VALUE})
    void refusesToPreallocateWithoutMeasure(int capacity) {
        assertThatThrownBy(() -> builder().capacity(capacity).preallocate(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preallocate needs a capacity of at most 67108864, was "
                        + (capacity == Pool.UNBOUNDED ? "Pool.UNBOUNDED" : capacity));
    }

    @Test
    void opensASuccessorWithTheCapacityOfTheDay() throws InterruptedException {
        Pool first = builder().preallocate(true).build();
        first.execute(() -> {});
        first.resize(Pool.UNBOUNDED);
        first.close();

        assertThatThrownBy(() -> first.execute(() -> {})).isInstanceOf(PoolClosedException.class);
        try (Pool second = Pool.open(first.config())) {
            assertThat(second.stats().capacity()).isEqualTo(Pool.UNBOUNDED);
            assertThat(second.stats().submitted()).isZero();
            try (Held _ = Held.fill(second, 3)) {
                assertThat(second.stats().running()).isEqualTo(3);
            }
        }
    }
}
