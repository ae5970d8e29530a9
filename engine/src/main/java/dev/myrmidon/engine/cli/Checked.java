package dev.myrmidon.engine.cli;

import org.jspecify.annotations.Nullable;

/// What picocli promises and the compiler can't see.
final class Checked {
    private Checked() {}

    /// A field that picocli has set before it runs the command.
    static <T> T given(@Nullable T field) {
        if (field == null) {
            throw new IllegalStateException("the command was not run by picocli");
        }
        return field;
    }
}
