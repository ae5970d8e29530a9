package dev.myrmidon.engine.internal.top;

import java.util.List;

/// Something that changes what is seen.
sealed interface Event {
    record Hit(Key key) implements Event {}

    record Looked(Snapshot snapshot) implements Event {}

    record Lost(String why) implements Event {}

    /// A change that was made, or refused.
    record Answered(String text, boolean bad) implements Event {}

    record Inspected(List<String> lines) implements Event {}

    /// The terminal has another size.
    record Resized() implements Event {}

    /// The process goes on after a stop.
    record Continued() implements Event {}

    /// A thread failed as it never should.
    record Broken(Throwable cause) implements Event {}
}
