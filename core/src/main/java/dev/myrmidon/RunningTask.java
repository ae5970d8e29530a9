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
    /// keeps nothing about those: one without listeners, decorators and deadlines}
    Optional<Task<?>> task();

    /// {@return the name of the thread that runs it}
    String thread();

    /// {@return how long its code has run up to now, or ran if it has returned meanwhile, after a timeout or a
    /// cancellation too; empty if the pool keeps no times of it}
    Optional<Duration> elapsed();

    /// Where its code is now. Tasks that run inside one another have one stack. Looking stops the thread for
    /// some µs; it disturbs nothing else.
    ///
    /// @return the innermost call first; empty if the task has ended meanwhile
    List<StackTraceElement> stack();
}
