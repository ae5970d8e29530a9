/// Whole-process comparisons of the pool with what one would use instead.
///
/// [Main] reads the command line, [Rounds] lets the executors take turns, each time in a JVM of its own whose `main` is
/// [Child], and [Results] is what comes out.
@NullMarked
package dev.myrmidon.bench;

import org.jspecify.annotations.NullMarked;
