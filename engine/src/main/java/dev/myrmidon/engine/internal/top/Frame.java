package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.client.PoolView;
import dev.myrmidon.engine.internal.client.ServerAddress;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.text.Units;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Draws a view as rows of cells. Whatever came from the server is made printable on its way here.
final class Frame {
    /// Smaller than this nothing useful fits.
    static final int LEAST_ROWS = 10;

    static final int LEAST_COLUMNS = 60;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle BOLD = PLAIN.bold();
    private static final AttributedStyle FAINT = PLAIN.faint();
    private static final AttributedStyle BAR = PLAIN.inverse();
    private static final AttributedStyle GOOD = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle WARN = PLAIN.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle BAD =
            PLAIN.foreground(AttributedStyle.RED).bold();

    private static final double HIGH = 0.7;
    private static final double FULL = 0.9;
    private static final int MEDIUM = 75;
    private static final int WIDE = 100;
    private static final int WIDER = 130;

    private static final List<String> HELP = List.of(
            "  up/down, j/k, page up/down, g/G   move",
            "  tab        between the pools and the tasks of the selected one",
            "  enter      to the tasks; there: show the stack of the task",
            "  1 - 5      sort by name, running, queued, rate, p99;  s / S: next / previous",
            "  /          filter the pools by name;  esc: all of them",
            "  space      look now",
            "",
            "  p          pause the pool, or resume it",
            "  r          resize the pool;  + / -: begin with a tenth more / less",
            "  c          cancel the selected task, or else the slowest one",
            "",
            "  q          quit;  ctrl-z: stop for now;  ctrl-l: draw again",
            "",
            "  RATE/S, tasks that ended per second, and RUN p99 are of the engine's last sample.",
            "  RUN p99 is known of pools that are timed. Changes need the token of the engine.");

    private final View view;
    private final ServerAddress server;
    private final boolean unicode;
    private final int columns;
    private final List<AttributedString> lines = new ArrayList<>();

    private Frame(View view, ServerAddress server, boolean unicode, int columns) {
        this.view = view;
        this.server = server;
        this.unicode = unicode;
        this.columns = columns;
    }

    /// A column of the table of pools.
    ///
    /// @param style of a pool's cell
    private record Column(
            String heading, int width, Function<PoolView, String> text, Function<PoolView, AttributedStyle> style) {
        static Column plain(String heading, int width, Function<PoolView, String> text) {
            return new Column(heading, width, text, _ -> PLAIN);
        }
    }

    /// Draws it.
    ///
    /// @param unicode whether the terminal can show more than ASCII
    static List<AttributedString> draw(
            View view, ServerAddress server, boolean unicode, int columns, int rows, Instant now, ZoneId zone) {
        Frame frame = new Frame(view, server, unicode, columns);
        if (columns < LEAST_COLUMNS || rows < LEAST_ROWS) {
            frame.add(PLAIN, "the terminal is too small, " + LEAST_COLUMNS + "x" + LEAST_ROWS + " is needed");
            return frame.lines.subList(0, Math.min(frame.lines.size(), rows));
        }
        frame.header(now, zone);
        int body = rows - frame.lines.size() - 1;
        switch (view.mode()) {
            case View.Mode.Help _ -> frame.text(HELP, 0, body);
            case View.Mode.Inspecting inspecting -> frame.text(inspecting.lines(), inspecting.from(), body);
            default -> frame.tables(body);
        }
        while (frame.lines.size() < rows - 1) {
            frame.add(PLAIN, "");
        }
        frame.footer(now);
        return frame.lines;
    }

    private void add(AttributedStyle style, String text) {
        lines.add(line(style, text));
    }

    private AttributedString line(AttributedStyle style, String text) {
        return new AttributedString(Cells.cut(shown(text), columns), style);
    }

    /// What the terminal can show of a text, and may get.
    private String shown(String text) {
        String printable = Cells.printable(text);
        return unicode ? printable : printable.replace('…', '~').replaceAll("[^\\x00-\\x7F]", "?");
    }

    private void header(Instant now, ZoneId zone) {
        Snapshot seen = view.snapshot();
        Json version = seen.info().get("version");
        String who = " myrmidon" + (version.isNull() ? "" : " " + version.text("")) + "  " + server
                + (Double.isNaN(seen.uptime()) ? "" : "  up " + Units.time(seen.uptime()))
                + (seen.info().get("pid").isNull()
                        ? ""
                        : "  pid " + seen.info().get("pid").text(""));
        String clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
                        .withZone(zone)
                        .format(now) + " ";
        lines.add(line(BAR, Cells.left(shown(who), columns - clock.length()) + clock));

        AttributedStringBuilder totals = new AttributedStringBuilder();
        int alarms = seen.alarms().size();
        totals.append(" " + seen.pools().size() + (seen.pools().size() == 1 ? " pool" : " pools") + "   running "
                + Units.brief(seen.running()) + "   queued " + Units.brief(seen.queued()) + "   waiting "
                + Units.brief(seen.waiting()) + "   " + Units.brief(seen.rate()) + "/s   ");
        totals.styled(
                alarms == 0 ? GOOD : BAD, alarms == 0 ? "no alarms" : alarms + (alarms == 1 ? " alarm" : " alarms"));
        lines.add(totals.toAttributedString().columnSubSequence(0, columns));
        if (view.trouble().isPresent()) {
            add(
                    BAD,
                    " NO CONNECTION for "
                            + Units.time(Math.floor(
                                    Duration.between(view.lost(), now).toMillis() / 1e3))
                            + ", trying again: " + view.trouble().get());
        } else if (alarms > 0) {
            Json last = seen.alarms().getLast();
            add(BAD, " ! " + last.get("message").text(last.get("alarm").text("")));
        } else {
            add(PLAIN, "");
        }
    }

    private void text(List<String> text, int from, int room) {
        text.stream().skip(from).limit(room).forEach(line -> add(PLAIN, line));
    }

    private void tables(int room) {
        List<PoolView> pools = view.pools();
        List<Json> tasks = view.tasks();
        // A heading each, and an empty row between them.
        int space = room - 3;
        int forTasks = Math.clamp(space / 3, 2, Math.max(2, Math.max(tasks.size(), 1) + 1));
        int forPools = Math.min(pools.size(), space - forTasks);
        pools(pools, Math.max(1, forPools));
        add(PLAIN, "");
        tasks(tasks, space - Math.max(1, forPools));
    }

    private void pools(List<PoolView> pools, int room) {
        List<Column> all = columns();
        int selected =
                pools.stream().map(PoolView::name).toList().indexOf(view.pool().orElse(""));
        int from = Math.clamp(selected - room + 1, 0, Math.max(0, pools.size() - room));
        int name = columns
                - 2
                - all.stream().mapToInt(column -> column.width() + 1).sum();
        AttributedStringBuilder heading = new AttributedStringBuilder();
        String count = pools.size() > room ? " " + (from + 1) + "-" + (from + room) + " of " + pools.size() : "";
        boolean byName = view.order() == Order.NAME;
        heading.append("  ").append(Cells.left("POOL" + (byName ? sorted() : "") + count, name), byName ? BOLD : FAINT);
        for (Column column : all) {
            boolean by = column.heading().equals(view.order().heading());
            heading.append(" ")
                    .append(Cells.right(column.heading() + (by ? sorted() : ""), column.width()), by ? BOLD : FAINT);
        }
        lines.add(heading.toAttributedString());
        if (pools.isEmpty()) {
            add(
                    FAINT,
                    "  " + (view.filter().isEmpty() ? "no pools" : "no pool has this in its name: " + view.filter()));
        }
        for (int i = from; i < Math.min(from + room, pools.size()); i++) {
            lines.add(pool(pools.get(i), i == selected, name, all));
        }
    }

    private String sorted() {
        return unicode ? "▼" : "*";
    }

    private List<Column> columns() {
        List<Column> all = new ArrayList<>();
        boolean medium = columns >= MEDIUM;
        int bar = columns >= WIDE ? 20 : medium ? 10 : 6;
        all.add(Column.plain("RUNNING", 8, pool -> Units.brief(pool.running())));
        all.add(Column.plain("CAPACITY", 9, PoolView::capacityText));
        all.add(new Column(left("USAGE", bar), bar, pool -> state(pool, bar), Frame::style));
        if (medium) {
            all.add(Column.plain("", 4, pool -> pool.capacity() > 0 ? Units.percent(pool.usage()) : ""));
        }
        all.add(Column.plain("QUEUED", 8, pool -> Units.brief(pool.queued())));
        if (columns >= WIDE) {
            all.add(Column.plain("WAITING", 8, pool -> Units.brief(pool.waiting())));
        }
        all.add(Column.plain("RATE/S", 7, pool -> Units.brief(pool.rate())));
        if (columns >= WIDER) {
            all.add(Column.plain("RUN p50", 8, pool -> Units.time(pool.runs("p50"))));
        }
        if (medium) {
            all.add(Column.plain("RUN p99", 8, pool -> Units.time(pool.p99())));
        }
        if (columns >= WIDE) {
            all.add(Column.plain(
                    "FAILED", 7, pool -> Units.brief(pool.json().get("failed").whole(0))));
        }
        if (columns >= WIDER) {
            all.add(Column.plain(
                    "REJECTED",
                    9,
                    pool -> Units.brief(pool.json().get("rejected").whole(0))));
        }
        return all;
    }

    private static String left(String text, int cells) {
        return Cells.left(text, cells);
    }

    private String state(PoolView pool, int cells) {
        if (!pool.state().equals("running")) {
            return Cells.left(pool.state(), cells);
        }
        if (pool.capacity() < 1) {
            return Cells.left("", cells);
        }
        int full = (int) Math.min(cells, Math.round(pool.usage() * cells));
        // A pool in which something runs never looks idle.
        int seen = pool.running() > 0 ? Math.max(1, full) : full;
        return (unicode ? "█" : "#").repeat(seen) + (unicode ? "░" : ".").repeat(cells - seen);
    }

    private static AttributedStyle style(PoolView pool) {
        if (!pool.state().equals("running") || (pool.usage() >= HIGH && pool.usage() < FULL)) {
            return WARN;
        }
        return pool.usage() >= FULL ? BAD : GOOD;
    }

    private AttributedString pool(PoolView pool, boolean selected, int name, List<Column> all) {
        boolean focused = selected && !view.inTasks();
        AttributedStringBuilder line = new AttributedStringBuilder();
        line.append(marker(selected), BOLD);
        line.append(Cells.left(shown(pool.name()), name), selected ? BOLD : PLAIN);
        for (Column column : all) {
            line.append(" ")
                    .append(
                            Cells.right(shown(column.text().apply(pool)), column.width()),
                            column.style().apply(pool));
        }
        AttributedString row = line.toAttributedString().columnSubSequence(0, columns);
        return focused ? inverse(row) : row;
    }

    private String marker(boolean selected) {
        if (!selected) {
            return "  ";
        }
        return unicode ? "▶ " : "> ";
    }

    /// The whole row in reverse, without colours of its own.
    private AttributedString inverse(AttributedString row) {
        return new AttributedString(Cells.left(row.toString(), columns), BAR);
    }

    private void tasks(List<Json> tasks, int room) {
        String of = view.pool().map(pool -> " of " + shown(pool)).orElse("");
        int last = Math.clamp(room, 0, tasks.size());
        int from = Math.clamp(view.task() - last + 1, 0, Math.max(0, tasks.size() - last));
        AttributedStringBuilder title = new AttributedStringBuilder();
        title.append("  " + Cells.left("ID", 10) + Cells.right("RAN", 8) + Cells.right("WAITED", 9) + "  ", FAINT);
        title.append("SLOWEST TASKS" + of, BOLD);
        lines.add(title.toAttributedString().columnSubSequence(0, columns));
        if (tasks.isEmpty()) {
            add(FAINT, "  nothing runs");
        }
        for (int i = from; i < from + last; i++) {
            Json task = tasks.get(i);
            boolean selected = view.inTasks() && i == view.task();
            String outcome = task.get("outcome").text("");
            AttributedString row = line(
                    PLAIN,
                    marker(selected) + Cells.left(task.get("id").text(Units.UNKNOWN), 10)
                            + Cells.right(Units.time(task.get("ran").number()), 8)
                            + Cells.right(Units.time(task.get("waited").number()), 9) + "  "
                            + task.get("name").text("")
                            + (outcome.isEmpty() ? "" : " (" + outcome + ", runs on)"));
            lines.add(selected ? inverse(row) : row);
        }
    }

    /// A question with a name in it: what it asks for is seen whole, however long the name is.
    private void prompt(String question, String answers) {
        String end = shown(answers);
        add(BOLD, " " + Cells.cut(shown(question), columns - 1 - Cells.width(end)) + end);
    }

    private void footer(Instant now) {
        Optional<View.Notice> notice = view.notice(now);
        String cursor = unicode ? "▏" : "_";
        switch (view.mode()) {
            case View.Mode.Resizing resizing ->
                prompt(
                        "resize " + resizing.pool(),
                        " from " + (resizing.was() == -1 ? "unbounded" : Long.toString(resizing.was())) + " to: "
                                + resizing.text() + cursor + "  (enter: do it, esc: leave it)");
            case View.Mode.Confirming confirming -> prompt(confirming.question(), "  (y: yes, else no)");
            case View.Mode.Filtering _ ->
                prompt("pools with: " + view.filter(), cursor + "  (enter: keep, esc: all pools)");
            case View.Mode.Help _ -> add(FAINT, " any key: back");
            case View.Mode.Inspecting _ -> add(FAINT, " up/down: scroll   any other key: back");
            default -> {
                if (notice.isPresent()) {
                    add(notice.get().bad() ? BAD : BOLD, " " + notice.get().text());
                } else {
                    String filtered = view.filter().isEmpty() ? "" : "[" + view.filter() + "] ";
                    add(
                            FAINT,
                            " " + filtered
                                    + "q quit  s sort  p pause  r resize  tab tasks  c cancel  / filter  ? help");
                }
            }
        }
    }
}
