package dev.myrmidon.engine.internal.config;

import java.util.List;

/// A piece of YAML with the place where it starts. There are four shapes of it.
sealed interface Node {
    Place place();

    /// Keys and values, each key once.
    record Mapping(Place place, List<Entry> entries) implements Node {}

    /// A list. Nothing in a configuration is one, so what it contains isn't kept.
    record Sequence(Place place) implements Node {}

    /// A single value.
    ///
    /// @param text as it stands in the file, without quotes
    record Scalar(Place place, Kind kind, String text) implements Node {}

    /// Something that was reported as a mistake already; nothing more is to be said about it.
    record Unusable(Place place) implements Node {}

    /// A key and its value.
    record Entry(String key, Place keyPlace, Node value) {}

    /// What YAML takes a value for. Whatever is in quotes is a string.
    enum Kind {
        NOTHING,
        BOOLEAN,
        INTEGER,
        FLOAT,
        STRING
    }
}
