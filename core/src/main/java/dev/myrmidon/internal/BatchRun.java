package dev.myrmidon.internal;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TasksFailedException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A batch under way: pulls items, submits their tasks, and gives them back when they have ended.
///
/// Used by one thread at a time; the tasks end on others.
///
/// @param <T> the type of the items
/// @param <R> the type of their tasks' results
final class BatchRun<T extends @Nullable Object, R extends @Nullable Object> {
    /// The window in an unbounded pool: what runs at once there is the batch's own affair, and some
    /// bound there must be.
    private static final int UNBOUNDED_WINDOW = 10_000;

    private final DefaultPool pool;
    private final Iterator<? extends T> items;
    private final Function<? super T, ? extends Callable<R>> code;
    private final Function<? super T, TaskOptions> options;
    private final int window;
    private final TaskSet set;

    private final Reading reading;

    /// In the order of the items the tasks that were not taken yet; otherwise some of those that have ended.
    private final Queue<MemberTask<?>> next = new ArrayDeque<>();

    private long pulled;

    /// How many were pulled and not taken yet.
    private int held;

    private boolean isExhausted;

    /// How the tasks are taken.
    enum Reading {
        /// In any order, and none before the window is full or all items are pulled: so the caller isn't woken
        /// for each that ends, only for room.
        ALL,
        /// In the order of the items, each as soon as it may be.
        IN_ORDER,
        /// As they end.
        AS_COMPLETED
    }

    /// @param window the most tasks that were pulled and not taken; 0 for what goes with the pool's
    ///     capacity
    BatchRun(
            DefaultPool pool,
            Iterator<? extends T> items,
            Function<? super T, ? extends Callable<R>> code,
            Function<? super T, TaskOptions> options,
            int window,
            boolean failsFast,
            Reading reading) {
        this.pool = pool;
        this.items = items;
        this.code = code;
        this.options = options;
        this.window = window;
        this.reading = reading;
        this.set = new TaskSet(pool, reading != Reading.IN_ORDER);
        if (failsFast) {
            set.failFast();
        }
    }

    /// Waits for the next task that has ended, and pulls items while there is room. Whatever it throws
    /// ends the batch.
    ///
    /// @return null if there is no other
    @Nullable
    MemberTask<R> next() throws InterruptedException {
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            pull();
            while (held > 0 && !isAnyReady()) {
                set.await(this::isAnyReady, true, Long.MAX_VALUE);
            }
            return held == 0 ? null : take();
        } catch (Throwable e) {
            cancel();
            throw e;
        }
    }

    /// True if a task failed and the batch fails fast.
    boolean hasFailed() {
        return set.hasFailed();
    }

    /// What failed; null if nothing did. To be asked once, when there is no other task.
    @Nullable
    TasksFailedException failures() {
        return set.takeFailures();
    }

    /// Cancels what is under way and pulls no more.
    void cancel() {
        isExhausted = true;
        set.close();
    }

    private void pull() throws InterruptedException {
        while (!isExhausted && held < window()) {
            if (reading != Reading.ALL && isAnyReady() && !pool.hasRoom()) {
                return;
            }
            if (set.isStopped() || !items.hasNext()) {
                isExhausted = true;
                return;
            }
            T item = items.next();
            MemberTask<R> task = new MemberTask<>(set, code.apply(item), options.apply(item), pulled++);
            if (!set.add(task)) {
                isExhausted = true;
                return;
            }
            held++;
            if (reading == Reading.IN_ORDER) {
                next.add(task);
            }
            submit(task);
        }
    }

    private void submit(MemberTask<R> task) throws InterruptedException {
        for (; ; ) {
            int others = set.underWay() - 1; // before the try: one that ends meanwhile makes room
            try {
                pool.intake().admitPatiently(task);
                return;
            } catch (RejectedExecutionException refusal) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (!(refusal instanceof PoolSaturatedException) || others <= 0) {
                    task.refuse(refusal);
                    isExhausted = true;
                    return;
                }
                set.await(() -> set.underWay() - 1 < others, true, Long.MAX_VALUE);
            }
        }
    }

    private boolean isAnyReady() {
        MemberTask<?> head = next.peek();
        if (reading == Reading.IN_ORDER) {
            return head != null && head.isCounted();
        }
        return head != null || set.takeEnded(next);
    }

    @SuppressWarnings("unchecked") // the set has no other tasks
    private MemberTask<R> take() {
        held--;
        return (MemberTask<R>) next.remove();
    }

    private int window() {
        if (window > 0) {
            return window;
        }
        int capacity = pool.capacity();
        return capacity == Pool.UNBOUNDED ? UNBOUNDED_WINDOW : (int) Math.min(2L * capacity, Integer.MAX_VALUE);
    }
}
