package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOutcome;
import dev.myrmidon.TasksFailedException;
import java.util.List;

/// Applies a function to many items, and gets the results in the order of the items.
///
/// Use it when the items are there, or an iterator of them. It pulls the next item when there is room
/// for it, so an input without end runs in flat memory. A failure doesn't stop the others: the exception
/// tells of all of them, and `outcomes()` gives each in its place instead.
final class MapItems {
    static void main() throws InterruptedException {
        try (Pool pool = Pool.builder("parse").capacity(2).build()) {
            IO.println(pool.map(List.of("1", "2", "3"), Integer::parseInt).toList());

            List<String> someWrong = List.of("1", "two", "3", "");
            try {
                pool.map(someWrong, Integer::parseInt).toList();
            } catch (TasksFailedException e) {
                IO.println(e.completed() + " parsed, " + e.failed() + " failed");
            }
            for (TaskOutcome<Integer> outcome :
                    pool.map(someWrong, Integer::parseInt).outcomes().toList()) {
                IO.println(
                        switch (outcome) {
                            case TaskOutcome.Completed(var number) -> "number " + number;
                            case TaskOutcome.Failed(var cause) -> "error: " + cause.getMessage();
                            case TaskOutcome.TimedOut<?> _, TaskOutcome.Cancelled<?> _, TaskOutcome.Shed<?> _ ->
                                "something that can't happen here";
                        });
            }
        }
    }
}
