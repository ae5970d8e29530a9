package dev.myrmidon.internal;

import dev.myrmidon.TaskFunction;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// One call of a function pool's function.
///
/// @param <T> the type of the argument
public record Invocation<T>(TaskFunction<? super T> function, T argument)
        implements Runnable, Callable<@Nullable Void> {
    @Override
    public void run() {
        try {
            function.apply(argument);
        } catch (Exception e) {
            throw Invocation.<RuntimeException>unchecked(e);
        }
    }

    @Override
    public @Nullable Void call() throws Exception {
        function.apply(argument);
        return null;
    }

    /// Lets a checked exception, or an error, through `run`, so that the failure handler gets it as it
    /// was thrown.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type argument only misleads javac
    static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }
}
