package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;

/// Has no constructor without parameters.
public final class Demanding implements ItemFunction {
    private final String suffix;

    /// @param suffix appended to each item
    public Demanding(String suffix) {
        this.suffix = suffix;
    }

    @Override
    public String apply(String item) {
        return item + suffix;
    }
}
