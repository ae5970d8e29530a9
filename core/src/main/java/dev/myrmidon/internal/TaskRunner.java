package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskFailureHandler;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Runs tasks so that none of them harms anybody: whatever one throws ends that task alone.
final class TaskRunner {
    private final String poolName;
    private final TaskFailureHandler onFailure;
    private final @Nullable Timings timings;

    /// @param timings told of the tasks that carry a stamp, if there are any
    TaskRunner(String poolName, TaskFailureHandler onFailure, @Nullable Timings timings) {
        this.poolName = poolName;
        this.onFailure = onFailure;
        this.timings = timings;
    }

    /// Runs a task to its end. The result of a [SubmittedTask] is still to be
    /// [published][#publish(Runnable)]. Throws nothing.
    Outcome run(Runnable task) {
        if (timings == null || !(task instanceof Timings.Stamped stamped && stamped.weight() > 0)) {
            return runUntimed(task);
        }
        long started = System.nanoTime();
        Outcome outcome = runUntimed(task);
        if (outcome != Outcome.CANCELLED) { // that one may not have run at all
            timings.record(stamped, started, System.nanoTime());
        }
        return outcome;
    }

    private Outcome runUntimed(Runnable task) {
        try {
            if (task instanceof SubmittedTask<?> submitted) {
                return submitted.perform();
            }
            task.run();
            return Outcome.COMPLETED;
        } catch (Throwable failure) {
            tell(task, failure);
            return Outcome.FAILED;
        }
    }

    /// Ends a task that could not be run.
    Outcome fail(Runnable task, Throwable failure) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.setException(failure);
        } else {
            tell(task, failure);
        }
        return Outcome.FAILED;
    }

    /// Lets those see the end of a task who wait for it, once it is counted.
    static void publish(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.publish();
        }
    }

    /// True for a task that came through `submit` and was cancelled.
    static boolean isCancelled(@Nullable Runnable task) {
        return task instanceof SubmittedTask<?> submitted && submitted.isCancelled();
    }

    /// Completes the future of a task that nobody is going to run, or that has run for too long, if it is
    /// one. A future of the user's that fails at that harms nobody else.
    void cancel(Runnable task) {
        if (Timings.unwrap(task) instanceof Future<?> future) {
            try {
                future.cancel(true);
            } catch (Throwable failure) {
                log("the future of task " + name(task) + " failed to be cancelled", failure);
            }
        }
    }

    /// The name of a task: the pool's, a slash and the class of the user's code, without the number that
    /// the JVM adds to a lambda.
    String name(Runnable task) {
        Class<?> code = switch (Timings.unwrap(task)) {
            case SubmittedTask<?> submitted -> submitted.code();
            case Invocation<?> invocation -> invocation.function().getClass();
            case Runnable other -> other.getClass();
        };
        String className = code.getName();
        int number = className.indexOf('/');
        return poolName + "/" + (number < 0 ? className : className.substring(0, number));
    }

    private void tell(Runnable task, Throwable failure) {
        try {
            onFailure.onFailure(name(task), failure);
        } catch (Throwable handlerFailure) {
            log("the failure handler failed for task " + name(task), handlerFailure);
            log("what it should have handled", failure);
        }
    }

    private static void log(String message, Throwable thrown) {
        try {
            System.getLogger(Pool.class.getName()).log(System.Logger.Level.ERROR, message, thrown);
        } catch (Throwable nobodyLeftToTell) {
            // a logger that fails, or no memory: the worker and its slot matter more than the message
        }
    }
}
