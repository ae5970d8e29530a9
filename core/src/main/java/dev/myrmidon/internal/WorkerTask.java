package dev.myrmidon.internal;

import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.TaskTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A task that was found at a worker.
///
/// @param pool the name of the pool
/// @param code what the worker calls
/// @param worker who is at it
/// @param carrier the worker's thread
/// @param name the task's own, or the class of its code
public record WorkerTask(String pool, Runnable code, Worker worker, Thread carrier, String name)
        implements RunningTask {

    @Override
    public Optional<Task<?>> task() {
        return code instanceof SubmittedTask<?> submitted ? Optional.of(submitted) : Optional.empty();
    }

    @Override
    public String thread() {
        return carrier.getName();
    }

    @Override
    public Optional<Duration> elapsed() {
        return task().map(Task::times)
                .filter(times -> times.started().isPresent())
                .map(this::elapsed);
    }

    /// The code of a task that was cancelled or timed out may run on after the task's end.
    private Duration elapsed(TaskTimes times) {
        long until = isRunning() ? times.read() : times.ended().orElse(times.read());
        return Duration.ofNanos(until - times.started().getAsLong());
    }

    /// The worker may be at another task by the time its stack is there.
    @Override
    public List<StackTraceElement> stack() {
        List<StackTraceElement> stack = List.of(carrier.getStackTrace());
        return isRunning() ? stack : List.of();
    }

    @Override
    public String toString() {
        return name + " on " + thread()
                + elapsed().map(time -> " for " + time.toMillis() + "ms").orElse("");
    }

    @SuppressWarnings("ReferenceEquality") // the same code may be submitted twice, and be equal to other code
    private boolean isRunning() {
        return worker.tasks().stream().anyMatch(task -> task == code);
    }
}
