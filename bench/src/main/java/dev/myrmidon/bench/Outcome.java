package dev.myrmidon.bench;

import java.util.Arrays;

/// What came out of a [ScalingSimulation], or of a part of it.
///
/// @param throughput tasks that completed, per second
/// @param goodput those of them per second that did so within [#GOOD_SECONDS] of their submission: the score
/// @param p50Millis the median of the times from submission to end, of tasks that completed or timed out
/// @param p99Millis the 99th percentile of them
/// @param timedOut tasks that timed out, per second
/// @param rejected tasks that were refused, per second
record Outcome(
        double throughput, double goodput, double p50Millis, double p99Millis, double timedOut, double rejected) {
    /// At the knee, p99 is 0.28 s with the queue.
    static final double GOOD_SECONDS = 0.3;

    /// Counts what happens.
    static final class Counter {
        private double[] responses = new double[1 << 16];
        private int ended;
        private int completed;
        private int good;
        private int rejected;

        void completed(double response) {
            ended(response);
            completed++;
            good += response <= GOOD_SECONDS ? 1 : 0;
        }

        void timedOut(double response) {
            ended(response);
        }

        void rejected() {
            rejected++;
        }

        private void ended(double response) {
            if (ended == responses.length) {
                responses = Arrays.copyOf(responses, 2 * ended);
            }
            responses[ended++] = response;
        }

        Counter plus(Counter other) {
            Counter sum = new Counter();
            sum.responses = Arrays.copyOf(responses, ended + other.ended);
            System.arraycopy(other.responses, 0, sum.responses, ended, other.ended);
            sum.ended = ended + other.ended;
            sum.completed = completed + other.completed;
            sum.good = good + other.good;
            sum.rejected = rejected + other.rejected;
            return sum;
        }

        Outcome outcome(double seconds) {
            double[] sorted = Arrays.copyOf(responses, ended);
            Arrays.sort(sorted);
            return new Outcome(
                    completed / seconds,
                    good / seconds,
                    percentile(sorted, 50) * 1e3,
                    percentile(sorted, 99) * 1e3,
                    (ended - completed) / seconds,
                    rejected / seconds);
        }

        private static double percentile(double[] sorted, int percent) {
            return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
        }
    }
}
