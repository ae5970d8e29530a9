package dev.myrmidon.engine.internal;

import dev.myrmidon.engine.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Some signals, as long as someone listens. A process has one handler for a signal, so the listeners share it: it is
/// put in place for the first of them, and the one that was there before is put back after the last.
final class SharedSignals {
    /// Those that ask a process to end.
    static final SharedSignals STOP = new SharedSignals(List.of("TERM", "INT"), "drain the pools");

    /// The one that asks a process to read its configuration again.
    static final SharedSignals RELOAD = new SharedSignals(List.of("HUP"), "reload the configuration");

    private final List<String> names;
    private final String purpose;
    private final Object lock = new Object();
    /// How often each listener has been added. Guarded by lock.
    private final Map<Runnable, Integer> listeners = new LinkedHashMap<>();
    /// What handled each signal before. Guarded by lock.
    private final Map<String, Object> previous = new LinkedHashMap<>();

    private SharedSignals(List<String> names, String purpose) {
        this.names = names;
        this.purpose = purpose;
    }

    /// Calls the listener once for each signal from now on, on a thread of its own.
    void add(Runnable listener) {
        synchronized (lock) {
            listeners.merge(listener, 1, Integer::sum);
            if (previous.isEmpty()) {
                names.forEach(this::handle);
            }
        }
    }

    /// Takes back one [#add].
    void remove(Runnable listener) {
        synchronized (lock) {
            listeners.computeIfPresent(listener, (_, count) -> count == 1 ? null : count - 1);
            if (listeners.isEmpty()) {
                previous.forEach(JvmSignal::restore);
                previous.clear();
            }
        }
    }

    private void handle(String name) {
        try {
            previous.put(name, JvmSignal.handle(name, this::arrived));
        } catch (IllegalArgumentException e) {
            System.getLogger(Engine.class.getName())
                    .log(System.Logger.Level.WARNING, "SIG" + name + " will not " + purpose + ": " + e.getMessage());
        }
    }

    private void arrived() {
        List<Runnable> told;
        synchronized (lock) {
            told = List.copyOf(listeners.keySet());
        }
        told.forEach(Runnable::run);
    }
}
