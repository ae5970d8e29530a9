package dev.myrmidon.internal;

import java.util.concurrent.atomic.LongAdder;

/// What a pool has counted since it was opened. `accepted + rejected` is what was submitted, and each
/// accepted task ends up in exactly one of completed, failed and cancelled.
///
/// An acceptance is counted before any worker can see the task, and an end before the slot or the place in
/// the queue comes back, so that the books of an idle pool are exact. A task that its submitter runs itself
/// has neither: it is counted as accepted when it has ended.
final class Books {
    final LongAdder accepted = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder nested = new LongAdder();

    /// The ends that no worker has counted for itself: see [Worker].
    final LongAdder completed = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder cancelled = new LongAdder();

    /// Those of `failed`, and those of `cancelled`, that ended in these ways.
    final LongAdder timedOut = new LongAdder();

    final LongAdder shed = new LongAdder();

    /// Tasks that ran into their deadline; each is counted as timed out when its code has returned.
    final LongAdder deadlinesPassed = new LongAdder();

    /// Counts the end of one accepted task.
    void ended(Outcome outcome) {
        ended(outcome, 1);
    }

    /// Counts the ends of several accepted tasks.
    void ended(Outcome outcome, long tasks) {
        switch (outcome) {
            case COMPLETED -> completed.add(tasks);
            case FAILED -> failed.add(tasks);
            case TIMED_OUT -> {
                failed.add(tasks);
                timedOut.add(tasks);
            }
            case CANCELLED -> cancelled.add(tasks);
            case SHED -> {
                cancelled.add(tasks);
                shed.add(tasks);
            }
        }
    }
}
