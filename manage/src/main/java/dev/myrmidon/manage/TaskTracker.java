package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolListener;
import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.TaskOutcome;
import dev.myrmidon.TaskTimes;
import dev.myrmidon.manage.FinishedTask.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Knows the tasks that run in some pools, and the last ones that ended.
///
/// It is a [listener][dev.myrmidon.PoolBuilder#listener(PoolListener)] of each pool whose tasks it is to remember;
/// one tracker serves any number of pools. A pool without one pays nothing.
///
/// ```java
/// TaskTracker tracker = new TaskTracker(TrackerConfig.DEFAULT, registry::pools);
/// registry.create(Pool.builder("orders").capacity(200).listener(tracker).config());
/// …
/// tracker.finished().stream().filter(FinishedTask::isFailure).limit(20).forEach(this::print);
/// ```
///
/// **Memory** is bounded: the last so many tasks of each outcome, some 150 bytes each and what their names, errors and
/// stack traces take; a failure's stack trace takes some kilobytes. A task's result, its code and what it threw are not
/// kept. Those that are older than they may be are dropped when somebody looks.
///
/// **Running tasks** are looked up in the pools when somebody asks, and nothing is kept for that.
///
/// Thread-safe. Nobody waits for anybody: tasks that end at the same time note so without a lock. An error's
/// `toString()` and `getStackTrace()` are called once, in the thread that ends the task, which costs a failure some
/// 10 µs; one whose `toString()` throws is told by its class.
public final class TaskTracker implements PoolListener {
    /// How many characters of a name or an error are kept, at most: 256.
    public static final int MAX_TEXT = 256;

    private final Supplier<? extends Collection<? extends Pool>> pools;
    private final TrackerConfig config;
    private final LongSupplier nanoTime;

    /// One for each outcome.
    private final Map<Outcome, RecentTasks> recent = new EnumMap<>(Outcome.class);

    /// Remembers nothing yet.
    ///
    /// @param config how much it remembers
    /// @param pools asked for the pools in which [#running()] looks; `List::of` if that isn't needed
    public TaskTracker(TrackerConfig config, Supplier<? extends Collection<? extends Pool>> pools) {
        this(config, pools, System::nanoTime);
    }

    TaskTracker(TrackerConfig config, Supplier<? extends Collection<? extends Pool>> pools, LongSupplier nanoTime) {
        this.config = Objects.requireNonNull(config, "config");
        this.pools = Objects.requireNonNull(pools, "pools");
        this.nanoTime = nanoTime;
        for (Outcome outcome : Outcome.values()) {
            recent.put(outcome, new RecentTasks(config.perOutcome()));
        }
    }

    /// {@return how much it remembers}
    public TrackerConfig config() {
        return config;
    }

    /// For the pools: notes the tasks that end or are refused.
    @Override
    public void onEvent(PoolEvent event) {
        switch (event) {
            case PoolEvent.Ended(String pool, Task<?> task) -> add(pool, task, outcome(task), error(task), stack(task));
            case PoolEvent.Rejected(String pool, Task<?> task, PoolEvent.Rejected.Reason reason) ->
                add(pool, task, Outcome.REJECTED, Optional.of(reason.name()), List.of());
            default -> {}
        }
    }

    /// {@return the tasks that have ended, the last one first}
    public List<FinishedTask> finished() {
        long now = nanoTime.getAsLong();
        long maxAge = TimeUnit.NANOSECONDS.convert(config.maxAge());
        return recent.values().stream()
                .flatMap(each -> each.read(now, maxAge))
                .sorted(RecentTasks.Entry.LAST_FIRST)
                .map(RecentTasks.Entry::task)
                .toList();
    }

    /// Finds a task that has ended.
    ///
    /// @param pool the name of its pool
    /// @param id its [id][Task#id()]
    /// @return the task, the last one if several pools had that name; empty if it is not kept
    public Optional<FinishedTask> finished(String pool, long id) {
        return finished().stream()
                .filter(task -> task.id() == id && task.pool().equals(pool))
                .findFirst();
    }

    /// The tasks that run now, in the pools that the tracker was made with. One that has timed out or was cancelled
    /// is among them as long as its code runs.
    ///
    /// @return the tasks, the one that has run for longest first; those of pools that keep no times last
    public List<RunningTask> running() {
        return pools.get().stream()
                .flatMap(pool -> pool.running().stream())
                .map(task -> new Running(task, task.elapsed().orElse(Duration.ZERO)))
                .sorted(Comparator.comparing(Running::elapsed).reversed())
                .map(Running::task)
                .toList();
    }

    /// Finds a task that runs now, as [#running()] does.
    ///
    /// @param pool the name of its pool
    /// @param id its [id][Task#id()]
    /// @return the task; empty if it doesn't run
    public Optional<RunningTask> running(String pool, long id) {
        return running().stream()
                .filter(task -> task.pool().equals(pool)
                        && task.task().filter(handle -> handle.id() == id).isPresent())
                .findFirst();
    }

    /// How long a task ran when all were looked at, since that grows while they are sorted.
    private record Running(RunningTask task, Duration elapsed) {}

    private void add(String pool, Task<?> task, Outcome outcome, Optional<String> error, List<String> stack) {
        TaskTimes times = task.times();
        FinishedTask finished = new FinishedTask(
                pool,
                task.id(),
                cut(task.name()),
                outcome,
                times.waited(),
                times.ran(),
                error,
                stack,
                Instant.ofEpochMilli(System.currentTimeMillis()));
        Objects.requireNonNull(recent.get(outcome)).add(finished, nanoTime.getAsLong());
    }

    private static Outcome outcome(Task<?> task) {
        return switch (task.status()) {
            case COMPLETED -> Outcome.COMPLETED;
            case FAILED -> Outcome.FAILED;
            case TIMED_OUT -> Outcome.TIMED_OUT;
            case CANCELLED -> Outcome.CANCELLED;
            case SHED -> Outcome.SHED;
            case QUEUED, RUNNING -> throw new IllegalArgumentException(task + " has not ended");
        };
    }

    private static Optional<String> error(Task<?> task) {
        return switch (task.outcome().orElseThrow()) {
            case TaskOutcome.Failed(Throwable cause) -> Optional.of(describe(cause));
            case TaskOutcome.TimedOut(Throwable cause) -> Optional.of(describe(cause));
            case TaskOutcome.Completed<?> _, TaskOutcome.Cancelled<?> _, TaskOutcome.Shed<?> _ -> Optional.empty();
        };
    }

    /// Of a timeout there is none: its own says nothing of where the task was.
    private static List<String> stack(Task<?> task) {
        return task.outcome().orElseThrow() instanceof TaskOutcome.Failed(Throwable cause)
                ? StackLines.of(cause)
                : List.of();
    }

    static String describe(Throwable thrown) {
        try {
            return cut(thrown.toString());
        } catch (Throwable noText) {
            return thrown.getClass().getName();
        }
    }

    static String cut(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = MAX_TEXT - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
