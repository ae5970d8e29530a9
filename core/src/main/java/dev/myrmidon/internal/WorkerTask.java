package dev.myrmidon.internal;

import dev.myrmidon.RunningTask;
import dev.myrmidon.Task;
import dev.myrmidon.TaskTimes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A task that was found at a worker.
///
/// @param pool the name of the pool
/// @param code what the worker calls
/// @param worker who is at it
/// @param workerThread the worker's thread
/// @param name the task's own, or the class of its code
public record WorkerTask(String pool, Runnable code, Worker worker, Thread workerThread, String name)
        implements RunningTask {

    /// False for a moment, until the worker begins: to cancel it then would keep its code from running at all.
    boolean hasStarted() {
        return task().map(Task::status)
                .filter(status -> status == Task.Status.QUEUED)
                .isEmpty();
    }

    @Override
    public Optional<Task<?>> task() {
        return code instanceof SubmittedTask<?> submitted ? Optional.of(submitted) : Optional.empty();
    }

    @Override
    public String thread() {
        return workerThread.getName();
    }

    @Override
    public Optional<Duration> elapsed() {
        return task().flatMap(this::elapsed);
    }

    /// The code of a task that was cancelled or timed out may run on after the task's end.
    private Optional<Duration> elapsed(Task<?> task) {
        boolean isOver = !isRunning() && task.isDone();
        TaskTimes times = task.times();
        OptionalLong until = isOver ? times.ended() : OptionalLong.of(times.read());
        return times.started().isEmpty() || until.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Duration.ofNanos(until.getAsLong() - times.started().getAsLong()));
    }

    /// The worker may be at another task by the time its stack is there.
    @Override
    public List<StackTraceElement> stack() {
        List<StackTraceElement> stack = List.of(workerThread.getStackTrace());
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
