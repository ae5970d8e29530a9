package dev.myrmidon.engine.each;

import dev.myrmidon.engine.internal.JvmSignal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;

/// Turns the signals that ask a program to end into calls, until closed.
final class Signals implements AutoCloseable {
    /// Whoever ends because of a signal exits with 128 and its number.
    private static final Map<String, Integer> EXIT_CODES = Map.of("INT", 130, "TERM", 143, "HUP", 129);

    private final Map<String, Object> before = new LinkedHashMap<>();

    /// @param onSignal called with the exit code of each signal that arrives, on a thread of its own
    Signals(IntConsumer onSignal) {
        EXIT_CODES.forEach((name, code) -> {
            try {
                before.put(name, JvmSignal.handle(name, () -> onSignal.accept(code)));
            } catch (IllegalArgumentException e) {
                // With -Xrs, or where there is no such signal: it keeps its usual effect.
                System.getLogger(Signals.class.getName())
                        .log(System.Logger.Level.DEBUG, "SIG" + name + " can't be handled", e);
            }
        });
    }

    @Override
    public void close() {
        before.forEach(JvmSignal::restore);
    }
}
