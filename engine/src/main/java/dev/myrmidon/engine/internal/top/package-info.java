/// `myrmidon top`: the pools of an engine, live at a terminal.
@NullMarked
package dev.myrmidon.engine.internal.top;

import org.jspecify.annotations.NullMarked;
