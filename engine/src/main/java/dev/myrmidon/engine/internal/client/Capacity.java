package dev.myrmidon.engine.internal.client;

import dev.myrmidon.Pool;

/// A capacity as users write it.
public final class Capacity {
    private Capacity() {}

    /// Reads one.
    ///
    /// @param text 1 to 2147483647, or `unbounded`, or -1 as in a configuration file
    /// @throws IllegalArgumentException if it is something else; says what it must be
    public static int parse(String text) {
        if (text.equalsIgnoreCase("unbounded")) {
            return Pool.UNBOUNDED;
        }
        try {
            int capacity = Integer.parseInt(text);
            if (capacity >= 1 || capacity == Pool.UNBOUNDED) {
                return capacity;
            }
        } catch (NumberFormatException _) {
            // no number, or larger than any capacity
        }
        throw new IllegalArgumentException("must be 1 to 2147483647 or unbounded, was '" + text + "'");
    }
}
