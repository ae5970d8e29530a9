package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.client.PoolView;
import dev.myrmidon.engine.internal.text.Table;
import dev.myrmidon.engine.internal.text.Units;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `myrmidon pools`.
@Command(
        name = "pools",
        description = {
            "Lists the pools of a running engine, or tells all about one.",
            "",
            "RATE/S (tasks that ended per second) and RUN p99 (how long tasks run) are of the monitor's last look;"
                    + " times are there for pools that are timed."
        },
        footer = {
            "  myrmidon pools",
            "  myrmidon pools images",
            "  myrmidon pools --url https://pools.example:8443 --token-file token",
            "  myrmidon pools --json | jq -r '.pools[] | select(.queued > 0) | .name'"
        })
final class PoolsCommand extends ApiCommand {
    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The pool to tell about.")
    private @Nullable String name;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        if (name == null) {
            list(api);
        } else {
            one(api, name);
        }
    }

    private void list(ApiClient api) throws ApiException, InterruptedException {
        if (json()) {
            printedJson(PoolView.answer(api));
            return;
        }
        List<PoolView> pools = PoolView.all(api);
        Table table = new Table(
                "POOL",
                "STATE",
                ">RUNNING",
                ">CAPACITY",
                ">QUEUED",
                ">WAITING",
                ">RATE/S",
                ">RUN p99",
                ">FAILED",
                ">REJECTED");
        for (PoolView pool : pools) {
            table.row(
                    pool.name(),
                    pool.state(),
                    Long.toString(pool.running()),
                    pool.capacityText(),
                    Long.toString(pool.queued()),
                    Long.toString(pool.waiting()),
                    Units.brief(pool.rate()),
                    Units.time(pool.p99()),
                    pool.json().get("failed").text(Units.UNKNOWN),
                    pool.json().get("rejected").text(Units.UNKNOWN));
        }
        print(table);
    }

    private void one(ApiClient api, String pool) throws ApiException, InterruptedException {
        Answer answer;
        try {
            answer = api.get("/api/pools/" + ApiClient.segment(pool));
        } catch (ApiException e) {
            throw about(api, pool, e);
        }
        if (printedJson(answer)) {
            return;
        }
        Table table = new Table("POOL", answer.json().get("name").text(pool));
        answer.json().fields().forEach((key, value) -> {
            switch (key) {
                case "name", "history" -> {}
                case "sample" -> sample(table, value);
                case "config" ->
                    value.fields().forEach((own, setting) -> table.row("config." + own, shown(own, setting)));
                default -> flat(table, key, value);
            }
        });
        print(table);
    }

    private static void flat(Table table, String key, Json value) {
        if (value.isObject()) {
            value.fields().forEach((own, inner) -> flat(table, key + "." + own, inner));
        } else if (value.isArray()) {
            table.row(key, Integer.toString(value.items().size()));
        } else {
            table.row(key, shown(key, value));
        }
    }

    private static String shown(String key, Json value) {
        return switch (key) {
            case "capacity" -> capacity(value);
            case "expiry", "task_timeout", "start_within" -> value.isNull() ? "never" : Units.time(value.number());
            default -> value.text(Units.UNKNOWN);
        };
    }

    private static void sample(Table table, Json sample) {
        if (sample.isNull()) {
            return;
        }
        table.row("arrivals per second", Units.brief(sample.get("arrival_rate").number()));
        table.row("ended per second", Units.brief(sample.get("throughput").number()));
        table.row("failure rate", Units.percent(sample.get("failure_rate").number()));
        for (String kind : List.of("waits", "runs")) {
            Json latencies = sample.get(kind);
            if (latencies.isObject()) {
                table.row(kind, latencies(latencies));
            }
        }
    }

    private static String latencies(Json latencies) {
        return "p50 " + Units.time(latencies.get("p50").number()) + ", p99 "
                + Units.time(latencies.get("p99").number()) + ", max "
                + Units.time(latencies.get("max").number());
    }
}
