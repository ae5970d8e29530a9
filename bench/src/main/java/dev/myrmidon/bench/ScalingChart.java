package dev.myrmidon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Draws comparisons as an SVG, in a row each: goodput and p99 by fixed size, with a level line for each strategy, and
/// the capacities that the strategies chose over time.
final class ScalingChart {
    private static final int PANEL_WIDTH = 230;
    private static final int PANEL_HEIGHT = 130;
    private static final int GAP = 46;
    private static final int LEFT = 44;
    private static final int TOP = 46;
    private static final int ROW = PANEL_HEIGHT + 78;
    private static final int PANELS = 3;
    private static final int WIDTH = LEFT + PANELS * (PANEL_WIDTH + GAP);

    /// What is longer or larger is off the scale.
    private static final double MOST_MILLIS = 1_000;

    private static final double MOST_SIZE = 100;

    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f; }
            .title { font-weight: 600; }
            .end { text-anchor: end; }
            path { fill: none; stroke-width: 1.5; }
            .axis { stroke: #8b98a5; stroke-width: 1; }
            .fixed { stroke: #57606a; stroke-width: 2; }
            .s0 { stroke: #8250df; }
            .s1 { stroke: #1f883d; stroke-dasharray: 5 3; }
            .s2 { stroke: #0969da; }
            .s3 { stroke: #d2691e; stroke-width: 2; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .fixed { stroke: #c9d1d9; }
              .s0 { stroke: #b083f0; }
              .s1 { stroke: #57ab5a; }
              .s2 { stroke: #6cb6ff; }
            }
            </style>
            """;

    private final StringBuilder body = new StringBuilder();

    private ScalingChart() {}

    /// The whole file.
    static String draw(List<Comparison> comparisons) {
        ScalingChart chart = new ScalingChart();
        chart.legend(comparisons.getFirst());
        int y = TOP;
        for (Comparison comparison : comparisons) {
            chart.row(comparison, y);
            y += ROW;
        }
        return Table.format("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d" role="img">
                <title>Pools that are scaled, and pools of every fixed size</title>
                %s%s</svg>
                """, WIDTH, y, STYLE, chart.body);
    }

    private void legend(Comparison comparison) {
        int x = LEFT;
        x = legend("fixed", "fixed size", x);
        for (int i = 0; i < comparison.scaled().size(); i++) {
            x = legend("s" + i, comparison.scaled().get(i).strategy(), x);
        }
    }

    private int legend(String style, String name, int x) {
        path(style, List.of(new double[] {x, 18}, new double[] {x + 24, 18}));
        text("", x + 30, 22, name);
        return x + 150;
    }

    private void row(Comparison comparison, int top) {
        text("title", LEFT, top + 14, comparison.scenario().name() + ": " + slots(comparison.scenario()));
        int y = top + 38;
        double mostGood = Stream.concat(
                                comparison.fixed().stream().map(Comparison.Fixed::run),
                                comparison.scaled().stream().map(Comparison.Scaled::run))
                        .mapToDouble(run -> run.all().goodput())
                        .max()
                        .orElseThrow()
                * 1.1;
        bySize(comparison, 0, y, "good tasks/s by size", mostGood, Outcome::goodput);
        bySize(comparison, 1, y, "p99 in ms by size", MOST_MILLIS, Outcome::p99Millis);
        overTime(comparison, y);
    }

    private static String slots(Scenario scenario) {
        return scenario.slots()
                + (scenario.slots() == scenario.slotsLater() ? "" : ", then " + scenario.slotsLater())
                + " tasks at once";
    }

    private void bySize(
            Comparison comparison, int panel, int y, String title, double most, ToDoubleFunction<Outcome> figure) {
        int x = panel(panel, y, title, most, "size " + (int) MOST_SIZE);
        List<double[]> points = new ArrayList<>();
        for (Comparison.Fixed fixed : comparison.fixed()) {
            if (fixed.size() <= MOST_SIZE) {
                double value = figure.applyAsDouble(fixed.run().all());
                points.add(point(x, y, fixed.size() / MOST_SIZE, value / most));
            }
        }
        path("fixed", points);
        for (int i = 0; i < comparison.scaled().size(); i++) {
            double value = figure.applyAsDouble(comparison.scaled().get(i).run().all());
            path("s" + i, List.of(point(x, y, 0, value / most), point(x, y, 1, value / most)));
        }
    }

    private void overTime(Comparison comparison, int y) {
        int x = panel(2, y, "capacity over time", MOST_SIZE, (int) (2 * Scenario.HALF_SECONDS) + " s");
        for (int i = 0; i < comparison.scaled().size(); i++) {
            List<Integer> capacities = comparison.scaled().get(i).run().capacities();
            List<double[]> points = new ArrayList<>();
            for (int at = 0; at < capacities.size(); at++) {
                points.add(point(x, y, (at + 1.0) / capacities.size(), capacities.get(at) / MOST_SIZE));
            }
            path("s" + i, points);
        }
    }

    /// Draws the axes.
    ///
    /// @return where the panel begins
    private int panel(int number, int y, String title, double most, String lastOfX) {
        int x = LEFT + number * (PANEL_WIDTH + GAP);
        int bottom = y + PANEL_HEIGHT;
        path("axis", List.of(new double[] {x, y}, new double[] {x, bottom}, new double[] {x + PANEL_WIDTH, bottom}));
        text("", x + 6, y - 6, title);
        text("end", x - 4, y + 8, String.valueOf(Math.round(most)));
        text("end", x - 4, bottom, "0");
        text("end", x + PANEL_WIDTH, bottom + 16, lastOfX);
        return x;
    }

    /// From shares of the axes; what is off the scale is at its end.
    private static double[] point(int x, int y, double across, double up) {
        return new double[] {x + across * PANEL_WIDTH, y + PANEL_HEIGHT * (1 - Math.min(1, up))};
    }

    private void path(String style, List<double[]> points) {
        body.append("<path class=\"").append(style).append("\" d=\"");
        for (int i = 0; i < points.size(); i++) {
            body.append(Table.format("%s%.1f %.1f", i == 0 ? "M" : " L", points.get(i)[0], points.get(i)[1]));
        }
        body.append("\"/>\n");
    }

    private void text(String style, int x, int y, String text) {
        body.append(Table.format("<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n", style, x, y, text));
    }
}
