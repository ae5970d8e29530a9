package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;

/// Not public.
final class Hidden implements ItemFunction {
    @Override
    public String apply(String item) {
        return item;
    }
}
