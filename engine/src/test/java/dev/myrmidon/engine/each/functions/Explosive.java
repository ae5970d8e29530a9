package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;

/// Has a constructor that throws.
public final class Explosive implements ItemFunction {
    /// Never succeeds.
    public Explosive() {
        throw new IllegalStateException("boom\nand more");
    }

    @Override
    public String apply(String item) {
        return item;
    }
}
