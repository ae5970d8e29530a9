package dev.myrmidon.engine.internal.config;

/// A value that holds, and where to point when something is to be said about it.
///
/// @param place where the value was given; where its section starts if it wasn't
/// @param given false if the file leaves it out or gives something unusable, so that the default holds
record Setting<T>(T value, Place place, boolean given) {}
