package dev.myrmidon.bench;

import java.util.List;

/// All there is to say about a run of the command.
///
/// @param machine where it was
/// @param command how to do it again
/// @param date when it began
/// @param rows one for each executor
record Results(Machine machine, String command, String date, List<Row> rows) {}
