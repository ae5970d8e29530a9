/// Pools from a configuration file, and their life: opened together, drained together.
///
/// Start at [Engine].
@NullMarked
package dev.myrmidon.engine;

import org.jspecify.annotations.NullMarked;
