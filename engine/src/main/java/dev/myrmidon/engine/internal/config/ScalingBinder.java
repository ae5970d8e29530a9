package dev.myrmidon.engine.internal.config;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.manage.Aimd;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import dev.myrmidon.manage.Threshold;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes a [ScalingConfig] of the keys under `scaling` of a pool.
final class ScalingBinder {
    private static final List<String> COMMON_KEYS = List.of("min", "max", "strategy", "interval", "cool_down");

    /// The strategies, each with the keys that it alone has.
    private static final Map<String, List<String>> STRATEGIES = strategies();

    private final Findings findings;
    private final Section section;

    private ScalingBinder(Findings findings, Section section) {
        this.findings = findings;
        this.section = section;
    }

    private static Map<String, List<String>> strategies() {
        Map<String, List<String>> strategies = new LinkedHashMap<>();
        strategies.put("threshold", List.of("grow_above", "shrink_below"));
        strategies.put("aimd", List.of("increase", "decrease", "max_failure_rate", "max_run_time"));
        strategies.put("gradient", List.of());
        strategies.put("fixed", List.of());
        return strategies;
    }

    /// What the section says, with the default for each key that it leaves out; null if there is none, or it is of
    /// no use.
    ///
    /// @param pool as its other keys say
    static @Nullable ScalingConfig bind(Findings findings, Section section, PoolConfig pool) {
        List<String> keys = Stream.concat(
                        COMMON_KEYS.stream(), STRATEGIES.values().stream().flatMap(List::stream))
                .toList();
        section.only(keys);
        return section.isGivenOr("the size stays") ? new ScalingBinder(findings, section).bind(pool) : null;
    }

    private @Nullable ScalingConfig bind(PoolConfig pool) {
        Setting<Integer> min = section.number("min", 1, n -> n >= 1, "1 to 2147483647");
        Setting<Integer> max = section.number("max", Integer.MAX_VALUE, n -> n >= 1, "1 to 2147483647");
        Setting<String> strategy = section.word(
                "strategy",
                "threshold",
                STRATEGIES::containsKey,
                "is not a strategy: must be " + String.join(", ", STRATEGIES.keySet()));
        Setting<Duration> interval = section.duration(
                "interval",
                ScalingConfig.DEFAULT_INTERVAL,
                d -> d.compareTo(Duration.ofMillis(1)) >= 0 && d.compareTo(Duration.ofDays(1)) <= 0,
                "1ms to 24h");
        Setting<Duration> coolDown =
                section.duration("cool_down", Duration.ZERO, d -> !d.isNegative(), "at least \"0s\"");
        checkBounds(min, max, pool);
        checkKeys(strategy);
        ScalingStrategy bound = strategy(strategy.value());
        if (bound == null || min.value() > max.value()) {
            return null;
        }
        if (bound.needsTimings() && !pool.timed()) {
            findings.mistake(
                    strategy.place(),
                    section.pathOf("strategy") + ": " + strategy.value()
                            + " looks at run times, which need \"timed: true\" in the pool");
        }
        return new ScalingConfig(min.value(), max.value(), bound, interval.value(), coolDown.value());
    }

    private void checkBounds(Setting<Integer> min, Setting<Integer> max, PoolConfig pool) {
        if (!section.has("min") || !section.has("max")) {
            findings.mistake(
                    section.place(), section.path() + ": needs both min and max, between which the size is to move");
        } else if (min.value() > max.value()) {
            findings.mistake(
                    min.place(),
                    section.pathOf("min") + ": " + min.value() + " is out of range: must be at most max, "
                            + max.value());
        } else if (pool.capacity() == Pool.UNBOUNDED) {
            findings.mistake(
                    section.place(),
                    section.path() + ": an unbounded pool can't be scaled: give it a size of at least 1");
        } else if (pool.capacity() < min.value() || pool.capacity() > max.value()) {
            findings.warning(
                    section.place(),
                    section.path() + ": the size " + pool.capacity() + " is not between min and max, and becomes "
                            + Math.clamp(pool.capacity(), min.value(), max.value()) + " after the first interval");
        }
    }

    private void checkKeys(Setting<String> strategy) {
        STRATEGIES.forEach((other, keys) -> keys.stream()
                .filter(key -> section.has(key) && !other.equals(strategy.value()))
                .forEach(key -> findings.mistake(
                        section.placeOf(key),
                        section.pathOf(key) + ": is a key of strategy " + other + ", but strategy is "
                                + strategy.value())));
    }

    private @Nullable ScalingStrategy strategy(String name) {
        return switch (name) {
            case "aimd" -> aimd();
            case "gradient" -> ScalingStrategy.gradient();
            case "fixed" -> ScalingStrategy.fixed();
            default -> threshold();
        };
    }

    private @Nullable ScalingStrategy threshold() {
        Setting<Double> growAbove = section.decimal(
                "grow_above", Threshold.DEFAULT_GROW_ABOVE, d -> d > 0 && d <= 1, "above 0 and at most 1");
        Setting<Double> shrinkBelow =
                section.decimal("shrink_below", Threshold.DEFAULT_SHRINK_BELOW, d -> d >= 0 && d <= 0.5, "0 to 0.5");
        if (shrinkBelow.value() > growAbove.value() / 2) {
            findings.mistake(
                    shrinkBelow.place(),
                    section.pathOf("shrink_below") + ": " + shrinkBelow.value()
                            + " is out of range: must be at most half of grow_above, " + growAbove.value() / 2
                            + ", since a shrink halves the size");
            return null;
        }
        return ScalingStrategy.threshold(growAbove.value(), shrinkBelow.value());
    }

    private ScalingStrategy aimd() {
        Setting<Integer> increase = section.number("increase", Aimd.DEFAULT_INCREASE, n -> n >= 1, "1 to 2147483647");
        Setting<Double> decrease =
                section.decimal("decrease", Aimd.DEFAULT_DECREASE, d -> d > 0 && d < 1, "above 0 and below 1");
        Setting<Double> failures =
                section.decimal("max_failure_rate", Aimd.DEFAULT_MAX_FAILURE_RATE, d -> d >= 0 && d <= 1, "0 to 1");
        Setting<Duration> runTime = PoolBinder.durationOrNever(section, "max_run_time", Duration.ZERO);
        return ScalingStrategy.aimd(
                increase.value(), decrease.value(), failures.value(), PoolBinder.neverIfZero(runTime));
    }
}
