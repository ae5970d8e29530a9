package dev.myrmidon.bench;

import org.jspecify.annotations.Nullable;

/// What a child says at its end: one of the two.
///
/// @param measured what it measured
/// @param failure why it couldn't, in words for the table
record ChildReport(@Nullable Measurement measured, @Nullable String failure) {
    static ChildReport failed(String why) {
        return new ChildReport(null, why);
    }
}
