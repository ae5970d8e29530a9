package dev.myrmidon.internal;

import dev.myrmidon.TaskDecorator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The code of a task, with what the pool's decorators put around it.
final class DecoratedCode implements Callable<@Nullable Object> {
    private final Object code;
    private final Runnable decorated;
    private boolean ran;
    private @Nullable Object result;
    private @Nullable Throwable failure;

    /// Asks the decorators.
    ///
    /// @param code a `Callable` or a `Runnable`
    DecoratedCode(Callable<?> code, Object named, List<TaskDecorator> decorators) {
        this.code = named;
        Runnable inner = () -> call(code);
        for (TaskDecorator decorator : decorators.reversed()) {
            inner = Objects.requireNonNull(decorator.decorate(inner), "a decorator returned null");
        }
        this.decorated = inner;
    }

    /// What the user gave.
    Object code() {
        return code;
    }

    @Override
    public @Nullable Object call() throws Exception {
        decorated.run();
        if (!ran) {
            throw new IllegalStateException("a decorator did not call the task");
        }
        if (failure != null) {
            throw Invocation.<RuntimeException>unchecked(failure);
        }
        return result;
    }

    private void call(Callable<?> inner) {
        ran = true;
        try {
            result = inner.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }
}
