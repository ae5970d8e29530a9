package dev.myrmidon.internal;

import dev.myrmidon.CloseReport;
import dev.myrmidon.PoolStats;
import dev.myrmidon.TaskReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// One close with a deadline: drains, then interrupts, then reports.
final class Closing {
    /// How long tasks that were interrupted may take before they are reported as still running.
    static final Duration INTERRUPT_GRACE = Duration.ofSeconds(1);

    private final DefaultPool pool;
    private final Lifecycle life;
    private final Workers workers;
    private final TaskRunner runner;
    private final long start = System.nanoTime();
    private boolean interrupted;

    Closing(DefaultPool pool, Lifecycle life, Workers workers, TaskRunner runner) {
        this.pool = pool;
        this.life = life;
        this.workers = workers;
        this.runner = runner;
    }

    CloseReport close(long patienceNanos, long graceNanos) {
        PoolStats before = pool.stats();
        List<DelayedTask<?>> notDue = life.drain();
        List<TaskReport> neverStarted = new ArrayList<>();
        List<TaskReport> stopped = List.of();
        List<TaskReport> stillRunning = List.of();
        if (!awaitEnd(patienceNanos)) {
            List<Runnable> dropped = life.stop();
            dropped.forEach(task -> neverStarted.add(report(task, List.of())));
            dropped.forEach(runner::cancel);
            List<WorkerTask> running = allRunning(graceNanos);
            stopped = report(running);
            running.forEach(each -> runner.cancel(each.code())); // before an interrupt makes them fail
            workers.interruptAll();
            stillRunning = awaitEnd(graceNanos) ? List.of() : report(pool.workerTasks());
        }
        notDue.stream()
                .filter(task -> !task.isPeriodic())
                .forEach(task -> neverStarted.add(new TaskReport(task.name(), sinceStart(), List.of())));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        PoolStats after = pool.stats();
        return new CloseReport(
                pool.name(),
                sinceStart(),
                after.completed() - before.completed(),
                after.failed() - before.failed(),
                after.cancelled() - before.cancelled(),
                neverStarted,
                stopped,
                stillRunning);
    }

    /// What runs, once nothing more gets a slot. A worker that has taken a task isn't seen at it for a
    /// moment; the interrupt would reach that task all the same, and the report must have it.
    private List<WorkerTask> allRunning(long nanos) {
        long since = System.nanoTime();
        for (; ; ) {
            int slots = pool.stats().running(); // before the look at the workers, or one might end in between
            List<WorkerTask> running = pool.workerTasks();
            long seen = running.stream().map(WorkerTask::worker).distinct().count();
            if (seen >= slots || System.nanoTime() - since > nanos) {
                return running;
            }
            LockSupport.parkNanos(this, 10_000);
        }
    }

    /// An interrupt ends the wait, and counts as its end in vain.
    private boolean awaitEnd(long nanos) {
        try {
            return pool.awaitTermination(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        }
    }

    private List<TaskReport> report(List<WorkerTask> running) {
        return running.stream()
                .map(each -> report(each.code(), List.of(each.workerThread().getStackTrace())))
                .toList();
    }

    private TaskReport report(Runnable task, List<StackTraceElement> stack) {
        long submitted = task instanceof SubmittedTask<?> known ? known.times().submitted() : 0;
        Duration age = submitted == 0 ? sinceStart() : Duration.ofNanos(System.nanoTime() - submitted);
        return new TaskReport(runner.name(task), age, stack);
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
