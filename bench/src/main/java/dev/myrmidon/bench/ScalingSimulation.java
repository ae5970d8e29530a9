package dev.myrmidon.bench;

import dev.myrmidon.PoolStats;
import dev.myrmidon.manage.Latencies;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.ScalingStrategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/// A pool before a downstream whose capacity is limited, in virtual time: no threads, no clock, and the same figures
/// from the same seed. The pool has a short queue, refuses what is too much, and gives each task a timeout.
///
/// What arrives when, and how much work it is, depends on the seed and the scenario alone, so that pools are compared
/// over the same tasks.
final class ScalingSimulation {
    /// How often the capacity is decided about.
    static final double INTERVAL_SECONDS = 2;

    private static final int QUEUE_CAPACITY = 40;
    private static final double TIMEOUT_SECONDS = 1;
    private static final double END_SECONDS = 2 * Scenario.HALF_SECONDS;

    /// One run of it.
    ///
    /// @param first the first half
    /// @param second the second half
    /// @param all both
    /// @param capacities at the end of each interval
    record Run(Outcome first, Outcome second, Outcome all, List<Integer> capacities) {}

    private static final class SimulatedTask {
        private final double submitted;
        private final double work;
        private double started;
        private double finish;
        private boolean ended;

        SimulatedTask(double submitted, double work) {
            this.submitted = submitted;
            this.work = work;
        }
    }

    private final Scenario scenario;
    private final ScalingStrategy.Controller controller;
    private final SplittableRandom random;

    private final Deque<SimulatedTask> queue = new ArrayDeque<>();
    private final PriorityQueue<SimulatedTask> inside =
            new PriorityQueue<>(Comparator.comparingDouble((SimulatedTask task) -> task.finish));
    /// What is inside, as it started, and some of what has ended.
    private final Deque<SimulatedTask> timeouts = new ArrayDeque<>();

    private final Outcome.Counter first = new Outcome.Counter();
    private final Outcome.Counter second = new Outcome.Counter();
    private final List<Integer> capacities = new ArrayList<>();
    private final List<Double> runs = new ArrayList<>();

    private double now;
    /// The work done on a task that has been inside from the beginning.
    private double done;

    private int capacity;
    private int running;
    private long submitted;
    private long rejected;
    private long completed;
    private long timedOut;
    private PoolStats before;

    private ScalingSimulation(Scenario scenario, int capacity, ScalingStrategy.Controller controller, long seed) {
        this.scenario = scenario;
        this.capacity = capacity;
        this.controller = controller;
        this.random = new SplittableRandom(seed);
        this.before = stats();
    }

    /// Runs it.
    ///
    /// @param capacity the pool's at the beginning
    static Run run(Scenario scenario, int capacity, ScalingStrategy.Controller controller, long seed) {
        return new ScalingSimulation(scenario, capacity, controller, seed).run();
    }

    private Run run() {
        double arrival = nextArrival();
        double look = INTERVAL_SECONDS;
        while (now < END_SECONDS) {
            double speed = scenario.speed(now, running);
            SimulatedTask next = inside.peek();
            double end = next == null ? Double.POSITIVE_INFINITY : now + (next.finish - done) / speed;
            double timeout = timeouts.isEmpty() ? Double.POSITIVE_INFINITY : timeouts.peek().started + TIMEOUT_SECONDS;
            double then = Math.min(Math.min(arrival, look), Math.min(end, timeout));
            done += (then - now) * speed;
            now = then;
            if (then == end) {
                ended(inside.remove());
            } else if (then == timeout) {
                timedOut(timeouts.remove());
            } else if (then == arrival) {
                arrived();
                arrival = nextArrival();
            } else {
                look();
                look += INTERVAL_SECONDS;
            }
        }
        return new Run(
                first.outcome(Scenario.HALF_SECONDS),
                second.outcome(Scenario.HALF_SECONDS),
                first.plus(second).outcome(END_SECONDS),
                capacities);
    }

    private double nextArrival() {
        return now + exponential() / scenario.arrivals(now);
    }

    private double exponential() {
        return -StrictMath.log(1 - random.nextDouble());
    }

    private void arrived() {
        submitted++;
        SimulatedTask task = new SimulatedTask(now, exponential() * Scenario.TASK_SECONDS);
        if (running < capacity) {
            start(task);
        } else if (queue.size() < QUEUE_CAPACITY) {
            queue.add(task);
        } else {
            rejected++;
            counter().rejected();
        }
    }

    private void start(SimulatedTask task) {
        task.started = now;
        task.finish = done + task.work;
        running++;
        inside.add(task);
        timeouts.add(task);
    }

    private void ended(SimulatedTask task) {
        if (!task.ended) {
            completed++;
            counter().completed(now - task.submitted);
            left(task);
        }
    }

    private void timedOut(SimulatedTask task) {
        if (!task.ended) {
            inside.remove(task);
            timedOut++;
            counter().timedOut(now - task.submitted);
            left(task);
        }
    }

    private void left(SimulatedTask task) {
        task.ended = true;
        runs.add(now - task.started);
        running--;
        fill();
    }

    private void fill() {
        while (running < capacity && !queue.isEmpty()) {
            start(queue.remove());
        }
    }

    private void look() {
        PoolStats stats = stats();
        Optional<Latencies> latencies = Optional.of(latencies());
        capacity = controller
                .propose(new PoolSample(
                        Instant.EPOCH.plus(seconds(now)),
                        seconds(INTERVAL_SECONDS),
                        stats,
                        before,
                        latencies,
                        latencies))
                .capacity();
        capacities.add(capacity);
        before = stats;
        runs.clear();
        fill();
    }

    private Latencies latencies() {
        double[] sorted = runs.stream().mapToDouble(run -> run).sorted().toArray();
        double mean = Arrays.stream(sorted).average().orElse(0);
        return new Latencies(
                sorted.length,
                seconds(mean),
                percentile(sorted, 50),
                percentile(sorted, 90),
                percentile(sorted, 99),
                percentile(sorted, 99.9),
                percentile(sorted, 100));
    }

    private static Duration percentile(double[] sorted, double percent) {
        return sorted.length == 0 ? Duration.ZERO : seconds(sorted[(int) Math.ceil(sorted.length * percent / 100) - 1]);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private Outcome.Counter counter() {
        return now < Scenario.HALF_SECONDS ? first : second;
    }

    private PoolStats stats() {
        return new PoolStats(
                "simulated",
                PoolStats.State.RUNNING,
                capacity,
                running,
                QUEUE_CAPACITY,
                queue.size(),
                0,
                running,
                0,
                submitted,
                rejected,
                completed,
                timedOut,
                0,
                0,
                timedOut,
                0,
                0);
    }
}
