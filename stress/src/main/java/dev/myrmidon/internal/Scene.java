package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskFailureHandler;
import dev.myrmidon.TaskOptions;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The parts of a pool, put together as [DefaultPool] does it, for two actors to race on.
///
/// Threads that the workers ask for are counted and never run: whoever plays a worker is an actor.
final class Scene {
    /// Much longer than any of the races takes, and short enough that a run with a lost wake-up ends: what
    /// takes this long was woken by nobody.
    static final long LATE_NANOS = 30_000_000_000L;

    private static final DefaultPool OWNER =
            new DefaultPool(Pool.builder("owner").capacity(1).config());

    final Books books = new Books();
    final Ring ring = new Ring();
    /// How often the gate said that nothing is left of a closed pool's tasks.
    final AtomicInteger drained = new AtomicInteger();
    /// How many threads the workers have started.
    final AtomicInteger started = new AtomicInteger();

    final Gate gate;
    final TaskRunner runner = new TaskRunner("race", TaskFailureHandler.LOG, null);

    Scene(int capacity, int queueCapacity) {
        gate = new Gate(capacity, queueCapacity, Pool.UNBOUNDED, ring, books, drained::incrementAndGet);
    }

    /// Takes that many slots.
    Scene held(int slots) {
        for (int i = 0; i < slots; i++) {
            if (!gate.tryEnter()) {
                throw new IllegalStateException("no slot free");
            }
        }
        return this;
    }

    /// Workers whose threads only count themselves.
    Workers workers(long expiryNanos) {
        ThreadFactory counting = _ -> new Thread() {
            @Override
            public void start() {
                started.incrementAndGet();
            }
        };
        return new Workers(gate, ring, runner, books, counting, expiryNanos, false, () -> {});
    }

    int running() {
        return gate.numbers().running();
    }

    /// A future of some pool.
    static SubmittedTask<Integer> future(Callable<Integer> code) {
        return new SubmittedTask<>(OWNER, code, TaskOptions.NONE);
    }

    /// A future whose result is 1.
    static SubmittedTask<Integer> future() {
        return future(() -> 1);
    }

    /// A task, told from others by its name. Serializable, as jcstress wants what it collects to be.
    record Named(String name) implements Runnable, Serializable {
        @Override
        public void run() {}

        @Override
        public String toString() {
            return name;
        }
    }

    /// The names of tasks, in their order.
    static String names(Iterable<? extends @Nullable Object> tasks) {
        StringBuilder names = new StringBuilder();
        tasks.forEach(names::append);
        return names.toString();
    }
}
