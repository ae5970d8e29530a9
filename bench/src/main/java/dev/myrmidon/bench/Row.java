package dev.myrmidon.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What became of one executor in all rounds. Figures are medians of the rounds; null where there is none.
///
/// @param executor the peer's name
/// @param work what a task did
/// @param spinRounds how much computing that was; 0 if none
/// @param measure what was looked at
/// @param submitters how many threads submitted
/// @param virtual whether they were virtual
/// @param capacity the most tasks that could run at once
/// @param tasks how many each round measured
/// @param warmUpTasks how many each round ran before
/// @param tasksPerSecond by the clock, from the first submission to the end of the last task
/// @param peakRssBytes the most memory the process had, warm-up included
/// @param cpuSecondsPerMillion processor time for a million tasks
/// @param allocatedBytesPerTask on the heap
/// @param ratioToMyrmidon tasks per second divided by the pool's in the same round; for [Workload.Measure#START] the
///     same of the median time from submission to start, where less is better
/// @param ratioToMyrmidonP99 the ratio of the times that 99 of 100 keep within, where such were measured
/// @param startNanos from submission to start
/// @param waitNanos how long submitting took
/// @param failure why there are no figures, or not of all rounds
/// @param rounds what each round measured
record Row(
        String executor,
        String work,
        long spinRounds,
        String measure,
        int submitters,
        boolean virtual,
        int capacity,
        int tasks,
        int warmUpTasks,
        @Nullable Range tasksPerSecond,
        @Nullable Long peakRssBytes,
        @Nullable Double cpuSecondsPerMillion,
        @Nullable Double allocatedBytesPerTask,
        @Nullable Double ratioToMyrmidon,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Double ratioToMyrmidonP99,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Latency startNanos,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) Latency waitNanos,
        @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) String failure,
        List<Measurement> rounds) {

    /// Sums up the rounds of a peer.
    ///
    /// @param own its measurements by round, null for a round without one
    /// @param ours those of Myrmidon in the same rounds
    static Row of(
            Peer peer,
            Workload workload,
            List<@Nullable Measurement> own,
            List<@Nullable Measurement> ours,
            @Nullable String failure) {
        List<Measurement> measured = own.stream().filter(Objects::nonNull).toList();
        boolean start = workload.measure() == Workload.Measure.START;
        return new Row(
                peer.toString(),
                workload.work().toString(),
                workload.spinRounds(),
                workload.measure().name().toLowerCase(Locale.ROOT),
                workload.submitters(),
                workload.virtual(),
                workload.capacity(),
                workload.tasks(),
                workload.warmUp(),
                measured.isEmpty() ? null : Range.of(each(measured, Measurement::tasksPerSecond)),
                peakRss(measured),
                median(measured, Measurement::cpuSecondsPerMillion),
                median(measured, Measurement::allocatedBytesPerTask),
                ratio(own, ours, m -> start ? latency(m).p50() : m.tasksPerSecond()),
                workload.measure() == Workload.Measure.THROUGHPUT || peer == Peer.LIMIT
                        ? null
                        : ratio(own, ours, m -> latency(m).p99()),
                medians(measured, Measurement::start),
                medians(measured, Measurement::waited),
                failure,
                measured);
    }

    /// The median of the ratios of each round; null if no round measured both.
    static @Nullable Double ratio(
            List<@Nullable Measurement> own, List<@Nullable Measurement> ours, ToDoubleFunction<Measurement> figure) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(own.size(), ours.size()); round++) {
            Measurement one = own.get(round);
            Measurement our = ours.get(round);
            if (one != null && our != null) {
                ratios.add(figure.applyAsDouble(one) / figure.applyAsDouble(our));
            }
        }
        return ratios.isEmpty() ? null : Range.median(ratios);
    }

    private static Latency latency(Measurement m) {
        Latency start = m.start();
        return start == null ? Objects.requireNonNull(m.waited()) : start;
    }

    private static @Nullable Long peakRss(List<Measurement> measured) {
        List<Double> told = measured.stream()
                .map(Measurement::peakRssBytes)
                .filter(Objects::nonNull)
                .map(Long::doubleValue)
                .toList();
        return told.isEmpty() ? null : Math.round(Range.median(told));
    }

    private static @Nullable Double median(List<Measurement> measured, ToDoubleFunction<Measurement> figure) {
        return measured.isEmpty() ? null : Range.median(each(measured, figure));
    }

    private static List<Double> each(List<Measurement> measured, ToDoubleFunction<Measurement> figure) {
        return measured.stream().map(figure::applyAsDouble).toList();
    }

    private static @Nullable Latency medians(
            List<Measurement> measured, Function<Measurement, @Nullable Latency> which) {
        List<Latency> all = new ArrayList<>();
        for (Measurement m : measured) {
            Latency latency = which.apply(m);
            if (latency != null) {
                all.add(latency);
            }
        }
        return all.isEmpty()
                ? null
                : new Latency(
                        median(all, Latency::mean),
                        median(all, Latency::p50),
                        median(all, Latency::p99),
                        median(all, Latency::max));
    }

    private static long median(List<Latency> all, ToLongFunction<Latency> figure) {
        return Math.round(Range.median(
                all.stream().map(l -> (double) figure.applyAsLong(l)).toList()));
    }
}
