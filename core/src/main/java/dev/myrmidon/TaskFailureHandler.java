package dev.myrmidon;

/// Told of what a task given to [Pool#execute(Runnable)] throws.
@FunctionalInterface
public interface TaskFailureHandler {

    /// Logs the failure, with its stack trace, as a warning of the [System.Logger] `dev.myrmidon.Pool`.
    TaskFailureHandler LOG = (taskName, failure) -> System.getLogger(Pool.class.getName())
            .log(System.Logger.Level.WARNING, "task " + taskName + " failed", failure);

    /// Called once for each failed task, on the thread that ran it, under no lock, while the task still
    /// holds its slot, if it has one. What the handler itself throws is logged and goes no further.
    ///
    /// @param taskName the name of the pool, a slash and the class of the task
    /// @param failure what the task threw, unchanged; an [Error] too
    void onFailure(String taskName, Throwable failure);
}
