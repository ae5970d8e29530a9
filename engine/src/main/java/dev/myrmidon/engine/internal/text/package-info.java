/// Text for terminals: tables, units, and what a terminal must not get.
@NullMarked
package dev.myrmidon.engine.internal.text;

import org.jspecify.annotations.NullMarked;
