package dev.myrmidon.engine.internal.config;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A piece of YAML with the place where it starts. There are four shapes of it.
sealed interface Node {
    Place place();

    /// What stands in no file: null, a boolean, a number, a text, a list, or a map of texts to such values.
    static Node of(@Nullable Object value) {
        return switch (value) {
            case null -> new Scalar(Place.START, Kind.NOTHING, "null");
            case Boolean flag -> new Scalar(Place.START, Kind.BOOLEAN, flag.toString());
            case Integer number -> new Scalar(Place.START, Kind.INTEGER, number.toString());
            case BigInteger number -> new Scalar(Place.START, Kind.INTEGER, number.toString());
            case Double number
            when Double.isFinite(number) ->
                new Scalar(Place.START, Kind.FLOAT, BigDecimal.valueOf(number).toPlainString());
            case Number number -> new Scalar(Place.START, Kind.FLOAT, number.toString());
            case Map<?, ?> map -> {
                List<Entry> entries = new ArrayList<>();
                map.forEach((key, own) -> entries.add(new Entry(String.valueOf(key), Place.START, of(own))));
                yield new Mapping(Place.START, List.copyOf(entries));
            }
            case List<?> _ -> new Sequence(Place.START);
            default -> new Scalar(Place.START, Kind.STRING, value.toString());
        };
    }

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
