package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskFailureHandler;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Runs tasks so that none of them harms anybody: whatever one throws ends that task alone.
final class TaskRunner {
    /// One name for each class, since listeners may ask for it at each task and keep it.
    private static final ClassValue<String> CLASS_NAMES = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> type) {
            String name = type.getName();
            int number = name.indexOf('/');
            return number < 0 ? name : name.substring(0, number);
        }
    };

    private final String poolName;
    private final TaskFailureHandler onFailure;
    private final @Nullable Timings timings;

    /// @param timings told of the tasks that carry a stamp, if there are any
    TaskRunner(String poolName, TaskFailureHandler onFailure, @Nullable Timings timings) {
        this.poolName = poolName;
        this.onFailure = onFailure;
        this.timings = timings;
        FlightRecorder.initialize();
    }

    /// Runs a task to its end. The result of a [SubmittedTask] is still to be
    /// [published][#publish(Runnable)]. Throws nothing.
    ///
    /// @param lastLook what the clock said when this thread began to look for the task; 0 if nobody knows
    Outcome run(Runnable task, long lastLook) {
        FlightRecorder.TaskRun event = FlightRecorder.beginTask();
        try {
            if (task instanceof SubmittedTask<?> submitted) {
                return perform(submitted, lastLook, event);
            }
            task.run();
            record(event, task, Outcome.COMPLETED);
            return Outcome.COMPLETED;
        } catch (Throwable failure) {
            record(event, task, Outcome.FAILED);
            return fail(task, failure);
        }
    }

    /// Ends a task that could not be run.
    Outcome fail(Runnable task, Throwable failure) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.fail(failure);
        } else {
            tell(task, failure);
        }
        return Outcome.FAILED;
    }

    private void record(FlightRecorder.@Nullable TaskRun event, Runnable task, Outcome outcome) {
        if (event != null) {
            FlightRecorder.endTask(event, poolName, task, outcome);
        }
    }

    private Outcome perform(SubmittedTask<?> task, long lastLook, FlightRecorder.@Nullable TaskRun event) {
        Outcome outcome = task.perform(lastLook);
        record(event, task, outcome);
        if (timings != null) {
            task.recordTimes(timings);
        }
        Throwable failure = task.unheardFailure();
        if (failure != null) {
            tell(task, failure);
        }
        return outcome;
    }

    /// Lets those see the end of a task who wait for it, once it is counted.
    static void publish(Runnable task) {
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.publish();
        }
    }

    /// What the user gave to the pool.
    static Runnable given(Runnable task) {
        return switch (task) {
            case SubmittedTask<?> submitted -> submitted.given();
            case LeveledTask leveled -> leveled.task();
            default -> task;
        };
    }

    /// Completes the future of a task that nobody is going to run, or that has run for too long, if it is
    /// one. A future of the user's that fails at that harms nobody else.
    void cancel(Runnable task) {
        Runnable given = given(task); // a task that has ended forgets it
        if (task instanceof SubmittedTask<?> submitted) {
            submitted.cancel(true);
        }
        cancelFuture(given, task);
    }

    /// Cancels what the user gave, if it is a future.
    ///
    /// @param task what went through the pool in its place
    static void cancelFuture(Runnable given, Runnable task) {
        if (given instanceof Future<?> future) {
            try {
                future.cancel(true);
            } catch (Throwable failure) {
                log("the future of task " + ownName(task) + " failed to be cancelled", failure);
            }
        }
    }

    /// The full name of a task: the pool's, a slash, and its own or the class of the user's code.
    String name(Runnable task) {
        return poolName + "/" + ownName(task);
    }

    /// The name of a task, or the class of its code.
    static String ownName(Runnable task) {
        return task instanceof SubmittedTask<?> submitted ? submitted.name() : className(task);
    }

    /// The name of the class of the user's code, without the number that the JVM adds to a lambda.
    static String className(Object code) {
        return CLASS_NAMES.get(codeClass(code));
    }

    /// The class of the user's code.
    static Class<?> codeClass(Object code) {
        return switch (code) {
            case Class<?> already -> already;
            case Invocation<?> invocation -> invocation.function().getClass();
            case Mapping<?, ?> mapping -> mapping.function().getClass();
            case DecoratedCode decorated -> codeClass(decorated.code());
            case LeveledTask leveled -> codeClass(leveled.task());
            default -> code.getClass();
        };
    }

    private void tell(Runnable task, Throwable failure) {
        try {
            onFailure.onFailure(name(task), failure);
        } catch (Throwable handlerFailure) {
            log("the failure handler failed for task " + name(task), handlerFailure);
            log("what it should have handled", failure);
        }
    }

    static void log(String message, Throwable thrown) {
        try {
            System.getLogger(Pool.class.getName()).log(System.Logger.Level.ERROR, message, thrown);
        } catch (Throwable nobodyLeftToTell) {
            // a logger that fails, or no memory: the worker and its slot matter more than the message
        }
    }
}
