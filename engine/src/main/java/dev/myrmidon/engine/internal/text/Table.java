package dev.myrmidon.engine.internal.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows with aligned columns. The first column gives way when the lines would be too long.
public final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_FIRST = 8;

    private final List<String> headings;
    private final List<Boolean> numbers = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /// An empty table.
    ///
    /// @param headings of the columns; one that begins with `>` is of numbers, which end at the right
    public Table(String... headings) {
        this.headings = Arrays.stream(headings)
                .map(heading -> heading.startsWith(">") ? heading.substring(1) : heading)
                .toList();
        Arrays.stream(headings).map(heading -> heading.startsWith(">")).forEach(numbers::add);
    }

    /// Adds a row; what a terminal must not get is replaced.
    public Table row(String... cells) {
        rows.add(Arrays.stream(cells).map(Cells::printable).toList());
        return this;
    }

    /// The heading and the rows, without spaces at their ends.
    ///
    /// @param width the most cells of a line
    public List<String> lines(int width) {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < headings.size(); i++) {
            int column = i;
            widths.add(Math.max(
                    headings.get(i).length(),
                    rows.stream()
                            .mapToInt(row -> Cells.width(row.get(column)))
                            .max()
                            .orElse(0)));
        }
        int total = widths.stream().mapToInt(Integer::intValue).sum() + GAP.length() * (widths.size() - 1);
        if (total > width) {
            int least = Math.min(widths.getFirst(), LEAST_FIRST);
            widths.set(0, Math.max(least, widths.getFirst() - (total - width)));
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(headings, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines.stream().map(line -> Cells.cut(line, width)).toList();
    }

    private String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                line.append(GAP);
            }
            boolean last = i == cells.size() - 1;
            line.append(
                    numbers.get(i)
                            ? Cells.right(cells.get(i), widths.get(i))
                            : last ? cells.get(i) : Cells.left(cells.get(i), widths.get(i)));
        }
        return line.toString().stripTrailing();
    }
}
