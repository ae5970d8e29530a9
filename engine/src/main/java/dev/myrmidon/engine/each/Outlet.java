package dev.myrmidon.engine.each;

import java.io.IOException;

/// Where outcomes go. Used by one thread.
@FunctionalInterface
interface Outlet {
    /// Takes the outcome; whatever files it has are the outlet's from here on.
    void accept(Outcome outcome) throws IOException;
}
