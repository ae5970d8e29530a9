package dev.myrmidon;

/// What a [FunctionPool] does with each argument.
///
/// @param <T> the type of the arguments
@FunctionalInterface
public interface TaskFunction<T> {
    /// Called on a worker, concurrently for different arguments.
    ///
    /// @param argument what was handed to the pool; not null
    /// @throws Exception whatever goes wrong; it ends this call alone and goes to the pool's failure
    ///     handler
    void apply(T argument) throws Exception;
}
