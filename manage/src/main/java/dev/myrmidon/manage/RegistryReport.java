package dev.myrmidon.manage;

import dev.myrmidon.CloseReport;
import java.time.Duration;
import java.util.List;

/// What became of the tasks of all pools of a [PoolRegistry] when it was closed.
///
/// @param elapsed how long closing took
/// @param pools one report for each pool, in the order in which they were created
public record RegistryReport(Duration elapsed, List<CloseReport> pools) {

    /// Copies the list.
    public RegistryReport {
        pools = List.copyOf(pools);
    }

    /// {@return true if every accepted task of every pool ended by itself: none was interrupted or dropped}
    public boolean clean() {
        return pools.stream().allMatch(CloseReport::clean);
    }
}
