package dev.myrmidon.manage;

import dev.myrmidon.PoolStats;
import java.util.Locale;

/// What [ScalingStrategy#threshold(double, double)] makes.
///
/// @param growAbove the share of the capacity above which it doubles
/// @param shrinkBelow the share of the capacity below which it is halved
public record Threshold(double growAbove, double shrinkBelow) implements ScalingStrategy {
    /// The usage above which it doubles, unless said otherwise: 0.8.
    public static final double DEFAULT_GROW_ABOVE = 0.8;

    /// The usage below which it is halved, unless said otherwise: 0.3.
    public static final double DEFAULT_SHRINK_BELOW = 0.3;

    /// In so many samples in a row a pool must be too large before it shrinks.
    private static final int PATIENCE = 3;

    /// Checks each number, then that a shrink gives no cause to grow.
    ///
    /// @throws IllegalArgumentException if one is out of its range
    public Threshold {
        if (!(growAbove > 0 && growAbove <= 1)) {
            throw new IllegalArgumentException("growAbove must be above 0 and at most 1, was " + growAbove);
        }
        if (!(shrinkBelow >= 0 && shrinkBelow <= growAbove / 2)) {
            throw new IllegalArgumentException("shrinkBelow must be from 0 to half of growAbove (" + growAbove / 2
                    + "), since a shrink halves the capacity, was " + shrinkBelow);
        }
    }

    @Override
    public Controller controller() {
        return new ThresholdController();
    }

    private final class ThresholdController implements Controller {
        /// Samples in a row in which the pool was too large.
        private int tooLarge;

        @Override
        public Proposal propose(PoolSample sample) {
            PoolStats now = sample.stats();
            int capacity = now.capacity();
            boolean noRoom = now.available() == 0 && sample.backlog() > 0;
            boolean idle = sample.usage() < shrinkBelow && sample.backlog() == 0 && sample.rejected() == 0;
            tooLarge = !idle ? 0 : capacity == sample.before().capacity() ? tooLarge + 1 : 1;
            if (sample.usage() > growAbove || noRoom || sample.rejected() > 0) {
                return new Proposal((int) Math.min(2L * capacity, Integer.MAX_VALUE), tooSmall(sample));
            }
            if (tooLarge >= PATIENCE) {
                return new Proposal(
                        capacity - capacity / 2, // not less than half: or 1 of 3 would be 1 of 1
                        format(
                                "threshold: usage %.2f < %.2f in %d samples, queued 0, waiting 0",
                                sample.usage(), shrinkBelow, tooLarge));
            }
            return new Proposal(capacity, format("threshold: usage %.2f", sample.usage()));
        }

        private String tooSmall(PoolSample sample) {
            String usage =
                    format(sample.usage() > growAbove ? "usage %.2f > %.2f" : "usage %.2f", sample.usage(), growAbove);
            String rejected = sample.rejected() > 0 ? ", rejected " + sample.rejected() : "";
            return "threshold: " + usage + ", queued " + sample.stats().queued() + ", waiting "
                    + sample.stats().waiting() + rejected;
        }

        @SuppressWarnings("AnnotateFormatMethod") // that annotation comes with a library that nothing else needs
        private String format(String form, Object... numbers) {
            return String.format(Locale.ROOT, form, numbers);
        }
    }
}
