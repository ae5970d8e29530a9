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

    /// Called in the thread that submits, before the task is accepted, under no lock. What it throws goes to
    /// the submitter, and the task is refused.
    ///
    /// @param task the code of the task, which what is returned must call once. What the code throws has
    ///     been taken care of: this doesn't throw
    /// @return what is to run in its place
    Runnable decorate(Runnable task);
}
