package dev.myrmidon.engine.each.functions;

import dev.myrmidon.engine.ItemFunction;
import java.util.Locale;

/// Says its item loudly.
public final class Shout implements ItemFunction {
    @Override
    public String apply(String item) {
        return item.toUpperCase(Locale.ROOT);
    }
}
