package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.manage.ScalingStrategy;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The figures are the same on every machine, so they may fail a test.
class ScalingSimulationTest {
    /// Around the best sizes, which the command finds among all.
    private static final List<Integer> SIZES = List.of(16, 20, 22, 26, 34, 38, 40, 42, 60);

    /// Within 10 % of the best fixed size: in all of the run, and in each half, of which each has a best size of
    /// its own.
    @ParameterizedTest
    @MethodSource("scenarios")
    void the_gradient_is_as_good_as_the_best_fixed_size(Scenario scenario) {
        Comparison comparison = Comparison.run(scenario, SIZES, 1);
        isAsGood(comparison, ScalingSimulation.Run::all);
        isAsGood(comparison, ScalingSimulation.Run::first);
        isAsGood(comparison, ScalingSimulation.Run::second);
    }

    static List<Scenario> scenarios() {
        return Scenario.ALL;
    }

    private static void isAsGood(Comparison comparison, Function<ScalingSimulation.Run, Outcome> part) {
        Outcome best = part.apply(comparison.best(part).run());
        Outcome gradient = part.apply(comparison.scaled(Comparison.GRADIENT).run());
        assertThat(gradient.throughput()).isGreaterThan(0.9 * best.throughput());
        assertThat(gradient.goodput()).isGreaterThan(0.9 * best.goodput());
        assertThat(gradient.p99Millis()).isLessThan(1.1 * best.p99Millis());
    }

    /// What the theory says: below the knee nobody waits inside, and a full pool does size / task time.
    @Test
    void the_simulation_is_right_about_fixed_sizes() {
        Scenario scenario = new Scenario("test", 40, 40, 0);
        ScalingSimulation.Run small = fixed(scenario, 10);
        assertThat(small.all().throughput()).isBetween(195.0, 205.0);
        assertThat(small.all().p50Millis()).as("40 in the queue take 200 ms").isBetween(230.0, 250.0);
        assertThat(small.all().throughput()
                        + small.all().rejected()
                        + small.all().timedOut())
                .as("all that arrives")
                .isBetween(0.98 * 800, 1.02 * 800);
        ScalingSimulation.Run large = fixed(new Scenario("test", 40, 20, 0.5), 80);
        assertThat(large.second().throughput())
                .as("four times too many leave 1 / 2.5 of 400")
                .isBetween(140.0, 165.0);
    }

    @Test
    void the_same_seed_gives_the_same_figures() {
        Scenario scenario = Scenario.ALL.getFirst();
        assertThat(fixed(scenario, 40)).isEqualTo(fixed(scenario, 40));
    }

    @Test
    void the_command_prints_writes_and_draws(@TempDir Path dir) throws Exception {
        Path json = dir.resolve("scaling.json");
        Path svg = dir.resolve("scaling.svg");
        StringWriter out = new StringWriter();
        int status = Main.commandLine()
                .setOut(new PrintWriter(out))
                .execute("scaling", "--sizes", "20,40", "--json", json.toString(), "--svg", svg.toString());
        assertThat(status).isZero();
        assertThat(out.toString()).contains("collapses, halved: 40 slots, then 20", "best fixed size: 40", "gradient");
        JsonNode written = JsonMapper.shared().readTree(Files.readString(json));
        assertThat(written.at("/comparisons/3/scaled/3/strategy").asString()).isEqualTo("gradient");
        assertThat(written.at("/comparisons/3/fixed/1/run/all/p99_millis").asDouble())
                .isPositive();
        assertThat(Files.readString(svg))
                .startsWith("<svg ")
                .contains("capacity over time")
                .endsWith("</svg>\n");
    }

    private static ScalingSimulation.Run fixed(Scenario scenario, int size) {
        return ScalingSimulation.run(scenario, size, ScalingStrategy.fixed().controller(), 1);
    }
}
