package dev.myrmidon.internal;

/// The task that does nothing, so that only what is around it is measured.
final class Nothing {
    private Nothing() {}

    static void doIt() {}
}
