package dev.myrmidon;

import dev.myrmidon.internal.WorkerTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A task that ran when [Pool#running()] looked. Thread-safe.
public sealed interface RunningTask permits WorkerTask {

    /// {@return the name of the pool}
    String pool();

    /// {@return the name of the task, or the class of its code}
    String name();

    /// {@return the task, to ask or cancel it; empty for one given to [Pool#execute(Runnable)] in a pool that
    /// keeps nothing about those: one without listeners, decorators and deadlines, and a timed one about some.
    /// The [times][Task#times()] of one given to `execute` tell nothing unless the pool has listeners or is
    /// timed, or the task must [start in time][TaskOptions#startWithin()]}
    Optional<Task<?>> task();

    /// {@return the name of the thread that runs it}
    String thread();

    /// {@return how long its code has run up to now, after a timeout or a cancellation too; once it has
    /// returned, how long the task ran until its end. Empty if the pool keeps no times of it}
    Optional<Duration> elapsed();

    /// Where its code is now. Tasks that run inside one another have one stack. Looking stops the thread for
    /// some µs; it disturbs nothing else.
    ///
    /// @return the innermost call first; empty if the task has ended meanwhile
    List<StackTraceElement> stack();
}
