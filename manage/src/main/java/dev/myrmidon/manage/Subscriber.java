package dev.myrmidon.manage;

import dev.myrmidon.Pool;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A [RegistryListener] and what it has still to be told, which is put down under the registry's lock and told under
/// none, by one thread at a time.
final class Subscriber {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");

    final RegistryListener listener;
    private final Queue<Runnable> untold = new ConcurrentLinkedQueue<>();
    /// How often somebody came to tell since it was last 0. Whoever makes it 1 tells, for the others too.
    private final AtomicInteger callers = new AtomicInteger();
    private volatile boolean silenced;

    Subscriber(RegistryListener listener) {
        this.listener = listener;
    }

    void putCreated(Pool pool) {
        untold.add(() -> listener.created(pool));
    }

    void putDestroyed(Pool pool) {
        untold.add(() -> listener.destroyed(pool));
    }

    /// Nothing more is told.
    void silence() {
        silenced = true;
    }

    /// Tells what has been put down, unless another thread is at it, which then goes on with it.
    void tell() {
        if (callers.getAndIncrement() != 0) {
            return;
        }
        int answered = 1;
        do {
            for (Runnable next = untold.poll(); next != null; next = untold.poll()) {
                run(next);
            }
            answered = callers.addAndGet(-answered);
        } while (answered != 0);
    }

    private void run(Runnable telling) {
        if (silenced) {
            return;
        }
        try {
            telling.run();
        } catch (Throwable failure) {
            log(failure);
        }
    }

    /// What goes out of here keeps everybody else from telling.
    private static void log(Throwable failure) {
        try {
            LOG.log(System.Logger.Level.ERROR, "a listener of a registry failed", failure);
        } catch (Throwable notEvenThat) {
            // such as no memory to log that there is none
        }
    }
}
