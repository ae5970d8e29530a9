package dev.myrmidon.engine;

import dev.myrmidon.CloseReport;
import java.time.Duration;
import java.util.List;

/// What became of the tasks of an engine's pools when it was closed.
///
/// @param elapsed how long closing took
/// @param pools one report for each pool: the default pool, the named ones, then the function pools in the order in
///     which they were made
public record EngineReport(Duration elapsed, List<CloseReport> pools) {

    /// Copies the list.
    public EngineReport {
        pools = List.copyOf(pools);
    }

    /// {@return true if every accepted task of every pool ended by itself: none was interrupted or dropped}
    public boolean clean() {
        return pools.stream().allMatch(CloseReport::clean);
    }
}
