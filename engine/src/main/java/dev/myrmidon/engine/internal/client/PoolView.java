package dev.myrmidon.engine.internal.client;

import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A pool as its engine tells about it, now and by the monitor's last sample.
///
/// @param json the pool
/// @param sample the sample; nothing if there is none
public record PoolView(Json json, Json sample) {
    /// What the API answers about all pools.
    ///
    /// @throws ApiException if there is no answer, or it is no list of pools
    public static Answer answer(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = api.get("/api/pools");
        if (!answer.json().get("pools").isArray()) {
            throw api.stranger("it has no pools");
        }
        return answer;
    }

    /// All pools, in the engine's order.
    ///
    /// @throws ApiException if there is no answer, or it is no list of pools
    public static List<PoolView> all(ApiClient api) throws ApiException, InterruptedException {
        return all(answer(api).json(), samples(api));
    }

    /// What the engine answers about the last sample of each pool.
    public static Json samples(ApiClient api) throws ApiException, InterruptedException {
        return api.get("/api/samples").json();
    }

    /// All pools of two answers.
    ///
    /// @param pools what `/api/pools` answers
    /// @param samples what `/api/samples` answers
    public static List<PoolView> all(Json pools, Json samples) {
        Map<String, Json> byName = samples.get("samples").items().stream()
                .collect(Collectors.toMap(sample -> sample.get("pool").text(""), sample -> sample, (a, _) -> a));
        return pools.get("pools").items().stream()
                .map(pool ->
                        new PoolView(pool, byName.getOrDefault(pool.get("name").text(""), new Json(null))))
                .toList();
    }

    /// Its name, which may have any characters.
    public String name() {
        return json.get("name").text("");
    }

    /// True if nothing starts.
    public boolean paused() {
        return json.get("paused").isTrue();
    }

    /// In a word: running, paused, draining, ...
    public String state() {
        String state = json.get("state").text("-");
        return paused() && state.equals("running") ? "paused" : state;
    }

    /// How many tasks may run; -1 is unbounded.
    public long capacity() {
        return json.get("capacity").whole(0);
    }

    /// The capacity in words.
    public String capacityText() {
        return capacity() == -1 ? "unbounded" : Long.toString(capacity());
    }

    /// How many tasks run.
    public long running() {
        return json.get("running").whole(0);
    }

    /// How much of the capacity is used, 0 if it is unbounded.
    public double usage() {
        return capacity() > 0 ? (double) running() / capacity() : 0;
    }

    /// How many tasks are queued.
    public long queued() {
        return json.get("queued").whole(0);
    }

    /// How many submitters wait for room.
    public long waiting() {
        return json.get("waiting").whole(0);
    }

    /// Tasks that ended per second, by the last sample; NaN without one.
    public double rate() {
        return sample.get("throughput").number();
    }

    /// How long tasks run, in seconds: so many of them at most so long. NaN if that isn't known.
    ///
    /// @param percentile such as `p99`
    public double runs(String percentile) {
        Json runs = sample.get("runs");
        return runs.get("count").whole(0) > 0 ? runs.get(percentile).number() : Double.NaN;
    }

    /// [#runs] of 99 %.
    public double p99() {
        return runs("p99");
    }
}
