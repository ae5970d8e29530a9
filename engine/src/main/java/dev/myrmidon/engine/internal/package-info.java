/// The engine behind its interface: its pools, the signals that stop it, and the drain. Never exported.
@NullMarked
package dev.myrmidon.engine.internal;

import org.jspecify.annotations.NullMarked;
