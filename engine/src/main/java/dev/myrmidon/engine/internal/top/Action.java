package dev.myrmidon.engine.internal.top;

/// What a key asks for beyond the view.
sealed interface Action {
    /// Nothing.
    record None() implements Action {}

    /// Ends.
    ///
    /// @param exit the exit code
    record Quit(int exit) implements Action {}

    /// Stops the process for now.
    record Suspend() implements Action {}

    /// Draws all again.
    record Redraw() implements Action {}

    /// Looks at the engine now.
    record Look() implements Action {}

    /// Asks about one task.
    record Inspect(String pool, long id) implements Action {}

    /// Sets a capacity.
    record Resize(String pool, int capacity) implements Action {}

    /// Pauses or resumes.
    record Pause(String pool, boolean paused) implements Action {}

    /// Cancels a task.
    record Cancel(String pool, long id) implements Action {}
}
