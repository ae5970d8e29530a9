package dev.myrmidon.bench;

import dev.myrmidon.Pool;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Scaled pools against pools of fixed size in one scenario.
///
/// @param scenario the downstream
/// @param fixed a run for each size
/// @param scaled a run for each strategy
record Comparison(Scenario scenario, List<Fixed> fixed, List<Scaled> scaled) {
    private static final int START = 10;
    private static final int MIN = 4;
    private static final int MAX = 200;

    /// What p99 of the run times may be for the strategy that needs to be told: at the knee it is 230 ms.
    private static final Duration MAX_RUN_TIME = Duration.ofMillis(260);

    /// A pool of fixed size.
    ///
    /// @param size its capacity
    /// @param run what came out
    record Fixed(int size, ScalingSimulation.Run run) {}

    /// A pool that is scaled.
    ///
    /// @param strategy in words
    /// @param run what came out
    record Scaled(String strategy, ScalingSimulation.Run run) {}

    /// The name of the one that is held to the best fixed size.
    static final String GRADIENT = "gradient";

    private static Map<String, ScalingStrategy> strategies() {
        Map<String, ScalingStrategy> strategies = new LinkedHashMap<>();
        strategies.put("threshold", ScalingStrategy.threshold());
        strategies.put("aimd by failures", ScalingStrategy.aimd(2, 0.9, 0.05, Pool.NEVER));
        strategies.put("aimd by run time", ScalingStrategy.aimd(2, 0.9, 0.05, MAX_RUN_TIME));
        strategies.put(GRADIENT, ScalingStrategy.gradient());
        return strategies;
    }

    /// Runs them.
    static Comparison run(Scenario scenario, List<Integer> sizes, long seed) {
        List<Fixed> fixed = new ArrayList<>();
        for (int size : sizes) {
            fixed.add(new Fixed(
                    size,
                    ScalingSimulation.run(
                            scenario, size, ScalingStrategy.fixed().controller(), seed)));
        }
        List<Scaled> scaled = new ArrayList<>();
        strategies()
                .forEach((name, strategy) -> scaled.add(new Scaled(
                        name,
                        ScalingSimulation.run(
                                scenario,
                                START,
                                ScalingConfig.between(MIN, MAX)
                                        .strategy(strategy)
                                        .controller(),
                                seed))));
        return new Comparison(scenario, fixed, scaled);
    }

    /// The fixed size with the largest goodput.
    ///
    /// @param part in all of the run, or in a half of it
    Fixed best(Function<ScalingSimulation.Run, Outcome> part) {
        return fixed.stream()
                .max(Comparator.comparingDouble(each -> part.apply(each.run()).goodput()))
                .orElseThrow();
    }

    Scaled scaled(String strategy) {
        return scaled.stream()
                .filter(each -> each.strategy().equals(strategy))
                .findFirst()
                .orElseThrow();
    }
}
