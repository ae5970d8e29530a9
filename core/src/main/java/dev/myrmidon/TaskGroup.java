package dev.myrmidon;

import dev.myrmidon.internal.DefaultTaskGroup;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Tasks of a pool that are awaited and cancelled together: made by [Pool#group()].
///
/// ```java
/// try (TaskGroup group = pool.group().failFast()) {
///     Task<User> user = group.submit(() -> findUser(id));
///     Task<List<Order>> orders = group.submit(() -> findOrders(id));
///     group.awaitAll();                             // throws if one failed, and the other was cancelled
///     return new Page(user.resultNow(), orders.resultNow());
/// }                                                 // cancels what is left, and waits for it
/// ```
///
/// Tasks are submitted as [Pool#submit(Callable, TaskOptions)] does, with the waiting and the refusals
/// of that. A group keeps those that haven't ended, the counts, and the causes of failures; so one that
/// lives long and sees millions of tasks stays small.
///
/// **Failures**: a task that fails doesn't disturb the others, and [#awaitAll()] reports all failures
/// that no earlier call reported. A [fail-fast][#failFast()] group is over with the first failure. A
/// task counts as failed if it failed, timed out, was shed, or was cancelled by anybody but the group.
///
/// Thread-safe: any thread, tasks of the group too, may submit to it.
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public sealed interface TaskGroup extends AutoCloseable permits DefaultTaskGroup {

    /// Makes the first failure of a task cancel and interrupt all others; from then on [#awaitAll()] and
    /// `submit` throw [TasksFailedException].
    ///
    /// @return this group
    /// @throws IllegalStateException if a task was submitted already
    TaskGroup failFast();

    /// Submits a task, as [Pool#submit(Callable)] does; it throws what that throws.
    ///
    /// @param <T> the type of the result
    /// @param task what to run
    /// @return the task
    /// @throws TasksFailedException if the group fails fast and a task has failed
    /// @throws IllegalStateException if the group is closed
    <T extends @Nullable Object> Task<T> submit(Callable<T> task);

    /// [#submit(Callable)] with options.
    ///
    /// @param <T> the type of the result
    /// @param task what to run
    /// @param options its name, priority, deadlines and key
    /// @return the task
    <T extends @Nullable Object> Task<T> submit(Callable<T> task, TaskOptions options);

    /// [#submit(Callable)] of a task without a result.
    ///
    /// @param task what to run
    /// @return the task, whose result will be null
    Task<?> submit(Runnable task);

    /// [#submit(Runnable)] with options.
    ///
    /// @param task what to run
    /// @param options its name, priority, deadlines and key
    /// @return the task, whose result will be null
    Task<?> submit(Runnable task, TaskOptions options);

    /// Waits until no task of the group is under way, those that are submitted meanwhile included.
    /// Inside a task of the same pool it runs queued ones of the group there, as [Task#get()] does.
    ///
    /// @throws TasksFailedException if tasks failed that no earlier call reported, or the group fails
    ///     fast and a task has failed
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits; the
    ///     tasks go on
    /// @throws IllegalStateException if it is called from a task of this group, which would wait for
    ///     itself
    void awaitAll() throws InterruptedException;

    /// [#awaitAll()], at most so long. Runs nothing in the calling thread, as a timed [Task#get]
    /// doesn't.
    ///
    /// @param maxWait the longest to wait; zero or less looks once
    /// @return false if tasks are still under way; nothing is reported then
    /// @throws TasksFailedException as [#awaitAll()]
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits
    /// @throws IllegalStateException if it is called from a task of this group, which would wait for
    ///     itself
    boolean awaitAll(Duration maxWait) throws InterruptedException;

    /// Cancels all tasks that are under way, and interrupts those that run. They don't count as failed.
    /// The group takes new ones. Doesn't wait for their code to return.
    void cancelAll();

    /// Takes no more tasks, does as [#cancelAll()], and waits until the code of all tasks has returned.
    /// So nothing of the group runs when it is over; await the tasks before that if they are to end by
    /// themselves. Throws nothing for failures. No effect if the group is closed already.
    ///
    /// An interrupt doesn't end the wait; it is kept.
    ///
    /// @throws IllegalStateException if it is called from a task of this group, which would wait for
    ///     itself
    @Override
    void close();
}
