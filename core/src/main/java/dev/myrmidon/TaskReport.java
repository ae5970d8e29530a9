package dev.myrmidon;

import java.time.Duration;
import java.util.List;

/// A task of a pool that was closed.
///
/// @param name the name of the pool, a slash, and the task's own or the class of its code
/// @param age how long ago it was submitted; for a task given to `execute` in a pool that keeps no times of
///     those, how long ago at least: it was there when the closing began
/// @param stack where its code is, the innermost call first, if it runs; tasks that run inside one another
///     have one stack
public record TaskReport(String name, Duration age, List<StackTraceElement> stack) {

    /// Copies the list.
    public TaskReport {
        stack = List.copyOf(stack);
    }

    /// {@return the name, the age in milliseconds, and the innermost call outside the JDK, as one line}
    @Override
    public String toString() {
        String what = name + " " + age.toMillis() + "ms";
        return stack.stream()
                .filter(call -> !call.getClassName().startsWith("java.")
                        && !call.getClassName().startsWith("jdk."))
                .findFirst()
                .map(call -> what + " at " + call)
                .orElse(what);
    }
}
