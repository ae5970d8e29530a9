package dev.myrmidon.bench;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Draws rows as an SVG: a bar for the tasks per second of each executor, and a thin line from the slowest round to the
/// fastest. Each workload has a scale of its own.
final class BarChart {
    private static final int WIDTH = 760;
    private static final int BARS_FROM = 190;
    private static final int BARS_TO = 650;
    private static final int LINE = 24;
    private static final int BAR = 14;
    private static final int MARGIN = 12;

    /// Loops without an executor that are so many times as fast as the best executor are off the scale: beside
    /// them all other bars would be dots.
    private static final double MAX_LIMIT = 3;

    /// Colours that are readable on white and on black, but for the text, which takes its own from the reader's
    /// theme.
    private static final String STYLE = """
            <style>
            text { font: 13px system-ui, sans-serif; fill: #24292f; }
            .title { font-weight: 600; }
            .names { text-anchor: end; }
            .peer { fill: #8b98a5; }
            .ours { fill: #d2691e; }
            .range { stroke: #57606a; stroke-width: 1.5; }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3; }
              .range { stroke: #c9d1d9; }
            }
            </style>
            """;

    private BarChart() {}

    /// The whole file.
    static String draw(List<Row> rows) {
        Collection<List<Row>> workloads = rows.stream()
                .collect(Collectors.groupingBy(BarChart::title, LinkedHashMap::new, Collectors.toList()))
                .values();
        StringBuilder body = new StringBuilder();
        int y = MARGIN;
        for (List<Row> workload : workloads) {
            y = drawWorkload(workload, y, body);
        }
        return Table.format("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %1$d %2$d" role="img">
                <title>Tasks per second; more is better</title>
                %s%s</svg>
                """, WIDTH, y, STYLE, body);
    }

    private static int drawWorkload(List<Row> rows, int top, StringBuilder body) {
        int y = top;
        body.append(Table.format(
                "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>\n",
                MARGIN, y + BAR, escaped(title(rows.getFirst()) + ": tasks per second")));
        double most = most(rows.stream());
        double mostOfExecutors =
                most(rows.stream().filter(row -> !row.executor().equals(Peer.LIMIT.toString())));
        if (most > MAX_LIMIT * mostOfExecutors && mostOfExecutors > 0) {
            most = mostOfExecutors;
        }
        for (Row row : rows) {
            y += LINE;
            drawRow(row, y, most, body);
        }
        return y + LINE + MARGIN;
    }

    private static void drawRow(Row row, int y, double most, StringBuilder body) {
        int baseline = y + BAR - 3;
        body.append(Table.format(
                "<text class=\"names\" x=\"%d\" y=\"%d\">%s</text>\n",
                BARS_FROM - 8, baseline, escaped(row.executor())));
        Range speed = row.tasksPerSecond();
        if (speed == null) {
            String why = row.failure() == null ? "not measured" : row.failure();
            int end = why.indexOf(':');
            body.append(Table.format(
                    "<text x=\"%d\" y=\"%d\">%s</text>\n",
                    BARS_FROM, baseline, escaped(end < 0 ? why : why.substring(0, end))));
            return;
        }
        if (speed.max() > most) {
            body.append(Table.format(
                    "<text x=\"%d\" y=\"%d\">%s, off the scale</text>\n",
                    BARS_FROM, baseline, Table.count(speed.median())));
            return;
        }
        double scale = (BARS_TO - BARS_FROM) / most;
        body.append(Table.format(
                "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>\n",
                row.executor().equals(Peer.MYRMIDON.toString()) ? "ours" : "peer",
                BARS_FROM,
                y,
                speed.median() * scale,
                BAR));
        body.append(Table.format(
                "<line class=\"range\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%2$d\"/>\n",
                BARS_FROM + speed.min() * scale, y + BAR / 2, BARS_FROM + speed.max() * scale));
        body.append(Table.format(
                "<text x=\"%.1f\" y=\"%d\">%s</text>\n",
                BARS_FROM + speed.max() * scale + 8, baseline, Table.count(speed.median())));
    }

    private static double most(Stream<Row> rows) {
        return rows.map(Row::tasksPerSecond)
                .flatMap(Stream::ofNullable)
                .mapToDouble(Range::max)
                .max()
                .orElse(0);
    }

    /// Names a workload.
    static String title(Row row) {
        return row.work() + ", capacity " + row.capacity() + ", " + row.submitters()
                + (row.virtual() ? " virtual submitter" : " submitter") + (row.submitters() == 1 ? "" : "s");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
