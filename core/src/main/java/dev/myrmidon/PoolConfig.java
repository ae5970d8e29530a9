package dev.myrmidon;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a pool is opened with. Immutable; a combination that makes no sense can't be built.
///
/// @param name names the pool in messages, in statistics and, followed by a number, its threads; not blank
/// @param capacity the most tasks that run at once: 1 to 2³¹−1, or [Pool#UNBOUNDED]
/// @param queueCapacity the most tasks that are accepted and wait for a slot, in order of arrival: 0 to
///     2³¹−1, or [Pool#UNBOUNDED]. With 0, a task is accepted only when it gets a slot. A queue takes no
///     memory for room that nobody uses
/// @param maxBlockingTasks the most submitters that may wait for room at once: 1 to 2³¹−1, or
///     [Pool#UNBOUNDED]. The next one is refused at once. Has no effect where submitters don't wait
/// @param whenSaturated what a submitter does that finds neither a slot nor room in the queue
/// @param queueOrder in what order tasks start that wait for a slot
/// @param expiry how long a worker stays idle before it ends: positive, or [Pool#NEVER]
/// @param taskTimeout how long a task may run that doesn't say so [itself][TaskOptions#timeout()]: positive,
///     or [Pool#NEVER]
/// @param startWithin how long after its submission a task must have started that doesn't say so
///     [itself][TaskOptions#startWithin()]: positive, or [Pool#NEVER]
/// @param preallocate true to allocate at start the ring through which tasks reach the workers, instead of
///     letting it grow with use; 8 to 24 bytes for each unit of capacity, which must not exceed
///     [#MAX_PREALLOCATED_CAPACITY]. No effect in a pool by priority
/// @param isolated true to run each task in a thread of its own, so that no task finds the thread locals of
///     another one
/// @param timed true to measure how long tasks wait and run, for [Pool#timings()]
/// @param decorators put around the code of each task, the first outermost
/// @param listeners told of what happens
/// @param onFailure told of what a task given to `execute` throws
public record PoolConfig(
        String name,
        int capacity,
        int queueCapacity,
        int maxBlockingTasks,
        SaturationPolicy whenSaturated,
        QueueOrder queueOrder,
        Duration expiry,
        Duration taskTimeout,
        Duration startWithin,
        boolean preallocate,
        boolean isolated,
        boolean timed,
        List<TaskDecorator> decorators,
        List<PoolListener> listeners,
        TaskFailureHandler onFailure) {

    /// How long a worker stays idle before it ends, unless said otherwise: 10 seconds.
    public static final Duration DEFAULT_EXPIRY = Duration.ofSeconds(10);

    /// The largest capacity that can be preallocated: 2²⁶, which takes about a gigabyte.
    public static final int MAX_PREALLOCATED_CAPACITY = 1 << 26;

    /// Checks each field, then the combination.
    ///
    /// @throws IllegalArgumentException if a field is out of its range or null, if the policy doesn't go with
    ///     the queue or with isolation, or an unbounded or too large capacity is to be preallocated; names
    ///     the field, the value and the rule
    public PoolConfig {
        requireName(name);
        requireCapacity(capacity);
        requireQueueCapacity(queueCapacity);
        requireMaxBlockingTasks(maxBlockingTasks);
        requireSet("whenSaturated", whenSaturated);
        requireSet("queueOrder", queueOrder);
        requirePositive("expiry", expiry);
        requirePositive("taskTimeout", taskTimeout);
        requirePositive("startWithin", startWithin);
        decorators = List.copyOf(requireSet("decorators", decorators));
        listeners = List.copyOf(requireSet("listeners", listeners));
        requireSet("onFailure", onFailure);
        boolean isByPriority = queueOrder instanceof QueueOrder.Priority;
        switch (whenSaturated) {
            case SaturationPolicy.DropOldest _ -> {
                requireQueue("dropOldest", queueCapacity);
                if (isByPriority) {
                    throw new IllegalArgumentException("whenSaturated=dropOldest needs queueOrder fifo; a queue by"
                            + " priority drops with displaceLowest");
                }
            }
            case SaturationPolicy.DisplaceLowest _ -> {
                requireQueue("displaceLowest", queueCapacity);
                if (!isByPriority) {
                    throw new IllegalArgumentException(
                            "whenSaturated=displaceLowest needs queueOrder priority, was fifo");
                }
            }
            case SaturationPolicy.CallerRuns _
            when isolated ->
                throw new IllegalArgumentException(
                        "whenSaturated=callerRuns can't be isolated: the task would run in its submitter's thread");
            default -> {}
        }
        if (preallocate && (capacity == Pool.UNBOUNDED || capacity > MAX_PREALLOCATED_CAPACITY)) {
            throw new IllegalArgumentException("preallocate needs a capacity of at most " + MAX_PREALLOCATED_CAPACITY
                    + ", was " + (capacity == Pool.UNBOUNDED ? "Pool.UNBOUNDED" : capacity));
        }
    }

    /// {@return a builder that starts from this configuration}
    public PoolBuilder toBuilder() {
        return new PoolBuilder(this);
    }

    static String requireName(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException(
                    "name must not be blank, was " + (name == null ? "null" : "\"" + name + "\""));
        }
        return name;
    }

    /// Checks what a pool is to be resized to.
    ///
    /// @param capacity the new capacity
    /// @return the same
    /// @throws IllegalArgumentException if it is neither at least 1 nor [Pool#UNBOUNDED]
    public static int requireCapacity(int capacity) {
        return requireAtLeast("capacity", 1, capacity);
    }

    static int requireQueueCapacity(int queueCapacity) {
        return requireAtLeast("queueCapacity", 0, queueCapacity);
    }

    static int requireMaxBlockingTasks(int maxBlockingTasks) {
        return requireAtLeast("maxBlockingTasks", 1, maxBlockingTasks);
    }

    static Duration requirePositive(String field, @Nullable Duration value) {
        Duration set = requireSet(field, value);
        if (!set.isPositive()) {
            throw new IllegalArgumentException(field + " must be positive or Pool.NEVER, was " + set);
        }
        return set;
    }

    static <T> T requireSet(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + " must be set, was null");
        }
        return value;
    }

    private static void requireQueue(String policy, int queueCapacity) {
        if (queueCapacity == 0) {
            throw new IllegalArgumentException(
                    "whenSaturated=" + policy + " needs a queue to drop from: queueCapacity must be at least 1, was 0");
        }
    }

    private static int requireAtLeast(String field, int least, int value) {
        if (value < least && value != Pool.UNBOUNDED) {
            throw new IllegalArgumentException(
                    field + " must be at least " + least + " or Pool.UNBOUNDED, was " + value);
        }
        return value;
    }
}
