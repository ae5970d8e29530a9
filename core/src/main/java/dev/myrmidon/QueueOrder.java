package dev.myrmidon;

import java.time.Duration;

/// In what order tasks start that wait for a slot, and submitters are served that wait for room.
public sealed interface QueueOrder {

    /// In the order of their arrival.
    ///
    /// @return that order
    static QueueOrder fifo() {
        return new Fifo();
    }

    /// By [TaskOptions#priority()], higher first, and in the order of arrival among equals; a task that
    /// waits gains a level every 10 seconds.
    ///
    /// @return that order
    static QueueOrder priority() {
        return new Priority(Priority.DEFAULT_AGING);
    }

    /// By [TaskOptions#priority()], higher first, and in the order of arrival among equals.
    ///
    /// @param aging how long a task waits to gain a level, so that none waits forever: positive, or
    ///     [Pool#NEVER], with which a low task doesn't start while higher ones keep coming
    /// @return that order
    /// @throws IllegalArgumentException if the time isn't positive
    static QueueOrder priority(Duration aging) {
        return new Priority(aging);
    }

    /// In the order of arrival.
    record Fifo() implements QueueOrder {}

    /// By priority.
    ///
    /// @param aging how long a task waits to gain a level: positive, or [Pool#NEVER]
    record Priority(Duration aging) implements QueueOrder {
        /// How long a task waits to gain a level, unless said otherwise: 10 seconds.
        public static final Duration DEFAULT_AGING = Duration.ofSeconds(10);

        /// Checks the time.
        public Priority {
            PoolConfig.requirePositive("aging", aging);
        }
    }
}
