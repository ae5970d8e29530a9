package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.engine.internal.text.Table;
import dev.myrmidon.engine.internal.text.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One look at an engine, to be printed.
public final class Once {
    private static final int TASKS = 10;

    private Once() {}

    /// As one document of JSON.
    ///
    /// @throws ApiException if there is no answer
    public static String json(ApiClient api) throws ApiException, InterruptedException {
        return look(api).json();
    }

    /// As plain text: all pools, the busiest first, and the slowest tasks of all of them.
    ///
    /// @param width the most cells of a line
    /// @throws ApiException if there is no answer
    public static List<String> lines(ApiClient api, int width) throws ApiException, InterruptedException {
        Snapshot seen = look(api);
        List<String> lines = new ArrayList<>();
        Json version = seen.info().get("version");
        lines.add("myrmidon" + (version.isNull() ? "" : " " + version.text("")) + "  " + api.server()
                + (Double.isNaN(seen.uptime()) ? "" : "  up " + Units.time(seen.uptime())));
        lines.add(seen.pools().size() + (seen.pools().size() == 1 ? " pool" : " pools") + "  running "
                + Units.brief(seen.running()) + "  queued "
                + Units.brief(seen.queued()) + "  waiting " + Units.brief(seen.waiting()) + "  "
                + Units.brief(seen.rate()) + "/s");
        seen.alarms()
                .forEach(alarm -> lines.add(
                        "alarm: " + alarm.get("message").text(alarm.get("alarm").text(""))));
        lines.add("");
        Table pools = new Table("POOL", "STATE", ">RUNNING", ">CAPACITY", ">USAGE", ">QUEUED", ">RATE/S", ">RUN p99");
        seen.pools().stream()
                .sorted(Order.RUNNING.comparator())
                .forEach(pool -> pools.row(
                        pool.name(),
                        pool.state(),
                        Long.toString(pool.running()),
                        pool.capacityText(),
                        pool.capacity() > 0 ? Units.percent(pool.usage()) : Units.UNKNOWN,
                        Long.toString(pool.queued()),
                        Units.brief(pool.rate()),
                        Units.time(pool.p99())));
        lines.addAll(pools.lines(width));
        if (!seen.tasks().isEmpty()) {
            lines.add("");
            Table tasks = new Table("POOL", ">ID", ">RAN", ">WAITED", "SLOWEST TASKS");
            seen.tasks()
                    .forEach(task -> tasks.row(
                            task.get("pool").text(""),
                            task.get("id").text(Units.UNKNOWN),
                            Units.time(task.get("ran").number()),
                            Units.time(task.get("waited").number()),
                            task.get("name").text("")));
            lines.addAll(tasks.lines(width));
        }
        return lines.stream()
                .map(line -> Cells.cut(Cells.printable(line), width))
                .toList();
    }

    private static Snapshot look(ApiClient api) throws ApiException, InterruptedException {
        return Snapshot.take(api, Optional.empty(), Optional.empty(), TASKS);
    }
}
