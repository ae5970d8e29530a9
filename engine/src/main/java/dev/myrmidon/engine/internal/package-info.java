/// The engine behind its interface: its configuration and how that changes, and the signals that it answers. Never
/// exported.
@NullMarked
package dev.myrmidon.engine.internal;

import org.jspecify.annotations.NullMarked;
