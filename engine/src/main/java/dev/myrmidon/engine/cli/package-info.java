/// The command line: `myrmidon` and its commands. Never exported; [Main] is the way in.
@NullMarked
package dev.myrmidon.engine.cli;

import org.jspecify.annotations.NullMarked;
