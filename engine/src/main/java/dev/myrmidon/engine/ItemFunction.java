package dev.myrmidon.engine;

import org.jspecify.annotations.Nullable;

/// What `myrmidon each --function CLASS` does with each item.
///
/// ```java
/// public final class Length implements ItemFunction {
///     @Override
///     public String apply(String item) {
///         return item + " " + item.length();
///     }
/// }
/// ```
///
/// The class must be public with a public constructor that takes nothing. One instance is made at the start
/// and serves all items. It is called from virtual threads, at once for as many items as the capacity
/// allows, so it must be thread-safe; it may block.
@FunctionalInterface
public interface ItemFunction {
    /// Called once for each item.
    ///
    /// When the item's `--timeout` is over, or the run is cancelled, the thread is interrupted; what the
    /// function does after that no longer counts as completed. A function that ignores the interrupt keeps
    /// its slot until it returns.
    ///
    /// @param item a line of the input without its end; what isn't UTF-8 in it is replaced by U+FFFD
    /// @return what to print for this item, on a line of its own unless it ends in a newline; null to print nothing
    /// @throws Exception whatever goes wrong; the item has failed, and the others go on
    @Nullable
    String apply(String item) throws Exception;
}
