package dev.myrmidon.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineConfigTest {
    private static final PoolConfig DEFAULT = EngineConfig.defaults().pool();
    private static final PoolConfig OTHER = Pool.builder("other").capacity(1).config();

    @Test
    void theDefaultsAreThoseTheOriginRecommends() {
        assertThat(DEFAULT.name()).isEqualTo(EngineConfig.DEFAULT_POOL);
        assertThat(DEFAULT.capacity()).isEqualTo(50_000);
        assertThat(DEFAULT.expiry()).isEqualTo(Duration.ofSeconds(10));
        assertThat(DEFAULT.preallocate()).isTrue();
        assertThat(DEFAULT.maxBlockingTasks()).isEqualTo(10_000);
        assertThat(EngineConfig.defaults().pools()).isEmpty();
        assertThat(EngineConfig.defaults().grace()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void refusesNamesThatDontFit() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(OTHER, Map.of(), Duration.ZERO))
                .withMessage("pool must be named \"default\", was \"other\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(DEFAULT, Map.of("default", DEFAULT), Duration.ZERO))
                .withMessage("pools must not have the name of the default pool, \"default\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(DEFAULT, Map.of("a", OTHER), Duration.ZERO))
                .withMessage("pools must stand under their own names, \"other\" was under \"a\"");
    }

    @Test
    void refusesANegativeGrace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(DEFAULT, Map.of(), Duration.ofSeconds(-1)))
                .withMessage("grace must not be negative, was PT-1S");
    }

    @Test
    void refusesScalingThatCantBe() {
        EngineConfig config = new EngineConfig(DEFAULT, Map.of("other", OTHER), Duration.ZERO);
        ScalingConfig scaling = ScalingConfig.between(1, 5);
        assertThat(config.scaling(Map.of("other", scaling)).scaling()).containsOnlyKeys("other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.scaling(Map.of("none", scaling)))
                .withMessage("scaling must be for a pool that there is, was for \"none\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.scaling(Map.of("other", scaling.strategy(ScalingStrategy.gradient()))))
                .withMessageStartingWith("scaling of \"other\" must be for a pool that is timed, with ");
        PoolConfig unbounded = Pool.builder("free").capacity(Pool.UNBOUNDED).config();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EngineConfig(DEFAULT, Map.of("free", unbounded), Duration.ZERO)
                        .scaling(Map.of("free", scaling)))
                .withMessage("scaling must be for a pool with a capacity, was for \"free\", which is unbounded");
    }

    @Test
    void cannotBeChanged() {
        Map<String, PoolConfig> pools = new HashMap<>(Map.of("other", OTHER));
        EngineConfig config = new EngineConfig(DEFAULT, pools, Duration.ZERO);

        pools.clear();

        assertThat(config.pools()).containsOnlyKeys("other");
        assertThatThrownBy(() -> config.pools().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
