package dev.myrmidon.engine.internal.http;

import dev.myrmidon.Pool;
import dev.myrmidon.RunningTask;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.FinishedTask;
import dev.myrmidon.manage.TaskTracker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Lists tasks: those that run, by a look into the pools, and those that have ended, which a tracker
/// remembers.
final class TaskQueries {
    static final List<String> PARAMETERS = List.of("pool", "state", "limit", "sort");
    private static final int MOST = 1_000;
    private static final int USUAL = 100;

    private final Engine engine;

    TaskQueries(Engine engine) {
        this.engine = engine;
    }

    Fields list(Map<String, String> query) throws Problem {
        Optional<String> pool = Optional.ofNullable(query.get("pool"));
        if (pool.isPresent() && engine.registry().find(pool.get()).isEmpty()) {
            throw new Problem(400, "pool must be the name of a pool; /api/pools lists them");
        }
        int limit = limit(query.get("limit"));
        boolean slowest = slowest(query.get("sort"));
        String state = query.getOrDefault("state", "running");
        Stream<Fields> tasks = state.equals("running")
                ? running(pool, slowest, limit)
                : finished(pool, outcome(state), slowest).map(Views::finished);
        return new Fields()
                .put("tracked", engine.tracker().isPresent())
                .put("tasks", tasks.limit(limit).toList());
    }

    private static int limit(@Nullable String text) throws Problem {
        if (text == null) {
            return USUAL;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException _) {
            // not even a number
        }
        throw new Problem(400, "limit must be a whole number from 1 to " + MOST);
    }

    private static boolean slowest(@Nullable String text) throws Problem {
        if (text == null || text.equals("newest")) {
            return false;
        }
        if (text.equals("slowest")) {
            return true;
        }
        throw new Problem(400, "sort must be newest or slowest");
    }

    /// Empty for any.
    private static Optional<FinishedTask.Outcome> outcome(String state) throws Problem {
        if (state.equals("finished")) {
            return Optional.empty();
        }
        for (FinishedTask.Outcome outcome : FinishedTask.Outcome.values()) {
            if (outcome.name().toLowerCase(Locale.ROOT).equals(state)) {
                return Optional.of(outcome);
            }
        }
        throw new Problem(
                400, "state must be running, finished, completed, failed, timed_out, cancelled, shed or rejected");
    }

    private Stream<Fields> running(Optional<String> only, boolean slowest, int limit) {
        List<Aged> tasks = new ArrayList<>();
        for (Pool pool : engine.registry().pools()) {
            if (only.isEmpty() || only.get().equals(pool.config().name())) {
                for (RunningTask task : pool.running()) {
                    tasks.add(new Aged(task, task.elapsed()));
                }
            }
        }
        Comparator<Duration> order = slowest ? Comparator.reverseOrder() : Comparator.naturalOrder();
        // Those of which nobody knows how long they have run come last.
        tasks.sort(Comparator.<Aged, Boolean>comparing(task -> task.elapsed().isEmpty())
                .thenComparing(task -> task.elapsed().orElse(Duration.ZERO), order));
        return tasks.stream().limit(limit).map(task -> Views.running(task.task()));
    }

    /// How long a task ran when it was looked at, since that grows while they are sorted.
    private record Aged(RunningTask task, Optional<Duration> elapsed) {}

    private Stream<FinishedTask> finished(
            Optional<String> pool, Optional<FinishedTask.Outcome> outcome, boolean slowest) {
        Stream<FinishedTask> tasks = engine.tracker().map(TaskTracker::finished).stream()
                .flatMap(List::stream)
                .filter(task -> pool.isEmpty() || pool.get().equals(task.pool()))
                .filter(task -> outcome.isEmpty() || outcome.get() == task.outcome());
        return slowest ? tasks.sorted(FinishedTask.LONGEST_RUN_FIRST) : tasks;
    }
}
