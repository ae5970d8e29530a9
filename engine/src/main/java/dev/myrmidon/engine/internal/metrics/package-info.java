/// The metrics of an engine: for who asks for them, and to where they are sent.
@NullMarked
package dev.myrmidon.engine.internal.metrics;

import org.jspecify.annotations.NullMarked;
