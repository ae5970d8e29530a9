/// Pools of virtual threads with a bound, backpressure, numbers and an orderly end.
///
/// Start at [Pool]; [FunctionPool] applies one function to many arguments.
@NullMarked
package dev.myrmidon;

import org.jspecify.annotations.NullMarked;
