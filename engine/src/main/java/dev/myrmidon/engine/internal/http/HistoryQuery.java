package dev.myrmidon.engine.internal.http;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.manage.Latencies;
import dev.myrmidon.manage.PoolSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The samples of the last minutes for a chart: a list for each number, with one entry for each step of time
/// however short the monitor's interval is, of one pool or of all together.
final class HistoryQuery {
    static final List<String> PARAMETERS = List.of("pool", "last", "points");
    private static final int USUAL_LAST = 900;
    private static final int MOST_LAST = 86_400;
    private static final int USUAL_POINTS = 180;
    private static final int MOST_POINTS = 1_000;

    private final Engine engine;

    HistoryQuery(Engine engine) {
        this.engine = engine;
    }

    Fields answer(Map<String, String> query) throws Problem {
        String pool = query.get("pool");
        if (pool != null && engine.registry().find(pool).isEmpty()) {
            throw new Problem(404, "no pool has this name; /api/pools lists them");
        }
        Duration last = Duration.ofSeconds(number("last", query.get("last"), USUAL_LAST, MOST_LAST));
        int points = number("points", query.get("points"), USUAL_POINTS, MOST_POINTS);
        Duration interval = engine.config().monitor().interval();
        Duration step = last.dividedBy(points);
        long millis = Math.max(1, (interval.compareTo(step) > 0 ? interval : step).toMillis());
        long first = Math.floorDiv(Instant.now().minus(last).toEpochMilli(), millis) + 1;
        return pool == null ? all(millis, first) : one(pool, millis, first);
    }

    private static int number(String name, @Nullable String text, int usual, int most) throws Problem {
        if (text == null) {
            return usual;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // not even a number
        }
        throw new Problem(400, name + " must be a whole number from 1 to " + most);
    }

    private Fields one(String pool, long millis, long first) {
        List<Step> steps = List.copyOf(steps(pool, millis, first).values());
        return common(millis, steps)
                .put("capacity", list(steps, step -> step.capacity))
                .put("run_p50", list(steps, step -> step.runP50))
                .put("run_p99", list(steps, step -> step.runP99))
                .put("wait_p50", list(steps, step -> step.waitP50))
                .put("wait_p99", list(steps, step -> step.waitP99));
    }

    private Fields all(long millis, long first) {
        TreeMap<Long, Step> sums = new TreeMap<>();
        for (Pool pool : engine.registry().pools()) {
            NavigableMap<Long, Step> steps = steps(pool.config().name(), millis, first);
            steps.forEach((number, step) ->
                    sums.computeIfAbsent(number, own -> new Step(own * millis)).add(step));
            // A look at the pools takes a moment, in which a step may begin: then one step has two samples of
            // some pools, and the next one none.
            steps.forEach((number, step) -> {
                if (!steps.containsKey(number + 1)) {
                    sums.computeIfAbsent(number + 1, own -> new Step(own * millis))
                            .add(step);
                }
            });
        }
        // In the step after the newest one there is nothing but what was carried over.
        if (!sums.isEmpty()) {
            sums.pollLastEntry();
        }
        return common(millis, List.copyOf(sums.values()));
    }

    private static Fields common(long millis, List<Step> steps) {
        return new Fields()
                .put("step", Duration.ofMillis(millis))
                .put("at", list(steps, step -> Duration.ofMillis(step.at)))
                .put("running", list(steps, step -> step.running))
                .put("queued", list(steps, step -> step.queued))
                .put("waiting", list(steps, step -> step.waiting))
                .put("arrivals", list(steps, step -> rounded(step.arrivals)))
                .put("throughput", list(steps, step -> rounded(step.throughput)))
                .put("failures", list(steps, step -> rounded(step.failures)))
                .put("rejections", list(steps, step -> rounded(step.rejections)));
    }

    private static List<Object> list(List<Step> steps, Function<Step, Object> number) {
        return steps.stream().map(number).toList();
    }

    /// More digits would only make the answer longer.
    private static double rounded(double rate) {
        return Math.round(rate * 1_000) / 1_000.0;
    }

    private NavigableMap<Long, Step> steps(String pool, long millis, long first) {
        TreeMap<Long, List<PoolSample>> samples = new TreeMap<>();
        for (PoolSample sample : engine.monitor().history(pool)) {
            long number = Math.floorDiv(sample.at().toEpochMilli(), millis);
            if (number >= first) {
                samples.computeIfAbsent(number, _ -> new ArrayList<>()).add(sample);
            }
        }
        TreeMap<Long, Step> steps = new TreeMap<>();
        samples.forEach((number, own) -> steps.put(number, new Step(own)));
        return steps;
    }

    /// What is told of one step. Rates are means; of the rest it is the most that was seen, for it is the
    /// peaks that one looks for.
    private static final class Step {
        final long at;
        int capacity;
        long running;
        long queued;
        long waiting;
        double arrivals;
        double throughput;
        double failures;
        double rejections;
        Optional<Duration> runP50 = Optional.empty();
        Optional<Duration> runP99 = Optional.empty();
        Optional<Duration> waitP50 = Optional.empty();
        Optional<Duration> waitP99 = Optional.empty();

        /// Nothing yet.
        Step(long at) {
            this.at = at;
        }

        /// @param samples at least one
        Step(List<PoolSample> samples) {
            at = samples.getLast().at().toEpochMilli();
            capacity = samples.getLast().stats().capacity();
            for (PoolSample sample : samples) {
                running = Math.max(running, sample.stats().running());
                queued = Math.max(queued, sample.stats().queued());
                waiting = Math.max(waiting, sample.stats().waiting());
            }
            arrivals = rate(samples, PoolSample::submitted);
            throughput = rate(samples, PoolSample::ended);
            failures = rate(samples, PoolSample::failed);
            rejections = rate(samples, PoolSample::rejected);
            runP50 = most(samples, PoolSample::runs, Latencies::p50);
            runP99 = most(samples, PoolSample::runs, Latencies::p99);
            waitP50 = most(samples, PoolSample::waits, Latencies::p50);
            waitP99 = most(samples, PoolSample::waits, Latencies::p99);
        }

        void add(Step other) {
            running += other.running;
            queued += other.queued;
            waiting += other.waiting;
            arrivals += other.arrivals;
            throughput += other.throughput;
            failures += other.failures;
            rejections += other.rejections;
        }

        private static double rate(List<PoolSample> samples, ToDoubleFunction<PoolSample> count) {
            double nanos = samples.stream()
                    .mapToDouble(sample -> sample.interval().toNanos())
                    .sum();
            return samples.stream().mapToDouble(count).sum() * 1e9 / nanos;
        }

        /// Empty if nothing ended lately.
        private static Optional<Duration> most(
                List<PoolSample> samples,
                Function<PoolSample, Optional<Latencies>> latencies,
                Function<Latencies, Duration> percentile) {
            return samples.stream()
                    .flatMap(sample -> latencies.apply(sample).stream())
                    .filter(own -> own.count() > 0)
                    .map(percentile)
                    .max(Duration::compareTo);
        }
    }
}
