package dev.myrmidon.manage;

import java.util.Locale;

/// See [ScalingStrategy#gradient()].
record Gradient() implements ScalingStrategy {
    /// The room on top, as a share of the capacity, as long as there is a queue downstream.
    private static final double ROOM = 0.05;

    /// Steps that are a smaller share of the capacity are not taken: noise.
    private static final double LEAST_STEP = 0.04;

    /// Above this gradient there is no queue.
    private static final double NO_QUEUE = 0.98;

    /// No step but a probe's leaves less of the capacity.
    private static final double LEAST_LEFT = 0.5;

    /// A run time that falls to this share of the shortest so far is news.
    private static final double FASTER = 0.8;

    /// A pool of which less runs says nothing about its capacity.
    private static final double LEAST_USAGE = 0.5;

    /// A sample of which more failed says nothing about run times.
    private static final double MOST_FAILED = 0.5;

    /// To this the capacity must have fallen to tell whether the run time follows.
    private static final double TELLING = 0.8;

    /// What a probe leaves of the capacity at each step.
    private static final double PROBE_STEP = 0.75;

    /// A probe comes after so many samples at rest; the first one at the first sign of a queue.
    private static final int PROBE_EVERY = 60;

    /// A change of the capacity shows in the run times when so many of them have passed.
    private static final int SETTLED = 4;

    @Override
    public Controller controller() {
        return new GradientController();
    }

    @Override
    public boolean needsTimings() {
        return true;
    }

    private static final class GradientController implements Controller {
        /// The run time without a queue, as far as known, in ns.
        private double base = Double.POSITIVE_INFINITY;

        /// The run time at the present capacity, smoothed, in ns; 0 if not known yet.
        private double run;

        /// For how long the capacity has been what it is, in ns.
        private double unchanged;

        private double room = ROOM;

        /// Samples of a full pool in a row without a step.
        private int atRest;

        private boolean probed;

        /// Where a descent began, or where it was last seen that the run time follows; 0 if there is none.
        private int markCapacity;

        private double markRun;

        /// Whether the descent is a probe, which goes on for as long as the run time follows.
        private boolean probing;

        @Override
        public Proposal propose(PoolSample sample) {
            int capacity = sample.stats().capacity();
            long count = sample.runs().map(Latencies::count).orElse(0L);
            if (capacity != sample.before().capacity()) {
                unchanged = 0;
                run = 0;
            }
            unchanged += sample.interval().toNanos();
            if (count == 0) {
                return new Proposal(capacity, "gradient: no task has ended");
            }
            if (sample.failureRate() > MOST_FAILED) {
                return new Proposal(capacity, "gradient: most tasks failed");
            }
            double mean = sample.runs().orElseThrow().mean().toNanos();
            if (unchanged < SETTLED * mean) {
                return new Proposal(capacity, "gradient: the last change has to show first");
            }
            boolean jumped = Math.abs(mean - run) > run / 4;
            run = jumped ? mean : (run + mean) / 2;
            if (run < FASTER * base) {
                probed = false; // another downstream, so to speak: there may be a queue in this run time, too
            }
            base = Math.min(base, run);

            boolean full = sample.stats().available() == 0 || sample.rejected() > 0;
            if (!full && sample.usage() < LEAST_USAGE) {
                endDescent();
                atRest = 0;
                return new Proposal(capacity, "gradient: not full");
            }
            if (markCapacity > 0 && capacity <= TELLING * markCapacity) {
                double share = (double) capacity / markCapacity;
                if (run > markRun * (1 + share) / 2) { // it hasn't followed by half of what a queue would make it
                    int back = markCapacity;
                    base = run;
                    endDescent();
                    return proposal(back, "no queue at " + capacity);
                }
                mark(capacity);
            } else if (probing) {
                endDescent(); // a bound or somebody else has kept it from going down
            }
            // As many run times as these have a mean that is off by so much.
            double gradient = Math.min(1, base * (1 + 1 / Math.sqrt((double) count)) / run);
            if (probing || (full && (atRest >= PROBE_EVERY || (!probed && gradient < NO_QUEUE)))) {
                return probe(capacity);
            }
            return follow(capacity, full, gradient);
        }

        /// Goes down a step, to see at the next sample whether there is a queue.
        private Proposal probe(int capacity) {
            probed = true;
            probing = true;
            atRest = 0;
            room = ROOM;
            mark(capacity);
            return proposal((int) (capacity * PROBE_STEP), "probe");
        }

        private Proposal follow(int capacity, boolean full, double gradient) {
            double step = capacity * (Math.max(LEAST_LEFT, gradient) - 1) + Math.max(1, capacity * room);
            room = full && gradient > NO_QUEUE ? Math.min(1, 2 * room) : ROOM;
            if (Math.abs(step) < Math.max(1, capacity * LEAST_STEP) || (step > 0 && !full)) {
                endDescent();
                atRest = full ? atRest + 1 : 0;
                return new Proposal(capacity, "gradient: at rest");
            }
            atRest = 0;
            if (step > 0) {
                endDescent();
            } else if (markCapacity == 0) {
                mark(capacity);
            }
            return proposal(
                    (int) Math.min(Math.round(capacity + step), Integer.MAX_VALUE), step > 0 ? "room" : "queue");
        }

        private void mark(int capacity) {
            markCapacity = capacity;
            markRun = run;
        }

        private void endDescent() {
            markCapacity = 0;
            probing = false;
        }

        private Proposal proposal(int capacity, String why) {
            return new Proposal(
                    capacity,
                    String.format(
                            Locale.ROOT,
                            "gradient: %s, run mean %.1f ms, %.1f ms without a queue",
                            why,
                            run / 1e6,
                            base / 1e6));
        }
    }
}
