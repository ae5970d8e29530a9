package dev.myrmidon.engine.internal.http;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolStats;
import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.internal.BuildVersion;
import dev.myrmidon.engine.internal.config.ConfigWriter;
import dev.myrmidon.engine.internal.config.ScalingKeys;
import dev.myrmidon.engine.internal.config.Shown;
import dev.myrmidon.engine.internal.metrics.ScrapeFormat;
import dev.myrmidon.engine.internal.metrics.Scrapes;
import dev.myrmidon.manage.FinishedTask;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.TaskTracker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.core.JsonToken;

/// What there is to ask and to change. `openapi.yaml` beside this class tells it to clients.
final class Api {
    private static final String CAPACITY = "capacity";
    private static final String PAUSED = "paused";

    private static final String SCALING = "scaling";
    private static final String FIELDS = CAPACITY + ", " + PAUSED + " and " + SCALING;

    private final Instant started = Instant.now();
    private final boolean readsNeedToken;
    private final ManagedEngine managed;
    private final Engine engine;
    private final EventHub events;
    private final Scrapes scrapes;
    private final TaskQueries tasks;
    private final HistoryQuery history;
    /// Held while one pool is changed, so that the audit tells what each change started from.
    private final ReentrantLock changing = new ReentrantLock();

    /// @param readsNeedToken what clients are told of that
    Api(ManagedEngine managed, EventHub events, Scrapes scrapes, boolean readsNeedToken) {
        this.readsNeedToken = readsNeedToken;
        this.managed = managed;
        this.engine = managed.engine();
        this.events = events;
        this.scrapes = scrapes;
        this.tasks = new TaskQueries(engine);
        this.history = new HistoryQuery(engine);
    }

    /// All of it. What else is to be served is added here.
    List<Route> routes() {
        return List.of(
                new Route("GET", "/healthz", Api::health),
                new Route("GET", "/readyz", this::readiness),
                new Route("GET", "/api/info", this::info),
                new Route("GET", "/metrics", this::metrics),
                new Route("GET", "/api/pools", this::pools),
                new Route("GET", "/api/pools/{name}", this::pool),
                new Route("PATCH", "/api/pools/{name}", this::change),
                new Route("GET", "/api/history", this::history),
                new Route("GET", "/api/samples", this::samples),
                new Route("GET", "/api/tasks", this::tasks),
                new Route("GET", "/api/tasks/{pool}/{id}", this::task),
                new Route("DELETE", "/api/tasks/{pool}/{id}", this::cancel),
                new Route("GET", "/api/alarms", this::alarms),
                new Route("GET", "/api/audit", this::audit),
                new Route("GET", "/api/config", this::config),
                new Route("GET", "/api/config/diff", this::diff),
                new Route("POST", "/api/config/reload", this::reload),
                new Route("GET", "/api/events", events::stream),
                new Route("GET", "/api/openapi.yaml", Api::openApi));
    }

    private static void health(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields().put("status", "up"));
    }

    private void readiness(Call call) throws Problem, IOException {
        call.query(List.of());
        if (!managed.isReady()) {
            throw new Problem(503, "the pools are drained or closed, and take no more tasks");
        }
        call.answer(new Fields().put("status", "ready"));
    }

    private void info(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields()
                .put("name", "myrmidon")
                .put("version", BuildVersion.text())
                .put("pid", ProcessHandle.current().pid())
                .put("started", started)
                .put("interval", engine.config().monitor().interval())
                .put("tracked", engine.tracker().isPresent())
                .put("file", managed.file().map(Path::toString))
                .put("reads_need_token", readsNeedToken));
    }

    private void metrics(Call call) throws Problem, IOException {
        call.query(List.of());
        ScrapeFormat format = ScrapeFormat.accepted(call.header("Accept").orElse(""));
        try {
            byte[] text =
                    scrapes.text(format).orElseThrow(() -> new Problem(503, "the metrics could not be read in time"));
            call.answer(200, format.contentType(), text);
        } catch (InterruptedException e) {
            throw new IOException("the time for the request is up", e);
        }
    }

    private void pools(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields()
                .put("pools", engine.registry().pools().stream().map(this::view).toList()));
    }

    private Fields view(Pool pool) {
        return Views.pool(
                pool, engine.autoscaler().pools().contains(pool.config().name()));
    }

    private Fields viewWithScaling(Pool pool) {
        String name = pool.config().name();
        return view(pool).put(SCALING, Views.scaling(engine.autoscaler().config(name)));
    }

    private Pool found(String name) throws Problem {
        return engine.registry()
                .find(name)
                .orElseThrow(() -> new Problem(404, "no pool has this name; /api/pools lists them"));
    }

    private void pool(Call call) throws Problem, IOException {
        call.query(List.of());
        Pool pool = found(call.path("name"));
        List<PoolSample> history = engine.monitor().history(call.path("name"));
        call.answer(viewWithScaling(pool)
                .put(
                        "steps",
                        engine.autoscaler().steps().stream()
                                .filter(step -> step.pool().equals(pool.config().name()))
                                .map(Views::step)
                                .toList())
                .put("config", Views.config(pool.config()))
                .put("sample", history.isEmpty() ? null : Views.sample(history.getLast()))
                .put("history", history.stream().map(Views::sample).toList()));
    }

    private void samples(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields()
                .put(
                        "samples",
                        engine.monitor().latest().stream().map(Views::sample).toList()));
    }

    private void change(Call call) throws Problem, IOException {
        call.query(List.of());
        Map<String, JsonText.Value> wanted = call.jsonBody();
        for (String field : wanted.keySet()) {
            if (!List.of(CAPACITY, PAUSED, SCALING).contains(field)) {
                throw new Problem(400, "unknown field " + Shown.quoted(field) + "; those here are " + FIELDS);
            }
        }
        if (wanted.isEmpty()) {
            throw new Problem(400, "the body must have one of " + FIELDS);
        }
        Optional<Integer> capacity = capacity(wanted);
        Optional<Boolean> paused = paused(wanted);
        Pool pool = found(call.path("name"));
        changing.lock();
        try {
            if (pool.stats().state() != PoolStats.State.RUNNING) {
                throw new Problem(409, "the pool is drained or closed, and can't be changed any more");
            }
            Optional<ScalingConfig> scaled =
                    engine.autoscaler().config(pool.config().name());
            Optional<ScalingConfig> toScale = scaling(wanted, scaled, pool, capacity);
            List<String> changes = new ArrayList<>();
            try {
                if (toScale.isEmpty()) { // first, so that nobody scales it back when it has its capacity
                    scale(pool, scaled, toScale, changes);
                }
                capacity.ifPresent(to -> resize(pool, to, changes));
                paused.ifPresent(to -> pause(pool, to, changes));
                if (toScale.isPresent()) { // last, since it needs a capacity
                    scale(pool, scaled, toScale, changes);
                }
            } catch (Problem late) {
                if (!changes.isEmpty()) {
                    managed.account(call.client(), changes, List.of());
                }
                throw late;
            }
            managed.account(call.client(), changes, List.of());
        } finally {
            changing.unlock();
        }
        call.answer(viewWithScaling(pool));
    }

    private static Optional<Integer> capacity(Map<String, JsonText.Value> wanted) throws Problem {
        JsonText.Value value = wanted.get(CAPACITY);
        if (value == null) {
            return Optional.empty();
        }
        if (value.token() == JsonToken.VALUE_NUMBER_INT) {
            try {
                int number = Integer.parseInt(value.text());
                if (number >= 1 || number == Pool.UNBOUNDED) {
                    return Optional.of(number);
                }
            } catch (NumberFormatException _) {
                // larger than any capacity
            }
        }
        throw new Problem(
                400, CAPACITY + " must be a whole number from 1 to 2147483647, or -1 for unbounded, was " + value);
    }

    private static Optional<Boolean> paused(Map<String, JsonText.Value> wanted) throws Problem {
        JsonText.Value value = wanted.get(PAUSED);
        if (value == null) {
            return Optional.empty();
        }
        return switch (value.token()) {
            case VALUE_TRUE -> Optional.of(true);
            case VALUE_FALSE -> Optional.of(false);
            default -> throw new Problem(400, PAUSED + " must be true or false, was " + value);
        };
    }

    /// @param now what holds if nothing is wanted
    /// @param capacity what the pool is to get
    private static Optional<ScalingConfig> scaling(
            Map<String, JsonText.Value> wanted, Optional<ScalingConfig> now, Pool pool, Optional<Integer> capacity)
            throws Problem {
        JsonText.Value value = wanted.get(SCALING);
        if (value == null) {
            return now;
        }
        return switch (value.plain()) {
            case null -> Optional.empty();
            case Map<?, ?> keys -> {
                PoolConfig config = pool.config();
                try {
                    yield Optional.of(ScalingKeys.bind(
                            keys,
                            config.toBuilder()
                                    .preallocate(false)
                                    .capacity(capacity.orElse(config.capacity()))
                                    .config()));
                } catch (ConfigException e) {
                    throw new Problem(400, String.join("; ", e.mistakes()));
                }
            }
            default ->
                throw new Problem(400, SCALING + " must be an object with min and max, or null for none, was " + value);
        };
    }

    private void scale(Pool pool, Optional<ScalingConfig> from, Optional<ScalingConfig> to, List<String> changes)
            throws Problem {
        if (to.equals(from)) {
            return;
        }
        String name = pool.config().name();
        try {
            managed.scale(name, to);
        } catch (IllegalArgumentException e) { // it was closed in between
            throw new Problem(409, String.valueOf(e.getMessage()));
        }
        Map<String, Object> before = from.map(ScalingKeys::of).orElse(Map.of());
        Map<String, Object> after = to.map(ScalingKeys::of).orElse(Map.of());
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        for (String key : keys) {
            Object was = before.getOrDefault(key, "none");
            Object is = after.getOrDefault(key, "none");
            if (!was.equals(is)) {
                changes.add(name + "." + SCALING + "." + key + " " + was + " → " + is);
            }
        }
    }

    private static void resize(Pool pool, int to, List<String> changes) {
        int from = pool.config().capacity();
        if (from != to) {
            pool.resize(to);
            changes.add(pool.config().name() + ".capacity " + shown(from) + " → " + shown(to));
        }
    }

    private static String shown(int capacity) {
        return capacity == Pool.UNBOUNDED ? "unbounded" : Integer.toString(capacity);
    }

    private static void pause(Pool pool, boolean to, List<String> changes) {
        if (pool.isPaused() == to) {
            return;
        }
        if (to) {
            pool.pause();
        } else {
            pool.resume();
        }
        changes.add(pool.config().name() + ".paused " + !to + " → " + to);
    }

    private void history(Call call) throws Problem, IOException {
        call.answer(history.answer(call.query(HistoryQuery.PARAMETERS)));
    }

    private void tasks(Call call) throws Problem, IOException {
        call.answer(tasks.list(call.query(TaskQueries.PARAMETERS)));
    }

    private void task(Call call) throws Problem, IOException {
        call.query(List.of());
        Optional<RunningTask> running = running(call);
        if (running.isPresent()) {
            call.answer(Views.running(running.get()).put("stack", Views.stack(running.get())));
            return;
        }
        FinishedTask task = finished(call)
                .orElseThrow(() -> new Problem(404, "no task with this id runs, or has ended and is remembered"));
        call.answer(Views.finished(task).put("stack", task.stack()));
    }

    private void cancel(Call call) throws Problem, IOException {
        call.query(List.of());
        call.ignoreBody();
        Optional<RunningTask> running = running(call);
        Optional<Task<?>> task = running.flatMap(RunningTask::task);
        if (task.isEmpty() && finished(call).isEmpty()) {
            throw new Problem(404, "no task with this id runs");
        }
        if (task.isEmpty() || !task.get().cancel(true)) {
            throw new Problem(409, "the task has ended");
        }
        managed.account(
                call.client(),
                List.of(running.get().pool() + ": task " + task.get().id() + " cancelled"),
                List.of());
        call.answer(Views.running(running.get()));
    }

    private Optional<RunningTask> running(Call call) throws Problem {
        long id = id(call);
        return found(call.path("pool")).running().stream()
                .filter(task -> task.task().filter(own -> own.id() == id).isPresent())
                .findFirst();
    }

    private Optional<FinishedTask> finished(Call call) throws Problem {
        long id = id(call);
        Optional<TaskTracker> tracker = engine.tracker();
        return tracker.flatMap(own -> own.finished(call.path("pool"), id));
    }

    private static long id(Call call) throws Problem {
        try {
            return Long.parseLong(call.path("id"));
        } catch (NumberFormatException _) {
            throw new Problem(404, "the id of a task is a number");
        }
    }

    private void alarms(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields()
                .put(
                        "active",
                        engine.alarms().active().stream().map(Views::alarm).toList())
                .put(
                        "recent",
                        engine.alarms().recent().stream().map(Views::alarm).toList()));
    }

    private void audit(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(new Fields()
                .put("entries", engine.audit().stream().map(Views::audit).toList()));
    }

    private void config(Call call) throws Problem, IOException {
        call.query(List.of());
        String yaml = ConfigWriter.writeWithoutSecrets(engine.config());
        call.answer(200, "application/yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    private void diff(Call call) throws Problem, IOException {
        call.query(List.of());
        RequestThreads.DEADLINE.get().disarm(); // as for a reload
        AuditEntry entry = managed.preview(call.client())
                .orElseThrow(() -> new Problem(409, "the engine has no file that can be read again"));
        call.answer(new Fields().put("changes", entry.changes()).put("refusals", entry.refusals()));
    }

    private void reload(Call call) throws Problem, IOException {
        call.query(List.of());
        call.ignoreBody();
        RequestThreads.DEADLINE.get().disarm(); // it takes what it takes, and an interrupt would spoil it
        AuditEntry entry = managed.reload(call.client())
                .orElseThrow(() -> new Problem(409, "the engine was not made from a file, so there is none to read"));
        call.answer(Views.audit(entry));
    }

    private static void openApi(Call call) throws Problem, IOException {
        call.query(List.of());
        call.answer(200, "application/yaml", openApi());
    }

    static byte[] openApi() throws IOException {
        try (InputStream in = Api.class.getResourceAsStream("openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("openapi.yaml is missing");
            }
            return in.readAllBytes();
        }
    }
}
