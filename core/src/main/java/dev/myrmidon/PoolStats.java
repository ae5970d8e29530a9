package dev.myrmidon;

/// The numbers of a pool at one moment; how exact they are is said at [Pool#stats()].
///
/// The books balance: `submitted = rejected + completed + failed + cancelled + running + queued`, whenever
/// no submission and no end of a task is under way, and after close.
///
/// @param name the pool's name
/// @param state where the pool stands between open and closed
/// @param capacity the most tasks that may run at once, or [Pool#UNBOUNDED]
/// @param running slots held: tasks that run, and tasks handed to a worker that is starting. Never more
///     than the capacity, but for what ran before a shrink
/// @param queueCapacity the most tasks that may be queued, or [Pool#UNBOUNDED]
/// @param queued tasks accepted that have no slot yet. Can exceed the queue's capacity only by tasks that
///     had a slot and were not started when the pool shrank, and after the queue's capacity was lowered
/// @param waiting submitters that wait for room; their tasks count nowhere else yet
/// @param workers virtual threads of the pool, the idle ones too
/// @param idleWorkers workers that wait for a task
/// @param submitted tasks accepted or refused since the pool was opened
/// @param rejected tasks refused: no room, closed, or the submitter gave up waiting
/// @param completed tasks that returned
/// @param failed tasks that threw
/// @param cancelled tasks cancelled, dropped or taken back before they ended by themselves
/// @param nested those of completed, failed and cancelled that ran inside another task of the pool, on its
///     slot
/// @param timedOut those of failed that ran longer than their timeout
/// @param shed those of cancelled that were dropped before they started, to make room or because they did
///     not start in time
/// @param overdue tasks that have timed out and run on: they hold their slots and count as running
public record PoolStats(
        String name,
        State state,
        int capacity,
        int running,
        int queueCapacity,
        int queued,
        int waiting,
        int workers,
        int idleWorkers,
        long submitted,
        long rejected,
        long completed,
        long failed,
        long cancelled,
        long nested,
        long timedOut,
        long shed,
        int overdue) {

    /// Where a pool stands. It moves one way only.
    public enum State {
        /// Accepts tasks.
        RUNNING,
        /// Accepts no task any more, and runs those it has.
        DRAINING,
        /// Has interrupted what runs and dropped what was queued.
        STOPPING,
        /// Has ended: no task runs and no thread is left.
        TERMINATED
    }

    /// {@return the slots that are free: capacity − running, at least 0; 2³¹−1 − running when the capacity
    /// is [Pool#UNBOUNDED]}
    public int available() {
        return Math.max(0, (capacity == Pool.UNBOUNDED ? Integer.MAX_VALUE : capacity) - running);
    }
}
