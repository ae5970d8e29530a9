package dev.myrmidon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.bench.Workload.Measure;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final Workload WORKLOAD =
            new Workload(Measure.THROUGHPUT, Work.parse("noop"), 0, 1_000, 500, 10, 1, false, 60);

    @Test
    void the_median_is_the_middle_or_between_the_middle_two() {
        assertThat(Range.of(List.of(3.0, 1.0, 10.0))).isEqualTo(new Range(1, 3, 10));
        assertThat(Range.median(List.of(4.0, 1.0, 2.0, 100.0))).isEqualTo(3);
        assertThat(Range.median(List.of(7.0))).isEqualTo(7);
    }

    @Test
    void a_percentile_is_a_time_that_was_measured() {
        long[] oneToHundred = LongStream.rangeClosed(1, 100).map(i -> 101 - i).toArray();
        assertThat(Latency.of(oneToHundred)).isEqualTo(new Latency(51, 50, 99, 100));
        assertThat(Latency.of(new long[] {5})).isEqualTo(new Latency(5, 5, 5, 5));
    }

    /// The ratio of the medians would be 2.
    @Test
    void the_ratio_is_the_median_of_the_ratios_of_each_round() {
        Row row = row(List.of(took(100), took(100), took(100)), List.of(took(100), took(200), took(800)));
        assertThat(row.ratioToMyrmidon()).isEqualTo(2);

        row = row(List.of(took(100), took(400), took(900)), List.of(took(100), took(200), took(300)));
        assertThat(row.ratioToMyrmidon()).isEqualTo(0.5);
    }

    @Test
    void a_round_that_one_of_the_two_failed_in_has_no_ratio() {
        Row row = row(Arrays.asList(took(100), null, took(300)), Arrays.asList(took(200), took(200), null));
        assertThat(row.ratioToMyrmidon()).isEqualTo(2);
        assertThat(row(List.of(took(1)), List.of()).ratioToMyrmidon()).isNull();
    }

    @Test
    void figures_are_those_of_a_task_or_a_million() {
        Row row = row(List.of(took(100)), List.of());
        assertThat(row.tasksPerSecond()).isEqualTo(new Range(1e10, 1e10, 1e10));
        assertThat(row.cpuSecondsPerMillion()).isEqualTo(2e-4);
        assertThat(row.allocatedBytesPerTask()).isEqualTo(24);
        assertThat(row.peakRssBytes()).isEqualTo(1 << 20);
    }

    @Test
    void a_row_without_figures_says_why() {
        Row row = Row.of(Peer.JETTY, WORKLOAD, Arrays.asList((Measurement) null), List.of(), "out of memory");
        assertThat(row.tasksPerSecond()).isNull();
        assertThat(row.cpuSecondsPerMillion()).isNull();
        assertThat(row.failure()).isEqualTo("out of memory");
    }

    private static Row row(List<Measurement> own, List<Measurement> ours) {
        return Row.of(Peer.JETTY, WORKLOAD, own, ours, null);
    }

    private static Measurement took(long nanos) {
        return new Measurement(1_000, nanos, 200, 24_000, 1L << 20, null, null, 1, "none");
    }
}
