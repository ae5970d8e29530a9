package dev.myrmidon;

import dev.myrmidon.internal.DefaultBatch;
import dev.myrmidon.internal.Invocation;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A pool that applies one function to many arguments.
///
/// ```java
/// try (FunctionPool<URI> crawl = FunctionPool.of("crawl", 1_000, this::fetch)) {
///     uris.forEach(crawl::invoke);
/// }
/// ```
///
/// Everything else a pool does, such as resizing and statistics, is done on [#pool()]. Thread-safe.
///
/// @param <T> the type of the arguments
public final class FunctionPool<T> implements AutoCloseable {
    private final Pool pool;
    private final TaskFunction<? super T> function;

    private FunctionPool(Pool pool, TaskFunction<? super T> function) {
        this.pool = pool;
        this.function = function;
    }

    /// Opens a function pool with the defaults of [PoolBuilder].
    ///
    /// @param <T> the type of the arguments
    /// @param name the name of the pool, as [Pool#builder(String)] takes it
    /// @param capacity the most calls at once: at least 1, or [Pool#UNBOUNDED]
    /// @param function what is done with each argument
    /// @return the open pool; close it
    /// @throws IllegalArgumentException if the name or the capacity is out of its range, or the function is
    ///     null
    public static <T> FunctionPool<T> of(String name, int capacity, TaskFunction<? super T> function) {
        return of(Pool.builder(name).capacity(capacity).config(), function);
    }

    /// Opens a function pool.
    ///
    /// @param <T> the type of the arguments
    /// @param config of the pool underneath
    /// @param function what is done with each argument
    /// @return the open pool; close it
    /// @throws IllegalArgumentException if the function is null
    public static <T> FunctionPool<T> of(PoolConfig config, TaskFunction<? super T> function) {
        PoolConfig.requireSet("function", function);
        return new FunctionPool<>(Pool.open(config), function);
    }

    /// {@return the pool underneath}
    public Pool pool() {
        return pool;
    }

    /// Applies the function to the argument on a worker, as [Pool#execute(Runnable)] runs a task: waits, is
    /// refused and throws as said there.
    ///
    /// @param argument handed to the function
    /// @throws NullPointerException if the argument is null
    public void invoke(T argument) {
        pool.execute(task(argument));
    }

    /// [#invoke(Object)] with options, as [Pool#execute(Runnable, TaskOptions)] takes them.
    ///
    /// @param argument handed to the function
    /// @param options name, priority, deadlines and key of this call
    /// @throws NullPointerException if an argument is null
    public void invoke(T argument, TaskOptions options) {
        pool.execute(task(argument), options);
    }

    /// Applies the function to the argument on a worker, as [Pool#submit(Runnable, TaskOptions)] does.
    ///
    /// @param argument handed to the function
    /// @return the call, to await or cancel
    /// @throws NullPointerException if the argument is null
    public Task<?> submit(T argument) {
        return pool.submit(task(argument));
    }

    /// [#submit(Object)] with options.
    ///
    /// @param argument handed to the function
    /// @param options name, priority, deadlines and key of this call
    /// @return the call, to await or cancel
    /// @throws NullPointerException if an argument is null
    public Task<?> submit(T argument, TaskOptions options) {
        return pool.submit(task(argument), options);
    }

    /// Applies the function to many arguments. Starts nothing yet: see [Batch]. The results are null, so
    /// `toList()` is of use to wait for all and to learn of failures, and `outcomes()` to see each.
    ///
    /// @param arguments handed to the function; a null among them ends the batch with [NullPointerException]
    /// @return the batch, to be run
    @SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
    public Batch<@Nullable Void> invokeAll(Iterable<? extends T> arguments) {
        return DefaultBatch.of(
                pool,
                arguments,
                argument -> new Invocation<>(function, Objects.requireNonNull(argument, "argument")),
                _ -> TaskOptions.NONE);
    }

    /// Applies the function to the argument if there is room at once, as [Pool#tryExecute(Runnable)] does.
    ///
    /// @param argument handed to the function
    /// @return false if there was no room
    /// @throws NullPointerException if the argument is null
    public boolean tryInvoke(T argument) {
        return pool.tryExecute(task(argument));
    }

    /// Applies the function to the argument if there is room in time, as [Pool#tryExecute(Runnable,
    /// Duration)] does.
    ///
    /// @param argument handed to the function
    /// @param maxWait the longest to wait for room; zero is not at all
    /// @return false if there was no room in time
    /// @throws InterruptedException if the thread is interrupted when it calls or while it waits
    /// @throws NullPointerException if the argument is null
    public boolean tryInvoke(T argument, Duration maxWait) throws InterruptedException {
        return pool.tryExecute(task(argument), maxWait);
    }

    /// Closes the pool underneath, as [Pool#close()] does.
    @Override
    public void close() {
        pool.close();
    }

    private Runnable task(T argument) {
        return new Invocation<>(function, Objects.requireNonNull(argument, "argument"));
    }
}
