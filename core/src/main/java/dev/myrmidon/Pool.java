package dev.myrmidon;

import dev.myrmidon.internal.DefaultPool;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bounded pool of virtual threads: it admits tasks up to its capacity and runs each of them.
///
/// A pool is an [ExecutorService] and keeps that contract, so everything that takes an executor takes a
/// pool. What it adds is the bound and what follows from it: a submitter that finds no room waits, is
/// refused, or whatever else [PoolConfig#whenSaturated()] says; the bound can be changed while tasks run
/// ([#resize(int)]); and the numbers can be read at any time ([#stats()]).
///
/// ```java
/// try (Pool pool = Pool.builder("orders").capacity(200).build()) {
///     for (Order order : orders) {
///         pool.execute(() -> ship(order)); // waits for room when 200 are under way
///     }
/// } // waits for the last one
/// ```
///
/// **Capacity** is a hard cap: never more than that many tasks run at once, and after a shrink no task
/// starts until there is room under the new capacity. Submitters that wait are served first come, first
/// served, and a newcomer never overtakes them.
///
/// **Inside a task of the same pool** a submission that finds the pool saturated runs at once in the
/// submitting task, on the slot that task already holds, where another thread would have waited;
/// `Future.get()` without a time limit on a queued task of the same pool, and `invokeAny` and `invokeAll`,
/// run it there and then. So a task that waits for its own pool in these ways doesn't deadlock. Submissions
/// may nest 256 deep on one slot; deeper ones are refused as if the pool were saturated.
///
/// Other ways to wait can still deadlock: a `CompletableFuture.join()` inside a task on a stage that is
/// *queued* in the same pool, since the JDK doesn't tell an executor who waits for what; a timed `get` runs
/// into its time limit. And cycles across pools: a task of pool A that waits for room in B while a task of
/// B waits for room in A. Break such a cycle with [#tryExecute(Runnable, Duration)],
/// [SaturationPolicy#refuse()] or [SaturationPolicy#callerRuns()] in one of the two.
///
/// **Failures**: whatever a task throws, [Error]s too, ends that task alone. What a task given to
/// [#execute(Runnable)] throws goes to the [PoolConfig#onFailure() handler]; a task given to `submit`
/// delivers it through its future, and only there.
///
/// **Threads**: workers are virtual threads that are reused, as in every thread pool. A thread local that a
/// task sets stays on its worker, until that is replaced, as each is now and then; an interrupt does not. Workers
/// inherit neither thread locals nor the context class loader of whoever submitted. In an
/// [isolated][PoolConfig#isolated()] pool each task has a thread of its own, and nested tasks are refused
/// instead of run by their caller. A pool that was opened and not used has no thread.
///
/// **Memory consistency**: what a thread did before it submitted a task is visible to the task, and what
/// the task did is visible after `Future.get()`, and after [#awaitTermination] returned true.
///
/// A pool is thread-safe. Once shut down it stays so; `Pool.open(pool.config())` opens a successor with
/// fresh books.
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public sealed interface Pool extends ExecutorService permits DefaultPool {

    /// "No bound", for [PoolConfig#capacity()], [PoolConfig#queueCapacity()] and
    /// [PoolConfig#maxBlockingTasks()].
    int UNBOUNDED = -1;

    /// "Never", for [PoolConfig#expiry()]: idle workers stay until the pool closes.
    Duration NEVER = ChronoUnit.FOREVER.getDuration();

    /// A builder for a pool of this name, to which the capacity at least must be added.
    ///
    /// @param name names the pool in messages, in statistics and, followed by a number, its threads; not
    ///     blank
    /// @return the builder
    /// @throws IllegalArgumentException if the name is blank
    static PoolBuilder builder(String name) {
        return new PoolBuilder(name);
    }

    /// Opens a pool. Starts no thread.
    ///
    /// @param config what to open it with
    /// @return the open pool; close it
    static Pool open(PoolConfig config) {
        return new DefaultPool(config);
    }

    /// {@return the configuration this pool was opened or last [reconfigured][#reconfigure(PoolConfig)] with,
    /// with the capacity it has now; not preallocated, if that can't be}
    PoolConfig config();

    /// Runs the task on a worker as soon as it has a slot.
    ///
    /// When the pool is saturated the calling thread does what [PoolConfig#whenSaturated()] says; as
    /// configured by default it waits for room. If it is interrupted while it waits, the task is refused
    /// and the interrupt status stays set. From inside a task of this pool it never waits: see [Pool].
    ///
    /// @param task what to run
    /// @throws PoolSaturatedException if there is no room and the pool is to refuse, if it waited in vain
    ///     for as long as the pool lets it, or if as many submitters wait as may
    /// @throws PoolClosedException if the pool is shut down, or is while the caller waits
    /// @throws RejectedExecutionException if the thread is interrupted while it waits
    /// @throws NullPointerException if the task is null
    @Override
    void execute(Runnable task);

    /// [#execute(Runnable)] with options. What the task throws, and its running into a timeout, goes to the
    /// [PoolConfig#onFailure() handler].
    ///
    /// @param task what to run
    /// @param options its name, priority, deadlines and key
    void execute(Runnable task, TaskOptions options);

    /// Submits a task as [#execute(Runnable)] does; it throws what that throws.
    ///
    /// @param task what to run
    /// @return the task, whose result will be null
    @Override
    Task<?> submit(Runnable task);

    /// Submits a task as [#execute(Runnable)] does; it throws what that throws.
    ///
    /// @param <T> the type of the result
    /// @param task what to run
    /// @param result what the task's result is to be
    /// @return the task
    @Override
    <T extends @Nullable Object> Task<T> submit(Runnable task, T result);

    /// Submits a task as [#execute(Runnable)] does; it throws what that throws.
    ///
    /// @param <T> the type of the result
    /// @param task what to run
    /// @return the task
    @Override
    <T extends @Nullable Object> Task<T> submit(Callable<T> task);

    /// [#submit(Runnable)] with options.
    ///
    /// @param task what to run
    /// @param options its name, priority, deadlines and key
    /// @return the task, whose result will be null
    Task<?> submit(Runnable task, TaskOptions options);

    /// [#submit(Callable)] with options.
    ///
    /// @param <T> the type of the result
    /// @param task what to run
    /// @param options its name, priority, deadlines and key
    /// @return the task
    <T extends @Nullable Object> Task<T> submit(Callable<T> task, TaskOptions options);

    /// Applies a function to many items, each in a task of its own. Starts nothing yet: see [Batch].
    ///
    /// What has but an iterator or a stream passes `() -> iterator` or `stream::iterator`.
    ///
    /// @param <T> the type of the items
    /// @param <R> the type of the results
    /// @param items asked for their iterator once, when the batch runs, which need not end
    /// @param function what is done with each item
    /// @return the batch, to be run
    <T extends @Nullable Object, R extends @Nullable Object> Batch<R> map(
            Iterable<? extends T> items, ThrowingFunction<? super T, ? extends R> function);

    /// [#map(Iterable, ThrowingFunction)] with options that depend on the item.
    ///
    /// @param <T> the type of the items
    /// @param <R> the type of the results
    /// @param items asked for their iterator once, when the batch runs, which need not end
    /// @param function what is done with each item
    /// @param options tells name, priority, deadlines and key of an item's task, just before it is submitted
    /// @return the batch, to be run
    <T extends @Nullable Object, R extends @Nullable Object> Batch<R> map(
            Iterable<? extends T> items,
            ThrowingFunction<? super T, ? extends R> function,
            Function<? super T, TaskOptions> options);

    /// Makes a group, whose tasks are awaited and cancelled together. Starts nothing.
    ///
    /// @return the group; close it
    TaskGroup group();

    /// Runs the task if there is room at once; never waits, whatever the pool's saturation policy.
    ///
    /// @param task what to run
    /// @return false if there was no room; the task will not run
    /// @throws PoolClosedException if the pool is shut down
    /// @throws NullPointerException if the task is null
    boolean tryExecute(Runnable task);

    /// Runs the task if there is room within the given time, whatever the pool's saturation policy. From
    /// inside a task of this pool it doesn't wait: see [Pool].
    ///
    /// @param task what to run
    /// @param maxWait the longest to wait; zero is [#tryExecute(Runnable)]
    /// @return false if there was no room in time, or as many submitters wait as may; the task will not run
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits; the task
    ///     will not run
    /// @throws PoolClosedException if the pool is shut down, or is while the caller waits
    /// @throws IllegalArgumentException if maxWait is negative
    /// @throws NullPointerException if an argument is null
    boolean tryExecute(Runnable task, Duration maxWait) throws InterruptedException;

    /// Changes the capacity. Growing lets as many waiting tasks start as now fit. Shrinking interrupts
    /// nothing: what runs goes on, and nothing starts until there is room under the new capacity. Never
    /// waits for a task.
    ///
    /// @param capacity at least 1, or [#UNBOUNDED]
    /// @throws IllegalArgumentException if it is neither
    void resize(int capacity);

    /// [#resize(int)] for a cause, which [#causes()] counts it under.
    ///
    /// @param capacity at least 1, or [#UNBOUNDED]
    /// @param cause why
    /// @throws IllegalArgumentException if the capacity is neither
    /// @throws NullPointerException if the cause is null
    void resize(int capacity, ResizeCause cause);

    /// Lets another configuration hold from now on, while tasks run. Never waits for a task.
    ///
    /// The capacity changes as by [#resize(int)]. Where the queue or the number of submitters that may wait
    /// shrinks, nobody is sent away who is there; where the queue grows, submitters that wait get their places
    /// in it at once. The expiry holds for idle workers too. The policy, the timeout and the time to start
    /// within hold for tasks that are submitted afterwards; tasks before them may have the old ones or the new
    /// ones. Whether to [preallocate][PoolConfig#preallocate()] is a matter of opening a pool: it has no effect
    /// here.
    ///
    /// @param config the configuration from now on, which [#config()] returns then; `config().toBuilder()` is
    ///     where to begin
    /// @throws IllegalArgumentException if the name, queueOrder, isolated, timed, decorators, listeners or
    ///     onFailure differ: they can't be changed. Nothing was
    void reconfigure(PoolConfig config);

    /// Starts no task from now on, until [#resume()]. What runs goes on, and may submit nested tasks on its
    /// own slot; what is submitted is queued, waits or is refused as in a saturated pool. Shutting down ends
    /// a pause, so that the pool can drain. No effect if the pool is paused or shut down.
    void pause();

    /// Ends a pause: tasks start again, the oldest first. No effect if the pool isn't paused.
    void resume();

    /// {@return whether the pool is paused}
    boolean isPaused();

    /// Waits for a moment at which no task runs or is queued, and no submitter waits. When it returns, others
    /// may have submitted tasks already.
    ///
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits
    /// @throws IllegalStateException if it is called from a task of this pool, which is never idle then
    void awaitIdle() throws InterruptedException;

    /// [#awaitIdle()], at most so long.
    ///
    /// @param maxWait the longest to wait; zero or less looks once
    /// @return false if the pool was not idle within that time
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits
    /// @throws IllegalStateException if it is called from a task of this pool, which is never idle then
    boolean awaitIdle(Duration maxWait) throws InterruptedException;

    /// The numbers of this moment. Reading them changes nothing and never waits for a task.
    ///
    /// The numbers of one reading are taken one shortly after the other while the pool goes on working,
    /// except that [PoolStats#capacity()], [PoolStats#running()], [PoolStats#queued()] and
    /// [PoolStats#waiting()] belong to one instant. When nothing is being submitted and nothing runs, and
    /// after close, they are all exact. Cost: proportional to the number of workers, some 10 ns each.
    ///
    /// @return one snapshot
    PoolStats stats();

    /// Why tasks were refused or dropped, and the capacity changed. Reading it changes nothing and never waits.
    ///
    /// @return a snapshot, as exact as [#stats()]
    PoolCauses causes();

    /// How long the oldest task has been waiting that has no slot yet: one that is queued, or, before it is
    /// accepted, one whose submitter waits for room. Reading it changes nothing and never waits for a task.
    ///
    /// A pool by order of arrival that is [timed][PoolConfig#timed()] knows it. In one that isn't, it is known
    /// while the tasks at the head come from `submit` or from submitters that wait. A task that gets the turn
    /// of its key goes behind those that are queued, however young, and doesn't count until it is their head.
    ///
    /// @return zero if no task waits; empty if the pool doesn't know, as one by [priority][QueueOrder#priority()]
    ///     never does
    Optional<Duration> queueAge();

    /// The numbers of each level of a pool by [priority][QueueOrder#priority()]. Reading them changes nothing.
    ///
    /// Levels in which nobody waits are kept up to 64 in all, with what they have counted; beyond that, a
    /// level is forgotten when its last task starts.
    ///
    /// @return a snapshot, the highest level first; empty in a pool by order of arrival
    List<LevelStats> levels();

    /// The tasks that run now, in no order. Reading them changes nothing, and nothing is kept about them for
    /// this. What a submitter [runs itself][SaturationPolicy#callerRuns()] in its own thread is not among them.
    ///
    /// @return a snapshot, which tasks that start or end meanwhile may miss or be in
    List<RunningTask> running();

    /// How long tasks waited and ran since the pool was opened. Reading changes nothing; it costs some 10 µs.
    ///
    /// While tasks run for less than 10 µs, one in 64 is timed, drawn by chance, and counts 64 times; longer
    /// ones are all timed.
    ///
    /// @return one snapshot
    /// @throws IllegalStateException if the pool's configuration is not [PoolConfig#timed()]
    PoolTimings timings();

    /// Tells a listener what is counted in [#timings()] from now on. One that was added twice is told twice.
    ///
    /// @param listener whom to tell
    /// @throws IllegalStateException if the pool's configuration is not [PoolConfig#timed()]
    void addTimingsListener(TimingsListener listener);

    /// Tells a listener no more; tasks that end at this moment may still be told. No effect if it was not added.
    ///
    /// @param listener whom to tell no more
    void removeTimingsListener(TimingsListener listener);

    /// This pool as a [ScheduledExecutorService], for tasks that are to run later, once or again and
    /// again. Everything else that is done on it is done on the pool: shutting it down shuts down the
    /// pool.
    ///
    /// A task is submitted when it is due. Until then it takes no thread, no slot and no place in the
    /// queue, counts nowhere in the statistics, and doesn't keep the pool from being idle.
    /// [Decorators][TaskDecorator] are asked once, where it is scheduled. Due times that have passed are
    /// now; delays of more than 146 years are 146 years. A task is never submitted before its time; it
    /// is late when the JDK's common pool is busy.
    ///
    /// *Room*: tasks that find none when they are due wait in a line of their own, the earliest first,
    /// whose head waits for room like one submitter, in turn with the others, or does whatever else
    /// [PoolConfig#whenSaturated()] says. Where submitters [run tasks
    /// themselves][SaturationPolicy#callerRuns()] it waits, too. If the pool refuses the task, its
    /// future fails with what `execute` throws.
    ///
    /// *Periodic tasks*: no two executions of one task run at the same time. An execution that throws or
    /// times out is the last one: its future fails with that, and [PoolConfig#onFailure()] is told. An
    /// execution that the pool refuses or sheds is skipped and counted as such, and the schedule goes
    /// on; at a fixed rate with the next point in time that has not passed.
    ///
    /// *Shutdown*: shutting down cancels the futures of tasks that the pool hasn't accepted yet, due or
    /// not; await those that matter before. What was accepted runs to its end; of a periodic task it is
    /// the last execution, after which its future is cancelled. [#shutdownNow()] returns the tasks that
    /// it cancelled so, after those that the pool had, and [#close(Duration)] reports those among them
    /// that are not periodic.
    ///
    /// A task that waits for a delayed one of the same pool holds its slot meanwhile: with no other slot
    /// that is a deadlock.
    ///
    /// @return a view of this pool, always the same; its methods throw [PoolClosedException] when the
    ///     pool is shut down
    ScheduledExecutorService scheduler();

    /// Refuses new tasks from now on; those accepted, the queued ones too, run to their end. Submitters
    /// that wait for room are refused with [PoolClosedException], [delayed tasks][#scheduler()] that the
    /// pool hasn't accepted yet are cancelled. Doesn't wait; no effect if the pool is shut down already.
    @Override
    void shutdown();

    /// Shuts down, interrupts what runs and takes back what was accepted and never started. Doesn't wait.
    /// Tasks of submitters that still waited for room are refused, not returned.
    ///
    /// @return the tasks that never started, oldest first, then the [delayed][#scheduler()] ones; those
    ///     that came through `submit` or are delayed are futures, now cancelled
    @Override
    List<Runnable> shutdownNow();

    /// Shuts down and waits until every accepted task has ended and the workers are gone, however long that
    /// takes. If the calling thread is interrupted while it waits, it goes on as after [#shutdownNow()],
    /// and the interrupt status is set when it returns.
    ///
    /// @throws IllegalStateException if it is called from a task of this pool, which would wait for itself
    @Override
    void close();

    /// Shuts down, waits at most so long for the accepted tasks to end, then interrupts those that run,
    /// cancels those that never started, and completes every future that came from `submit`. Tasks that
    /// were interrupted get up to a second more to end; after that they are reported as still running. May
    /// be called again, with more patience.
    ///
    /// A step of a [java.util.concurrent.CompletableFuture] that is dropped so never completes it: the JDK
    /// doesn't tell an executor whose step a task is.
    ///
    /// If the calling thread is interrupted while it waits, the deadline is now, and the interrupt status
    /// is set when it returns.
    ///
    /// @param patience how long the tasks may take; zero interrupts at once
    /// @return what became of the tasks
    /// @throws IllegalArgumentException if patience is negative
    /// @throws IllegalStateException if it is called from a task of this pool, which would wait for itself
    CloseReport close(Duration patience);
}
