package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;
import org.jspecify.annotations.Nullable;

/// Does nothing.
public final class Silent implements ItemFunction {
    @Override
    public @Nullable String apply(String item) {
        return null;
    }
}
