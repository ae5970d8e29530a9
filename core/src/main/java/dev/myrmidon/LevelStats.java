package dev.myrmidon;

import org.jspecify.annotations.Nullable;

/// The numbers of one level of a pool by [priority][QueueOrder#priority()].
///
/// @param priority the level, as tasks [give it][TaskOptions#priority()]
/// @param queued tasks accepted that have not started
/// @param waiting submitters that wait for room
/// @param started tasks that have started
/// @param waits how long they waited for that, from their acceptance or from when their submitter began to
///     wait; null unless the pool is [timed][PoolConfig#timed()]
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public record LevelStats(
        int priority,
        int queued,
        int waiting,
        long started,
        @Nullable Histogram waits) {}
