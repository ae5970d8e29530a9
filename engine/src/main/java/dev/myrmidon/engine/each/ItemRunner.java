package dev.myrmidon.engine.each;

import java.io.IOException;

/// Does with an item what the user asked for. Called concurrently on virtual threads.
interface ItemRunner extends AutoCloseable {
    /// Runs the item to its end, or to its timeout.
    ///
    /// @throws InterruptedException if it is interrupted with nothing to show for it
    /// @throws IOException if the run's own files fail it
    Result run(Item item) throws InterruptedException, IOException;

    /// Frees what it holds; no item runs any more, or those that do were given up.
    @Override
    default void close() {}
}
