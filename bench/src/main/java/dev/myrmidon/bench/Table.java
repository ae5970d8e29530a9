package dev.myrmidon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Rows as text, within 120 columns.
final class Table {
    private static final String NOT_AVAILABLE = "n/a";
    private static final String FORM = "%-22s  %10s  %19s  %9s  %8s  %9s  %12s";
    private static final String LATENCY_FORM = "%-22s  %10s  %9s  %9s  %9s  %9s  %9s  %9s";
    private static final int COLUMNS = 120;
    private static final int NAME_COLUMNS = 24;

    private Table() {}

    /// What was measured where and how, and the figures.
    static List<String> of(Results results) {
        Machine machine = results.machine();
        Row first = results.rows().getFirst();
        int rounds = results.rows().stream()
                .mapToInt(row -> row.rounds().size())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(machine.cpu() + ", " + machine.cores() + " cores, " + Math.round(machine.memoryBytes() / 1e9)
                + " GB; " + machine.os());
        lines.add(machine.jvm() + (machine.jvmFlags().isEmpty() ? "" : "; " + String.join(" ", machine.jvmFlags())));
        lines.add(first.work() + " x " + first.tasks() + " after a warm-up of " + first.warmUpTasks() + ", capacity "
                + first.capacity() + ", " + first.submitters() + (first.virtual() ? " virtual" : " platform")
                + (first.submitters() == 1 ? " submitter, " : " submitters, ") + rounds
                + (rounds == 1 ? " round" : " rounds"));
        lines.add("");
        lines.addAll(of(results.rows()));
        return lines;
    }

    private static List<String> of(List<Row> rows) {
        boolean throughput = rows.getFirst().measure().equals("throughput");
        boolean start = rows.getFirst().measure().equals("start");
        List<String> lines = new ArrayList<>();
        lines.add(
                throughput
                        ? format(
                                FORM,
                                "executor",
                                "tasks/s",
                                "min - max",
                                "peak RSS",
                                "CPU s/M",
                                "B/task",
                                "to myrmidon")
                        : format(
                                LATENCY_FORM,
                                "executor",
                                "tasks/s",
                                start ? "start p50" : "wait mean",
                                start ? "p99" : "p50",
                                start ? "max" : "p99",
                                "peak RSS",
                                start ? "p50 ratio" : "ratio",
                                "p99 ratio"));
        for (Row row : rows) {
            lines.add(throughput ? throughput(row) : latency(row, start));
            if (row.failure() != null) {
                lines.add(shortened(" ".repeat(NAME_COLUMNS) + row.failure()));
            }
        }
        return lines;
    }

    private static String throughput(Row row) {
        Range speed = row.tasksPerSecond();
        return format(
                FORM,
                row.executor(),
                speed == null ? NOT_AVAILABLE : count(speed.median()),
                speed == null ? NOT_AVAILABLE : count(speed.min()) + " - " + count(speed.max()),
                bytes(row.peakRssBytes()),
                decimals(2, row.cpuSecondsPerMillion()),
                decimals(0, row.allocatedBytesPerTask()),
                decimals(2, row.ratioToMyrmidon()));
    }

    private static String latency(Row row, boolean start) {
        Range speed = row.tasksPerSecond();
        Latency times = start ? row.startNanos() : row.waitNanos();
        return format(
                LATENCY_FORM,
                row.executor(),
                speed == null ? NOT_AVAILABLE : count(speed.median()),
                times == null ? NOT_AVAILABLE : time(start ? times.p50() : times.mean()),
                times == null ? NOT_AVAILABLE : time(start ? times.p99() : times.p50()),
                times == null ? NOT_AVAILABLE : time(start ? times.max() : times.p99()),
                bytes(row.peakRssBytes()),
                decimals(2, row.ratioToMyrmidon()),
                decimals(2, row.ratioToMyrmidonP99()));
    }

    /// Three digits of a number, such as 4.21 M.
    static String count(double number) {
        return number >= 1e6
                ? digits(number / 1e6) + " M"
                : number >= 1e3 ? digits(number / 1e3) + " k" : digits(number);
    }

    private static String time(long nanos) {
        return nanos >= 1_000_000 ? digits(nanos / 1e6) + " ms" : digits(nanos / 1e3) + " us";
    }

    private static String bytes(@Nullable Long bytes) {
        return bytes == null ? NOT_AVAILABLE : Math.round(bytes / 1048576.0) + " MB";
    }

    private static String digits(double number) {
        return decimals(number >= 100 ? 0 : number >= 10 ? 1 : 2, number);
    }

    private static String decimals(int decimals, @Nullable Double number) {
        return number == null ? NOT_AVAILABLE : format("%." + decimals + "f", number);
    }

    private static String shortened(String line) {
        return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 3) + "...";
    }

    /// [String#format], the same everywhere.
    @SuppressWarnings("AnnotateFormatMethod") // that annotation comes with a library that nothing else needs
    static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
