package dev.myrmidon.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Simulates pools that are scaled against pools of every fixed size.
@Command(
        name = "scaling",
        description = {
            "%nSimulates pools that are scaled against pools of every fixed size, before a downstream of limited"
                    + " capacity, in virtual time. The same seed gives the same figures, on every machine.",
            ""
        },
        sortOptions = false)
final class ScalingCommand implements Callable<Integer> {
    /// Every size up to 1.5 times the knee, and some beyond.
    private static final List<Integer> SIZES = IntStream.concat(
                    IntStream.rangeClosed(1, 60), IntStream.of(70, 80, 100, 120, 160, 200))
            .boxed()
            .toList();

    private static final String FORM = "%-26s  %10s  %8s  %8s  %8s  %10s  %10s";

    private @Nullable CommandSpec spec;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What arrives when is drawn from it. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--sizes",
            paramLabel = "LIST",
            split = ",",
            description = "The fixed sizes, separated by commas. Default: every one to 60, and some to 200.")
    private List<Integer> sizes = SIZES;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures there.")
    private @Nullable Path json;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw them there.")
    private @Nullable Path svg;

    /// All there is to say about a run of the command.
    ///
    /// @param seed what was drawn from
    /// @param comparisons one for each scenario
    record Results(long seed, List<Comparison> comparisons) {}

    @Override
    public Integer call() throws IOException {
        CommandSpec known = Objects.requireNonNull(spec);
        if (sizes.stream().anyMatch(size -> size < 1)) {
            throw new ParameterException(known.commandLine(), "--sizes must be at least 1, were " + sizes);
        }
        PrintWriter out = known.commandLine().getOut();
        List<Comparison> comparisons = new ArrayList<>();
        for (Scenario scenario : Scenario.ALL) {
            Comparison comparison = Comparison.run(scenario, sizes, seed);
            print(comparison, out);
            comparisons.add(comparison);
        }
        if (json != null) {
            Files.writeString(json, Json.line(new Results(seed, comparisons)) + "\n");
        }
        if (svg != null) {
            Files.writeString(svg, ScalingChart.draw(comparisons));
        }
        return 0;
    }

    private static void print(Comparison comparison, PrintWriter out) {
        Scenario scenario = comparison.scenario();
        out.println(scenario.name() + ": " + scenario.slots() + " slots, then " + scenario.slotsLater());
        print(comparison, "all of it", ScalingSimulation.Run::all, out);
        if (scenario.slots() != scenario.slotsLater()) {
            print(comparison, "first half", ScalingSimulation.Run::first, out);
            print(comparison, "second half", ScalingSimulation.Run::second, out);
        }
        out.println();
        out.flush();
    }

    private static void print(
            Comparison comparison, String part, Function<ScalingSimulation.Run, Outcome> outcome, PrintWriter out) {
        out.println(Table.format(FORM, part, "tasks/s", "good/s", "p50 ms", "p99 ms", "timeouts/s", "rejected/s"));
        Comparison.Fixed best = comparison.best(outcome);
        out.println(line("best fixed size: " + best.size(), outcome.apply(best.run())));
        comparison.scaled().forEach(scaled -> out.println(line(scaled.strategy(), outcome.apply(scaled.run()))));
    }

    private static String line(String name, Outcome outcome) {
        return Table.format(
                FORM,
                name,
                Math.round(outcome.throughput()),
                Math.round(outcome.goodput()),
                Math.round(outcome.p50Millis()),
                Math.round(outcome.p99Millis()),
                Table.format("%.1f", outcome.timedOut()),
                Math.round(outcome.rejected()));
    }

    @Spec
    void configure(CommandSpec commandSpec) {
        this.spec = commandSpec;
    }
}
