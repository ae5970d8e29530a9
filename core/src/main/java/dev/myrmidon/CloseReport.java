package dev.myrmidon;

import java.time.Duration;
import java.util.List;

/// What became of a pool's tasks when it was closed.
///
/// @param name the pool's name
/// @param elapsed how long closing took
/// @param completed tasks that returned while the pool closed
/// @param failed tasks that threw while the pool closed
/// @param cancelled tasks cancelled while the pool closed, those that never started among them
/// @param neverStarted the tasks that were accepted and dropped at the deadline, oldest first, then the
///     [delayed][Pool#scheduler()] ones, not periodic, that the pool had not accepted when it was closed;
///     these count nowhere else
/// @param interrupted the tasks that ran at the deadline and were interrupted, and where they were
/// @param stillRunning those among them that ran on, and where they are now
public record CloseReport(
        String name,
        Duration elapsed,
        long completed,
        long failed,
        long cancelled,
        List<TaskReport> neverStarted,
        List<TaskReport> interrupted,
        List<TaskReport> stillRunning) {

    /// Copies the lists.
    public CloseReport {
        neverStarted = List.copyOf(neverStarted);
        interrupted = List.copyOf(interrupted);
        stillRunning = List.copyOf(stillRunning);
    }

    /// {@return true if every task ended by itself: none was interrupted or dropped by the close}
    public boolean clean() {
        return neverStarted.isEmpty() && interrupted.isEmpty();
    }
}
