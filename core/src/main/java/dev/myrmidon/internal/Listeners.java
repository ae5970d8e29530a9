package dev.myrmidon.internal;

import dev.myrmidon.PoolEvent;
import dev.myrmidon.PoolListener;
import java.util.List;

/// Tells a pool's listeners, and lets none of them do harm.
final class Listeners {
    private final String poolName;
    private final List<PoolListener> listeners;

    Listeners(String poolName, List<PoolListener> listeners) {
        this.poolName = poolName;
        this.listeners = listeners;
    }

    /// Tells each of them. Throws nothing. Called under no lock.
    void tell(PoolEvent event) {
        for (PoolListener listener : listeners) {
            try {
                listener.onEvent(event);
            } catch (Throwable failure) {
                TaskRunner.log("a listener of " + poolName + " failed at " + event, failure);
            }
        }
    }
}
