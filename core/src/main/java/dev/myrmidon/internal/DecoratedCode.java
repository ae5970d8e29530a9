package dev.myrmidon.internal;

import dev.myrmidon.TaskDecorator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The code of a task, with what the pool's decorators put around it. What the code throws and what the
/// decorators throw are kept apart, since these must not see the former.
///
/// A task that is executed again and again has one for all executions, one after the other.
final class DecoratedCode implements Callable<@Nullable Object> {
    private final Object code;
    private final Runnable decorated;

    /// Of one execution.
    private boolean called;

    private @Nullable Object result;
    private @Nullable Throwable failure;

    /// Asks the decorators.
    ///
    /// @param callable what to run
    /// @param code what the user gave, a `Callable` or a `Runnable`
    DecoratedCode(Callable<?> callable, Object code, List<TaskDecorator> decorators) {
        this.code = code;
        Runnable inner = () -> call(callable);
        for (TaskDecorator decorator : decorators.reversed()) {
            inner = decorator.decorate(inner);
            if (inner == null) {
                throw new NullPointerException("a decorator returned null: " + TaskRunner.className(decorator));
            }
        }
        this.decorated = inner;
    }

    /// What the user gave.
    Object code() {
        return code;
    }

    @Override
    public @Nullable Object call() throws Exception {
        called = false;
        result = null;
        failure = null;
        try {
            decorated.run();
        } catch (Throwable ofDecorator) {
            if (failure != null && !failure.equals(ofDecorator)) {
                failure.addSuppressed(ofDecorator); // the task's own says more
            } else {
                failure = ofDecorator;
            }
        }
        if (failure != null) {
            throw Invocation.<RuntimeException>unchecked(failure);
        }
        if (!called) {
            throw new IllegalStateException("a decorator did not call the task");
        }
        return result;
    }

    private void call(Callable<?> callable) {
        if (called) {
            throw new IllegalStateException("a decorator called the task a second time");
        }
        called = true;
        try {
            result = callable.call();
        } catch (Throwable thrown) {
            failure = thrown;
        }
    }
}
