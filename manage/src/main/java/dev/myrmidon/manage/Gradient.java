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

    /// A pool of which less runs is not what makes tasks wait downstream, so that the run time without a
    /// queue comes nearer to theirs by this share of the difference.
    private static final double AMPLE = 0.8;

    private static final double DRIFT = 0.1;

    /// A sample of which more failed says nothing about run times.
    private static final double MOST_FAILED = 0.5;

    /// To this the capacity must have fallen to tell whether the run time follows.
    private static final double TELLING = 0.8;

    /// What a probe leaves of the capacity at each step.
    private static final double PROBE_STEP = 0.75;

    /// After so many samples of a full pool a sign of a queue is looked into by a probe.
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

        /// Samples of a full pool until the next probe; the first one comes at the first sign of a queue.
        private int untilProbe;

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
            double mean = Math.max(1, sample.runs().orElseThrow().mean().toNanos()); // it is divided by
            if (unchanged < SETTLED * mean) {
                return new Proposal(capacity, "gradient: the last change has to show first");
            }
            boolean jumped = Math.abs(mean - run) > run / 4;
            run = jumped ? mean : (run + mean) / 2;
            if (run < FASTER * base) {
                untilProbe = 0; // another downstream, so to speak: there may be a queue in this run time, too
                base = run;
            } else if (run < base) {
                base = (run + base) / 2; // the shortest of many means is short by chance
            }

            boolean full = sample.stats().available() == 0 || sample.rejected() > 0;
            if (full) {
                untilProbe--;
            } else if (sample.usage() < AMPLE) {
                base += (run - base) * DRIFT; // whatever makes these tasks longer, it is not the capacity
            }
            if (!full && sample.usage() < LEAST_USAGE) {
                endDescent();
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
            if (probing || (full && untilProbe < 0 && gradient < NO_QUEUE)) {
                return probe(capacity);
            }
            return follow(capacity, full, gradient);
        }

        /// Goes down a step, to see at the next sample whether there is a queue.
        private Proposal probe(int capacity) {
            probing = true;
            untilProbe = PROBE_EVERY;
            room = ROOM;
            mark(capacity);
            return proposal((int) (capacity * PROBE_STEP), "probe");
        }

        private Proposal follow(int capacity, boolean full, double gradient) {
            boolean quiet = full && gradient > NO_QUEUE;
            room = quiet ? room : ROOM;
            double step = capacity * (Math.max(LEAST_LEFT, gradient) - 1) + Math.max(1, capacity * room);
            room = quiet ? Math.min(1, 2 * room) : ROOM;
            if (Math.abs(step) < Math.max(1, capacity * LEAST_STEP) || (step > 0 && !full)) {
                endDescent();
                return new Proposal(capacity, "gradient: at rest");
            }
            if (step > 0) {
                endDescent();
            } else if (markCapacity == 0 || run > markRun) {
                mark(capacity); // a run time that rises in a descent has another cause, and is to be followed anew
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
