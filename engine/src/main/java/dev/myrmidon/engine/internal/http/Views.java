package dev.myrmidon.engine.internal.http;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.PoolStats;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.RunningTask;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.Task;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.internal.config.ScalingKeys;
import dev.myrmidon.manage.FinishedTask;
import dev.myrmidon.manage.Latencies;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStep;
import dev.myrmidon.manage.alarm.AlarmEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How things look in JSON. Every duration is a number of seconds; an unbounded capacity is -1, as in a
/// configuration file; a duration without an end is null.
final class Views {
    private Views() {}

    static Fields pool(Pool pool, boolean scaled) {
        return stats(pool.stats()).put("paused", pool.isPaused()).put("scaled", scaled);
    }

    private static Fields stats(PoolStats stats) {
        return new Fields()
                .put("name", stats.name())
                .put("state", stats.state())
                .put("capacity", stats.capacity())
                .put("running", stats.running())
                .put("available", stats.available())
                .put("queue_capacity", stats.queueCapacity())
                .put("queued", stats.queued())
                .put("waiting", stats.waiting())
                .put("workers", stats.workers())
                .put("idle_workers", stats.idleWorkers())
                .put("submitted", stats.submitted())
                .put("rejected", stats.rejected())
                .put("completed", stats.completed())
                .put("failed", stats.failed())
                .put("cancelled", stats.cancelled())
                .put("nested", stats.nested())
                .put("timed_out", stats.timedOut())
                .put("shed", stats.shed())
                .put("overdue", stats.overdue());
    }

    static Fields config(PoolConfig config) {
        return new Fields()
                .put("capacity", config.capacity())
                .put("queue_capacity", config.queueCapacity())
                .put("queue_order", config.queueOrder() instanceof QueueOrder.Fifo ? "fifo" : "priority")
                .put("max_blocking_tasks", config.maxBlockingTasks())
                .put("when_saturated", policy(config.whenSaturated()))
                .put("expiry", unlessNever(config.expiry()))
                .put("task_timeout", unlessNever(config.taskTimeout()))
                .put("start_within", unlessNever(config.startWithin()))
                .put("preallocate", config.preallocate())
                .put("isolated", config.isolated())
                .put("timed", config.timed());
    }

    private static String policy(SaturationPolicy policy) {
        return switch (policy) {
            case SaturationPolicy.Await _ -> "wait";
            case SaturationPolicy.Refuse _ -> "refuse";
            case SaturationPolicy.CallerRuns _ -> "caller_runs";
            case SaturationPolicy.DropOldest _ -> "drop_oldest";
            case SaturationPolicy.DisplaceLowest _ -> "displace_lowest";
            case SaturationPolicy.Handle _ -> "custom";
        };
    }

    private static Optional<Duration> unlessNever(Duration duration) {
        return duration.equals(Pool.NEVER) ? Optional.empty() : Optional.of(duration);
    }

    static Fields sample(PoolSample sample) {
        PoolStats stats = sample.stats();
        return new Fields()
                .put("at", sample.at())
                .put("interval", sample.interval())
                .put("pool", sample.pool())
                .put("state", stats.state())
                .put("capacity", stats.capacity())
                .put("running", stats.running())
                .put("queue_capacity", stats.queueCapacity())
                .put("queued", stats.queued())
                .put("waiting", stats.waiting())
                .put("overdue", stats.overdue())
                .put("usage", sample.usage())
                .put("queue_usage", sample.queueUsage())
                .put("submitted", sample.submitted())
                .put("rejected", sample.rejected())
                .put("ended", sample.ended())
                .put("failed", sample.failed())
                .put("timed_out", sample.timedOut())
                .put("cancelled", sample.cancelled())
                .put("arrival_rate", sample.arrivalRate())
                .put("throughput", sample.throughput())
                .put("failure_rate", sample.failureRate())
                .put("waits", sample.waits().map(Views::latencies))
                .put("runs", sample.runs().map(Views::latencies));
    }

    private static Fields latencies(Latencies latencies) {
        return new Fields()
                .put("count", latencies.count())
                .put("mean", latencies.mean())
                .put("p50", latencies.p50())
                .put("p90", latencies.p90())
                .put("p99", latencies.p99())
                .put("p999", latencies.p999())
                .put("max", latencies.max());
    }

    static Fields running(RunningTask running) {
        Optional<Task<?>> task = running.task();
        return new Fields()
                .put("pool", running.pool())
                .put("id", task.map(Task::id))
                .put("name", running.name())
                .put("state", "running")
                .put("waited", task.map(own -> own.times().waited()))
                .put("ran", running.elapsed())
                .put("thread", running.thread())
                // Its code may run on after its end.
                .put("outcome", task.map(Task::status).filter(status -> status != Task.Status.RUNNING));
    }

    static Fields finished(FinishedTask task) {
        return new Fields()
                .put("pool", task.pool())
                .put("id", task.id())
                .put("name", task.name())
                .put("state", task.outcome())
                .put("waited", task.waited())
                .put("ran", task.ran())
                .put("error", task.error())
                .put("ended", task.ended());
    }

    static List<String> stack(RunningTask task) {
        return task.stack().stream().map(call -> "at " + call).toList();
    }

    static Fields step(ScalingStep step) {
        return new Fields()
                .put("at", step.at())
                .put("pool", step.pool())
                .put("from", step.from())
                .put("to", step.to())
                .put("reason", step.reason());
    }

    /// As the file has it, so that what is read can be written.
    static Optional<Fields> scaling(Optional<ScalingConfig> scaling) {
        return scaling.map(own -> {
            Fields fields = new Fields();
            ScalingKeys.of(own).forEach(fields::put);
            return fields;
        });
    }

    static Fields alarm(AlarmEvent event) {
        return new Fields()
                .put("kind", event.kind())
                .put("alarm", event.alarm())
                .put("pool", event.pool())
                .put("at", event.sample().at())
                .put("since", event.since())
                .put("unit", event.unit())
                .put("value", event.value())
                .put("threshold", event.levels().threshold())
                .put("resolve", event.levels().resolve())
                .put("untold", event.untold())
                .put("gone", event.gone())
                .put("message", event.message())
                .put(
                        "tasks",
                        event.tasks().stream()
                                .map(task -> new Fields()
                                        .put("name", task.name())
                                        .put("thread", task.thread())
                                        .put("ran", task.elapsed()))
                                .toList());
    }

    static Fields audit(AuditEntry entry) {
        return new Fields()
                .put("at", entry.at())
                .put("source", entry.source())
                .put("client", entry.client())
                .put("applied", entry.applied())
                .put("changes", entry.changes())
                .put("refusals", entry.refusals());
    }
}
