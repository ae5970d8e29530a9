package dev.myrmidon;

/// Puts something around the code of each task, such as the context of its submitter.
///
/// ```java
/// TaskDecorator tenant = task -> {
///     Tenant now = Tenant.current();           // where it is submitted
///     return () -> Tenant.with(now, task);     // where it runs
/// };
/// ```
@FunctionalInterface
public interface TaskDecorator {

    /// Called in the thread that submits, before the task is accepted, under no lock. What it throws
    /// goes to the submitter, and the task is not submitted. For a [delayed task][Pool#scheduler()] it
    /// is called once, where the task is scheduled.
    ///
    /// @param task the code of the task, which what is returned must call once: a second call throws
    ///     [IllegalStateException]. What the code throws has been taken care of: this doesn't throw
    /// @return what is to run in its place; not null. It is not run if the task never starts, and again
    ///     and again, never at the same time, for a periodic task. What it throws fails the task, as
    ///     does not calling its code; if the code has thrown too, that failure comes first and this one
    ///     is suppressed
    Runnable decorate(Runnable task);
}
