package dev.myrmidon.internal;

import dev.myrmidon.Batch;
import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.TaskOutcome;
import dev.myrmidon.TasksFailedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Spliterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The one kind of batch there is: what is to be done, and that it is done once.
///
/// @param <T> the type of the items
/// @param <R> the type of what is delivered: results, or outcomes of tasks
/// @param window 0 for what goes with the pool's capacity
/// @param started shared by all copies
public record DefaultBatch<T extends @Nullable Object, R extends @Nullable Object>(
        DefaultPool pool,
        Iterable<? extends T> items,
        Function<? super T, ? extends Callable<?>> code,
        Function<? super T, TaskOptions> options,
        int window,
        boolean failsFast,
        boolean deliversOutcomes,
        AtomicBoolean started)
        implements Batch<R> {

    /// A batch with its defaults.
    ///
    /// @param code makes the code of a task
    public static <T extends @Nullable Object, R extends @Nullable Object> DefaultBatch<T, R> of(
            Pool pool,
            Iterable<? extends T> items,
            Function<? super T, ? extends Callable<? extends R>> code,
            Function<? super T, TaskOptions> options) {
        Objects.requireNonNull(items, "items");
        Objects.requireNonNull(options, "options");
        DefaultPool own = switch (pool) {
            case DefaultPool it -> it;
        };
        return new DefaultBatch<>(own, items, code, options, 0, false, false, new AtomicBoolean());
    }

    @Override
    public Batch<R> window(int window) {
        if (window < 1) {
            throw new IllegalArgumentException("window must be at least 1, was " + window);
        }
        return new DefaultBatch<>(pool, items, code, options, window, failsFast, deliversOutcomes, started);
    }

    @Override
    public Batch<R> failFast() {
        return new DefaultBatch<>(pool, items, code, options, window, true, deliversOutcomes, started);
    }

    @Override
    public Batch<R> options(TaskOptions options) {
        Objects.requireNonNull(options, "options");
        return new DefaultBatch<>(pool, items, code, _ -> options, window, failsFast, deliversOutcomes, started);
    }

    @Override
    public Batch<TaskOutcome<R>> outcomes() {
        return new DefaultBatch<>(pool, items, code, options, window, failsFast, true, started);
    }

    @Override
    public List<R> toList() throws InterruptedException {
        begin();
        BatchRun<T, ?> run = run(BatchRun.Reading.ALL);
        List<@Nullable R> results = new ArrayList<>();
        for (MemberTask<?> task = run.next(); task != null; task = run.next()) {
            while (results.size() <= task.index()) {
                results.add(null);
            }
            if (delivers(task)) {
                results.set((int) task.index(), delivered(task));
            }
        }
        throwFailures(run);
        return asList(results);
    }

    @Override
    public Stream<R> stream() {
        return stream(BatchRun.Reading.IN_ORDER);
    }

    @Override
    public Stream<R> streamAsCompleted() {
        return stream(BatchRun.Reading.AS_COMPLETED);
    }

    private Stream<R> stream(BatchRun.Reading reading) {
        begin();
        Reader reader = new Reader(reading);
        return StreamSupport.stream(reader, false).onClose(reader::close);
    }

    private void begin() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("the batch has run already, and runs once: make another one");
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // the results of the tasks have a type that nobody names
    private BatchRun<T, ?> run(BatchRun.Reading reading) {
        return new BatchRun<>(
                pool,
                Objects.requireNonNull(items.iterator(), "iterator of the items"),
                (Function) code,
                options,
                window,
                failsFast,
                reading);
    }

    private boolean delivers(MemberTask<?> task) {
        return deliversOutcomes || task.state() == Future.State.SUCCESS;
    }

    @SuppressWarnings("unchecked") // R is the type of outcomes, or of results
    private R delivered(MemberTask<?> task) {
        return (R) (deliversOutcomes ? task.outcome().orElseThrow() : task.resultNow());
    }

    private void throwFailures(BatchRun<T, ?> run) {
        TasksFailedException failures = deliversOutcomes ? null : run.failures();
        if (failures != null) {
            throw failures;
        }
    }

    @SuppressWarnings("NullAway") // there are no gaps in it, and a null that R doesn't allow isn't there
    private static <R extends @Nullable Object> List<R> asList(List<@Nullable R> results) {
        return Collections.unmodifiableList(results);
    }

    /// What a stream reads from.
    private final class Reader implements Spliterator<R> {
        private final BatchRun.Reading reading;
        private @Nullable BatchRun<T, ?> run;
        private boolean isOver;

        Reader(BatchRun.Reading reading) {
            this.reading = reading;
        }

        @Override
        public boolean tryAdvance(Consumer<? super R> action) {
            MemberTask<?> task = isOver ? null : next();
            if (task == null) {
                return false;
            }
            action.accept(delivered(task));
            return true;
        }

        /// The next one to deliver; null if there is none.
        private @Nullable MemberTask<?> next() {
            boolean succeeds = false;
            try {
                BatchRun<T, ?> current = run == null ? run(reading) : run;
                run = current;
                MemberTask<?> task = current.next();
                while (task != null && !(delivers(task) && (deliversOutcomes || !current.hasFailed()))) {
                    task = current.next();
                }
                if (task == null) {
                    isOver = true;
                    throwFailures(current);
                }
                succeeds = true;
                return task;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                CancellationException cancelled =
                        new CancellationException(pool.name() + ": the reader of a batch was interrupted");
                cancelled.initCause(e);
                throw cancelled;
            } finally {
                isOver |= !succeeds;
            }
        }

        void close() {
            isOver = true;
            if (run != null) {
                run.cancel();
            }
        }

        /// Nothing to split: items are read one after the other.
        @Override
        public @Nullable Spliterator<R> trySplit() {
            return null;
        }

        @Override
        public long estimateSize() {
            return Long.MAX_VALUE;
        }

        @Override
        public int characteristics() {
            return reading == BatchRun.Reading.IN_ORDER ? ORDERED : 0;
        }
    }
}
