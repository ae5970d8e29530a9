package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;

/// Has an initializer that throws.
public final class Broken implements ItemFunction {
    private static final int ITEMS = Integer.parseInt("many");

    @Override
    public String apply(String item) {
        return item + ITEMS;
    }
}
