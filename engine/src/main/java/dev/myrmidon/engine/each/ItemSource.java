package dev.myrmidon.engine.each;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Where items come from. Used by one thread.
@FunctionalInterface
interface ItemSource {
    /// The next item, or null if there are no more. Blocks while the input does.
    @Nullable
    Item next() throws IOException;
}
