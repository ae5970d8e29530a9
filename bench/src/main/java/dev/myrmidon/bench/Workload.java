package dev.myrmidon.bench;

import java.util.List;

/// What each executor is given to do, the same for all.
///
/// @param measure what is looked at
/// @param work what one task does
/// @param spinRounds how many rounds of [Spin] the work is, if it is spinning
/// @param tasks how many tasks are measured
/// @param warmUp how many run before, in the same JVM on the same executor
/// @param capacity the most tasks that run at once
/// @param submitters threads that submit
/// @param virtual whether these are virtual
/// @param limitSeconds after this time a run counts as stalled
record Workload(
        Measure measure,
        Work work,
        long spinRounds,
        int tasks,
        int warmUp,
        int capacity,
        int submitters,
        boolean virtual,
        int limitSeconds) {

    enum Measure {
        /// How many tasks are done in a second.
        THROUGHPUT,
        /// How long it takes from the submission of a task to its start while nothing else is going on.
        START,
        /// How long submitters wait for room, besides the throughput.
        WAIT
    }

    /// As arguments for [Child]. Words and not JSON, since a library for that would count in the child's memory.
    List<String> toArguments() {
        return List.of(
                measure.name(),
                work.toString(),
                Long.toString(spinRounds),
                Integer.toString(tasks),
                Integer.toString(warmUp),
                Integer.toString(capacity),
                Integer.toString(submitters),
                Boolean.toString(virtual),
                Integer.toString(limitSeconds));
    }

    /// Reads what [#toArguments()] wrote.
    static Workload fromArguments(List<String> arguments) {
        return new Workload(
                Measure.valueOf(arguments.get(0)),
                Work.parse(arguments.get(1)),
                Long.parseLong(arguments.get(2)),
                Integer.parseInt(arguments.get(3)),
                Integer.parseInt(arguments.get(4)),
                Integer.parseInt(arguments.get(5)),
                Integer.parseInt(arguments.get(6)),
                Boolean.parseBoolean(arguments.get(7)),
                Integer.parseInt(arguments.get(8)));
    }
}
