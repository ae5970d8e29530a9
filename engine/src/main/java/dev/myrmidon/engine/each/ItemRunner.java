package dev.myrmidon.engine.each;

import java.io.IOException;

/// Does with an item what the user asked for. Called concurrently on virtual threads.
interface ItemRunner extends AutoCloseable {
    /// Runs the item to its end, or to an interrupt: that comes when its time is over or the run is stopped.
    ///
    /// @return what became of it; [Status#CANCELLED] if it was interrupted and has something to show for it
    /// @throws InterruptedException if it was interrupted with nothing to show for it
    /// @throws IOException if the run's own files fail it
    Result run(Item item) throws InterruptedException, IOException;

    /// Frees what it holds; no item runs any more, or those that do were given up.
    @Override
    default void close() {}
}
