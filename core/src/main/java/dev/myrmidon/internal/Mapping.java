package dev.myrmidon.internal;

import dev.myrmidon.ThrowingFunction;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// One item of a batch, and what is done with it.
record Mapping<T extends @Nullable Object, R extends @Nullable Object>(
        ThrowingFunction<? super T, ? extends R> function, T item) implements Callable<R> {
    @Override
    public R call() throws Exception {
        return function.apply(item);
    }
}
