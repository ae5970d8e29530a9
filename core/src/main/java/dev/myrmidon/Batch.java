package dev.myrmidon;

import dev.myrmidon.internal.DefaultBatch;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A function applied to many items, each in a [Task] of its own: made by [Pool#map] and
/// [FunctionPool#invokeAll].
///
/// ```java
/// List<Page> pages = pool.map(uris, this::fetch).toList();          // in the order of uris
///
/// try (Stream<Page> some = pool.map(uris, this::fetch).streamAsCompleted()) {
///     some.limit(10).forEach(this::show);                           // the ten fastest
/// }                                                                 // cancels the others
/// ```
///
/// A batch is lazy: nothing happens before [#toList()] is called, or somebody reads from [#stream()] or
/// [#streamAsCompleted()]. It runs once. A batch, and each copy with other settings, is one batch:
/// whichever is run first, the others then throw [IllegalStateException].
///
/// **Items are pulled as room permits**, by the thread that called `toList` or reads the stream: the
/// next item only when fewer than [#window(int)] others are under way, or have ended and were not read
/// yet. So an endless iterator runs in flat memory, and a slow reader slows it down. A stream
/// delivers what is ready before it waits for room.
///
/// **A saturated pool**: a batch waits for room in order of arrival, like any submitter of a pool that
/// makes submitters wait, whatever [PoolConfig#whenSaturated()] says: refusing or dropping would hit its
/// own items. Where there is no place even to wait (see [PoolConfig#maxBlockingTasks()]) it waits for an
/// item of its own to end and tries again. An item that gets no room within its
/// [TaskOptions#startWithin()] is shed. Inside a task of the same pool a batch doesn't deadlock: items
/// that find no room, and queued ones that it waits for, run there on the caller's slot. The exception
/// is an isolated pool, as for all nested tasks.
///
/// **Failures**: an item that fails doesn't disturb the others, and after the last one
/// [TasksFailedException] tells of all. With [#failFast()] the first failure cancels the rest. To see
/// each failure in its place ask for [#outcomes()]. An item fails if its task failed, timed out, was
/// shed, or was cancelled by anybody but the batch. If the pool refuses an item, say since it was
/// closed, that item has failed with the [refusal][java.util.concurrent.RejectedExecutionException], and
/// no other is pulled; those under way go on.
///
/// **What ends a batch early** cancels the items under way, interrupts those that run, pulls no more and
/// doesn't wait for their code to return: an interrupt of the calling thread, closing a stream, and
/// whatever the iterator or the function of the options throws, which the caller gets as it is.
///
/// A batch may be configured and passed on by any thread. Its stream belongs to one thread at a time and
/// is sequential in nature: `parallel()` makes only what follows parallel, and nothing faster.
///
/// @param <R> the type of the results
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public sealed interface Batch<R extends @Nullable Object> permits DefaultBatch {

    /// Sets the most items that are under way or have ended and were not read yet. `toList` reads when
    /// that many are held. By default it is twice the capacity that the pool has when an item is pulled,
    /// so that one slow item doesn't idle the others; 10,000 in an unbounded pool.
    ///
    /// @param window at least 1
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is less
    Batch<R> window(int window);

    /// Stops at the first failure: no more items are pulled, and those under way are cancelled and
    /// interrupted. By default all items run.
    ///
    /// @return a copy that does so
    Batch<R> failFast();

    /// Sets what each item is submitted with; by default [TaskOptions#NONE]. [Pool#map] takes a function
    /// for options that depend on the item, which this replaces.
    ///
    /// @param options for each item
    /// @return a copy with it
    Batch<R> options(TaskOptions options);

    /// Delivers how each item ended in the place of its result. Never throws [TasksFailedException].
    /// With [#failFast()], and after a refusal, there are fewer outcomes than items: what was never
    /// pulled has none.
    ///
    /// @return a copy that does so
    Batch<TaskOutcome<R>> outcomes();

    /// Runs the batch and waits until all items have ended.
    ///
    /// @return the results in the order of the items; unmodifiable
    /// @throws TasksFailedException if an item failed
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits; the
    ///     items under way are cancelled then
    /// @throws IllegalStateException if the batch runs already, or has run
    List<R> toList() throws InterruptedException;

    /// A stream of the results in the order of the items. Reading from it runs the batch.
    ///
    /// Failed items have no result and are left out; when the stream is read to its end it throws
    /// [TasksFailedException]. With [#failFast()] it throws that as soon as it is read after a failure.
    /// Whoever is interrupted while reading gets a [java.util.concurrent.CancellationException], and the
    /// interrupt status stays set.
    ///
    /// Close it unless it is read to its end, or up to [#window(int)] items go on to theirs.
    ///
    /// @return the stream; close it
    /// @throws IllegalStateException if the batch runs already, or has run
    Stream<R> stream();

    /// As [#stream()], with each result as soon as it is there.
    ///
    /// @return the stream; close it
    /// @throws IllegalStateException if the batch runs already, or has run
    Stream<R> streamAsCompleted();
}
