package dev.myrmidon;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a task is submitted with, besides its code. Immutable; each method returns a copy, and one object
/// serves any number of tasks.
///
/// ```java
/// static final TaskOptions CHARGE = TaskOptions.named("charge").priority(9).timeout(Duration.ofSeconds(30));
/// ```
///
/// @param name names the task in messages, reports and events; null for the class of its code
/// @param priority its level in a pool of [QueueOrder#priority()]: any number, higher goes first. No
///     effect in other pools
/// @param timeout how long it may run, from its start: then it is interrupted and its future fails with a
///     [TaskTimeoutException]. Positive, or [Pool#NEVER]; null for what the pool says
/// @param startWithin how long after its submission it must have started: then it is shed, or refused if its
///     submitter still waits for room. Positive, or [Pool#NEVER]; null for what the pool says
/// @param key tasks with equal keys run one at a time, in the order of their submission, and one of them
///     must not wait for another; null for no key.
///     Must have `equals` and `hashCode` that don't change
@SuppressWarnings("exports") // JSpecify annotations are for compilers that know them; users need no module of it
public record TaskOptions(
        @Nullable String name,
        int priority,
        @Nullable Duration timeout,
        @Nullable Duration startWithin,
        @Nullable Object key) {

    /// No options: what `submit(task)` goes with.
    public static final TaskOptions NONE = new TaskOptions(null, 0, null, null, null);

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if the name is blank or a time isn't positive
    public TaskOptions {
        if (name != null && name.isBlank()) {
            throw new IllegalArgumentException("name of a task must not be blank, was \"" + name + "\"");
        }
        if (timeout != null) {
            PoolConfig.requirePositive("timeout", timeout);
        }
        if (startWithin != null) {
            PoolConfig.requirePositive("startWithin", startWithin);
        }
    }

    /// Options that name a task.
    ///
    /// @param name not blank
    /// @return the options
    /// @throws IllegalArgumentException if the name is blank
    public static TaskOptions named(String name) {
        return NONE.name(name);
    }

    /// Options of a task with a key.
    ///
    /// @param key tasks with equal keys run one at a time
    /// @return the options
    public static TaskOptions keyed(Object key) {
        return NONE.key(key);
    }

    /// Sets [#name()].
    ///
    /// @param name not blank
    /// @return a copy with it
    /// @throws IllegalArgumentException if the name is blank
    public TaskOptions name(String name) {
        return new TaskOptions(PoolConfig.requireSet("name", name), priority, timeout, startWithin, key);
    }

    /// Sets [#priority()].
    ///
    /// @param priority any number; higher goes first
    /// @return a copy with it
    public TaskOptions priority(int priority) {
        return new TaskOptions(name, priority, timeout, startWithin, key);
    }

    /// Sets [#timeout()].
    ///
    /// @param timeout how long the task may run: positive, or [Pool#NEVER]
    /// @return a copy with it
    /// @throws IllegalArgumentException if it isn't positive
    public TaskOptions timeout(Duration timeout) {
        return new TaskOptions(name, priority, PoolConfig.requireSet("timeout", timeout), startWithin, key);
    }

    /// Sets [#startWithin()].
    ///
    /// @param startWithin how long the start may take: positive, or [Pool#NEVER]
    /// @return a copy with it
    /// @throws IllegalArgumentException if it isn't positive
    public TaskOptions startWithin(Duration startWithin) {
        return new TaskOptions(name, priority, timeout, PoolConfig.requireSet("startWithin", startWithin), key);
    }

    /// Sets [#key()].
    ///
    /// @param key tasks with equal keys run one at a time
    /// @return a copy with it
    public TaskOptions key(Object key) {
        return new TaskOptions(name, priority, timeout, startWithin, PoolConfig.requireSet("key", key));
    }
}
