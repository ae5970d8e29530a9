package dev.myrmidon.engine.internal.config;

import java.util.Comparator;

/// A place in the text.
///
/// @param line from 1
/// @param column from 1, in characters (code points); a tab is one
record Place(int line, int column) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

    static final Place START = new Place(1, 1);

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
