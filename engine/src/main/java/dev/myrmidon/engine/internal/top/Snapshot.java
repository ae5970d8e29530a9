package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Json;
import dev.myrmidon.engine.internal.client.PoolView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an engine tells about itself at one moment.
///
/// @param at when that was, by the clock of this machine
/// @param info about the engine; nothing from one that doesn't tell
/// @param pools all of them
/// @param samples as they came
/// @param alarms those that are up
/// @param tasksOf the pool that the tasks are of; empty if they are of all
/// @param tasks what runs, the longest first
record Snapshot(
        Instant at,
        Json info,
        List<PoolView> pools,
        Json samples,
        List<Json> alarms,
        Optional<String> tasksOf,
        List<Json> tasks) {

    /// Asks for all of it. It polls, and doesn't listen to the events: those come at the interval of the engine's
    /// monitor and not at the user's, one frame for scripts needs polling anyway, and a server that hangs is
    /// noticed at the next look.
    ///
    /// @param info from an earlier look; if empty it is asked for
    /// @param pool whose tasks to tell of; if empty or gone those of all pools
    /// @param limit how many tasks at most
    static Snapshot take(ApiClient api, Optional<Json> info, Optional<String> pool, int limit)
            throws ApiException, InterruptedException {
        Json engine = info.isPresent() ? info.get() : api.get("/api/info").json();
        Json pools = PoolView.answer(api).json();
        Json samples = PoolView.samples(api);
        List<PoolView> all = PoolView.all(pools, samples);
        List<Json> alarms = api.get("/api/alarms").json().get("active").items();
        Optional<String> of =
                pool.filter(name -> all.stream().anyMatch(known -> known.name().equals(name)));
        String query = "/api/tasks?sort=slowest&limit=" + limit
                + of.map(name -> "&pool=" + ApiClient.segment(name)).orElse("");
        List<Json> tasks;
        try {
            tasks = api.get(query).json().get("tasks").items();
        } catch (ApiException e) {
            if (e.status() != 400) {
                throw e;
            }
            tasks = List.of(); // the pool has just gone
        }
        return new Snapshot(Instant.now(), engine, all, samples.get("samples"), alarms, of, tasks);
    }

    /// As one document of JSON.
    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("at", at.toString());
        all.put("info", info);
        all.put("pools", pools.stream().map(PoolView::json).toList());
        all.put("samples", samples);
        all.put("alarms", alarms);
        all.put("tasks", tasks);
        return new Json(all).write();
    }

    /// How many tasks run in all pools.
    long running() {
        return pools.stream().mapToLong(PoolView::running).sum();
    }

    long queued() {
        return pools.stream().mapToLong(PoolView::queued).sum();
    }

    long waiting() {
        return pools.stream().mapToLong(PoolView::waiting).sum();
    }

    /// Tasks that end per second in all pools; NaN if no pool has a sample.
    double rate() {
        return pools.stream()
                .mapToDouble(PoolView::rate)
                .filter(Double::isFinite)
                .reduce(Double::sum)
                .orElse(Double.NaN);
    }

    /// How long the engine has been there, in seconds; NaN if it doesn't tell.
    double uptime() {
        try {
            Instant started = Instant.parse(info.get("started").text(""));
            return Math.max(0, (at.toEpochMilli() - started.toEpochMilli()) / 1e3);
        } catch (java.time.format.DateTimeParseException e) {
            return Double.NaN;
        }
    }
}
