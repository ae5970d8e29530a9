package dev.myrmidon.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Lets peers take turns: each round runs each of them once, and begins with another one than the round before, so that
/// whatever changes on the machine over time hits all alike.
final class Rounds {
    private final Workload workload;
    private final ChildJvm jvm;
    private final Progress progress;
    private final List<Entrant> entrants;

    Rounds(Workload workload, List<Peer> peers, ChildJvm jvm, Progress progress) {
        this.workload = workload;
        this.jvm = jvm;
        this.progress = progress;
        this.entrants = peers.stream().map(Entrant::new).toList();
    }

    /// A peer and what became of it.
    private static final class Entrant {
        final Peer peer;
        /// By round; null where it failed.
        final List<@Nullable Measurement> measured = new ArrayList<>();

        @Nullable
        String failure;

        Entrant(Peer peer) {
            this.peer = peer;
        }
    }

    /// Runs so many rounds.
    ///
    /// @return a row for each peer, in their order
    List<Row> run(int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < entrants.size(); turn++) {
                Entrant entrant = entrants.get((round + turn) % entrants.size());
                progress.show("round " + (round + 1) + " of " + rounds + ", " + (turn + 1) + " of " + entrants.size()
                        + ": " + entrant.peer);
                measure(entrant);
            }
        }
        progress.clear();
        List<@Nullable Measurement> ours = entrants.stream()
                .filter(entrant -> entrant.peer == Peer.MYRMIDON)
                .findFirst()
                .map(entrant -> entrant.measured)
                .orElse(List.of());
        return entrants.stream()
                .map(entrant -> Row.of(entrant.peer, workload, entrant.measured, ours, entrant.failure))
                .toList();
    }

    /// Who failed once is not asked again: what runs out of memory or stalls does so each time, and for minutes.
    private void measure(Entrant entrant) throws IOException, InterruptedException {
        if (entrant.failure != null) {
            entrant.measured.add(null);
            return;
        }
        String hopeless = entrant.peer.hopeless(workload);
        ChildReport report = hopeless == null ? jvm.measure(entrant.peer, workload) : ChildReport.failed(hopeless);
        entrant.measured.add(report.measured());
        if (report.measured() == null) {
            entrant.failure = Objects.requireNonNullElse(report.failure(), "said nothing");
        }
    }
}
