/// The pool's parts: gate, ring, workers and lifecycle. Never exported; ARCHITECTURE.md gives the reading
/// order.
@NullMarked
package dev.myrmidon.internal;

import org.jspecify.annotations.NullMarked;
