package dev.myrmidon.engine.each;

import dev.myrmidon.engine.internal.config.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `myrmidon each` is to do.
///
/// @param work what to do with each item
/// @param in where the items are, or null for standard input
/// @param capacity how many items run at once, at least 1; or null for the work's default
/// @param timeout how long an item may run, positive; or null for as long as it likes
/// @param out where to record the outcomes, or null for nowhere
/// @param journal where to note what is done, for the next run; or null for nowhere
/// @param keepOrder whether to report items in the order of the input
/// @param failFast whether to stop at the first item that fails
/// @param keyField where the key of an item is, or null if items have none
/// @param progress when to show progress
/// @param retries what to do with an item that failed
/// @param management the port of this machine at which others can see and steer the run, 0 for any that is free; or
///     null for none
public record EachOptions(
        Work work,
        @Nullable Path in,
        @Nullable Integer capacity,
        @Nullable Duration timeout,
        @Nullable Path out,
        @Nullable Path journal,
        boolean keepOrder,
        boolean failFast,
        @Nullable KeyField keyField,
        ProgressMode progress,
        Retries retries,
        @Nullable Integer management) {

    /// When to show progress.
    public enum ProgressMode {
        /// If standard error is a terminal.
        AUTO,
        /// Whatever standard error is.
        ALWAYS,
        /// Not at all.
        NEVER
    }

    /// What to do with each item.
    public sealed interface Work {
        /// How many items run at once if nobody says.
        int defaultCapacity();
    }

    /// Run a command.
    ///
    /// @param words the program and its arguments
    public record Command(List<String> words) implements Work {
        /// Copies the words.
        public Command {
            words = List.copyOf(words);
        }

        /// Twice the processors: commands compute, and wait a little too.
        @Override
        public int defaultCapacity() {
            return 2 * Runtime.getRuntime().availableProcessors();
        }
    }

    /// Get a URI.
    public record Http() implements Work {
        /// Enough to hide the network, and polite to a single server.
        @Override
        public int defaultCapacity() {
            return 64;
        }
    }

    /// Apply a function of the user's.
    ///
    /// @param className its class
    /// @param classpath jars and directories, separated as in a class path
    public record Function(String className, String classpath) implements Work {
        /// The same as for URIs: whoever writes a function for a pool of virtual threads waits in it.
        @Override
        public int defaultCapacity() {
            return 64;
        }
    }

    /// How an item is tried again that failed or timed out.
    ///
    /// @param most how often at most, at least 0
    /// @param backoff how long to wait before the first time, about; at least a millisecond
    public record Retries(int most, Duration backoff) {}

    /// The capacity that holds.
    int effectiveCapacity() {
        return capacity == null ? work.defaultCapacity() : capacity;
    }

    /// Checks the numbers.
    ///
    /// @throws UsageException if one is out of its range
    void check() throws UsageException {
        if (effectiveCapacity() < 1) {
            throw new UsageException("--capacity must be at least 1, was " + effectiveCapacity());
        }
        if (timeout != null && !timeout.isPositive()) {
            throw new UsageException("--timeout must be positive, was " + (timeout.isNegative() ? "-" : "")
                    + Durations.format(timeout.abs()));
        }
        if (management != null && (management < 0 || management > 65_535)) {
            throw new UsageException("--management must be 0 to 65535, was " + management);
        }
        if (retries.most() < 0) {
            throw new UsageException("--retries must be at least 0, was " + retries.most());
        }
        if (retries.backoff().compareTo(Duration.ofMillis(1)) < 0) {
            throw new UsageException("--backoff must be at least 1ms, was "
                    + (retries.backoff().isNegative() ? "-" : "")
                    + Durations.format(retries.backoff().abs()));
        }
    }
}
