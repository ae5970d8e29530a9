package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// SIGTERM and SIGINT, as long as someone listens. A process has one handler for a signal, so the listeners share it:
/// it is put in place for the first of them, and the one that was there before is put back after the last.
public final class StopSignals {
    private static final List<String> NAMES = List.of("TERM", "INT");

    private static final Object LOCK = new Object();
    /// How often each listener has been added. Guarded by LOCK.
    private static final Map<Runnable, Integer> LISTENERS = new LinkedHashMap<>();
    /// What handled each signal before. Guarded by LOCK.
    private static final Map<String, Object> PREVIOUS = new LinkedHashMap<>();

    private StopSignals() {}

    /// Calls the listener once for each signal from now on, on a thread of its own.
    public static void add(Runnable listener) {
        synchronized (LOCK) {
            LISTENERS.merge(listener, 1, Integer::sum);
            if (PREVIOUS.isEmpty()) {
                NAMES.forEach(StopSignals::handle);
            }
        }
    }

    /// Takes back one [#add].
    public static void remove(Runnable listener) {
        synchronized (LOCK) {
            LISTENERS.computeIfPresent(listener, (_, count) -> count == 1 ? null : count - 1);
            if (LISTENERS.isEmpty()) {
                PREVIOUS.forEach(JvmSignal::restore);
                PREVIOUS.clear();
            }
        }
    }

    private static void handle(String name) {
        try {
            PREVIOUS.put(name, JvmSignal.handle(name, StopSignals::arrived));
        } catch (IllegalArgumentException e) {
            System.getLogger(Engine.class.getName())
                    .log(System.Logger.Level.WARNING, "SIG" + name + " will not drain the pools: " + e.getMessage());
        }
    }

    private static void arrived() {
        List<Runnable> listeners;
        synchronized (LOCK) {
            listeners = List.copyOf(LISTENERS.keySet());
        }
        listeners.forEach(Runnable::run);
    }
}
