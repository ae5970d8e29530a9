package dev.myrmidon.internal;

import dev.myrmidon.TaskFunction;

/// One call of a function pool's function.
///
/// @param <T> the type of the argument
public record Invocation<T>(TaskFunction<? super T> function, T argument) implements Runnable {
    @Override
    public void run() {
        try {
            function.apply(argument);
        } catch (Exception e) {
            throw Invocation.<RuntimeException>unchecked(e);
        }
    }

    /// Lets a checked exception through `run`, so that the failure handler gets it as it was thrown.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type argument only misleads javac
    static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }
}
