package dev.myrmidon.engine.each;

import java.util.Locale;

/// How a run went, or is going.
///
/// @param submitted items handed to the pool
/// @param completed items that completed
/// @param failed items that failed, the timed out ones too
/// @param cancelled items that were stopped or never begun
/// @param rejected items that the pool refused because it was being closed
/// @param retries how often items were tried again
/// @param skipped items that earlier runs completed, which are not among the submitted ones
/// @param elapsedNanos how long it took
record Summary(
        long submitted,
        long completed,
        long failed,
        long cancelled,
        long rejected,
        long retries,
        long skipped,
        long elapsedNanos) {

    /// Items that completed or failed.
    long done() {
        return completed + failed;
    }

    /// Items that have not ended: they run or are queued.
    long pending() {
        return submitted - completed - failed - cancelled - rejected;
    }

    /// The summary of a run that is over: whatever hasn't ended by now is given up, and counts as cancelled.
    Summary closed() {
        return new Summary(
                submitted, completed, failed, cancelled + pending(), rejected, retries, skipped, elapsedNanos);
    }

    /// True if every item completed.
    boolean good() {
        return completed == submitted;
    }

    /// The line that ends a run.
    @Override
    public String toString() {
        double seconds = elapsedNanos / 1e9;
        return String.format(
                Locale.ROOT,
                "submitted=%d completed=%d failed=%d cancelled=%d rejected=%d%s%s elapsed=%.3fs rate=%.1f/s",
                submitted,
                completed,
                failed,
                cancelled,
                rejected,
                retries == 0 ? "" : " retries=" + retries,
                skipped == 0 ? "" : " skipped=" + skipped,
                seconds,
                seconds > 0 ? done() / seconds : 0.0);
    }
}
