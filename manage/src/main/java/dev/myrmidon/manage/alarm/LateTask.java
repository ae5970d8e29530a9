package dev.myrmidon.manage.alarm;

import dev.myrmidon.RunningTask;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A task that runs too long, when an alarm looked.
///
/// @param name its name, or the class of its code
/// @param thread the name of the thread that runs it
/// @param elapsed how long it has run
/// @param stack where its code was, the innermost call first; empty if it had ended meanwhile
public record LateTask(String name, String thread, Duration elapsed, List<StackTraceElement> stack) {

    /// Copies the stack.
    public LateTask {
        stack = List.copyOf(stack);
    }

    /// Those that have run for longest, first; stacks are read of these only.
    static List<LateTask> longest(Stream<RunningTask> tasks, int most) {
        return tasks.map(task ->
                        new Aged(task.elapsed().orElse(Duration.ZERO), task)) // before they are sorted, for it grows
                .sorted(Comparator.comparing(Aged::elapsed).reversed())
                .limit(most)
                .map(aged -> new LateTask(
                        aged.task().name(),
                        aged.task().thread(),
                        aged.elapsed(),
                        aged.task().stack()))
                .toList();
    }

    private record Aged(Duration elapsed, RunningTask task) {}
}
