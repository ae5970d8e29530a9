package dev.myrmidon;

import org.jspecify.annotations.Nullable;

/// What [Pool#map(Iterable, ThrowingFunction)] does with each item: a function that may throw.
///
/// @param <T> the type of the items
/// @param <R> the type of the results
@FunctionalInterface
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public interface ThrowingFunction<T extends @Nullable Object, R extends @Nullable Object> {
    /// Called on a worker, concurrently for different items.
    ///
    /// @param item an item; null if there is a null among them
    /// @return its result, which may be null
    /// @throws Exception whatever goes wrong; it ends the task of this item alone
    R apply(T item) throws Exception;
}
