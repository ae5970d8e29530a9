package dev.myrmidon.manage.alarm;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// By how much the floor of a value has risen over a window of time, if it rises steadily. Not thread-safe.
///
/// The window has twelve slices, and the lowest value of each counts. It rises steadily if of all pairs of
/// slices those in which the later one is higher outnumber those in which it is lower by 70 % of all pairs or
/// more: Kendall's rank correlation with time (M. Kendall, *A New Measure of Rank Correlation*, Biometrika
/// 1938). How fast is the median of the slopes of all pairs (P. K. Sen, *Estimates of the Regression
/// Coefficient Based on Kendall's Tau*, JASA 1968). So neither a single step nor a sawtooth nor an outlier is a
/// rise.
final class Trend {
    private static final int SLICES = 12;
    /// Of so many slices at least something must be known.
    private static final int LEAST = 8;
    private static final double STEADY = 0.7;

    private final long slice;
    private final Deque<Floor> floors = new ArrayDeque<>();
    private long now;

    /// @param slice the number of the slice of time
    /// @param value the lowest of it
    private record Floor(long slice, double value) {}

    /// @param window at least 12 ns
    Trend(Duration window) {
        this.slice = window.toNanos() / SLICES;
    }

    /// Lets so much time pass, after which the value is not known.
    void pass(Duration interval) {
        now += interval.toNanos();
        // The last slice is not over yet, so there may be one more than count.
        while (!floors.isEmpty() && floors.getFirst().slice() < now / slice - SLICES) {
            floors.removeFirst();
        }
    }

    /// Lets so much time pass, after which this is the value.
    void add(Duration interval, double value) {
        pass(interval);
        Floor last = floors.peekLast();
        if (last != null && last.slice() == now / slice) {
            floors.removeLast();
            floors.addLast(new Floor(last.slice(), Math.min(last.value(), value)));
        } else {
            floors.addLast(new Floor(now / slice, value));
        }
    }

    /// The rise over the window, in the unit of the values; 0 if there is none, it isn't steady, or too little of
    /// the window is known.
    double rise() {
        List<Floor> over = new ArrayList<>(floors);
        over.removeIf(floor -> floor.slice() == now / slice); // goes on, and may fall
        if (over.size() < LEAST || over.getFirst().slice() > now / slice - SLICES + 1) {
            return 0;
        }
        int steadiness = 0;
        double[] slopes = new double[over.size() * (over.size() - 1) / 2];
        int pair = 0;
        for (int i = 1; i < over.size(); i++) {
            Floor later = over.get(i);
            for (Floor earlier : over.subList(0, i)) {
                double difference = later.value() - earlier.value();
                steadiness += (int) Math.signum(difference);
                slopes[pair++] = difference / (later.slice() - earlier.slice());
            }
        }
        if (steadiness < STEADY * slopes.length) {
            return 0;
        }
        Arrays.sort(slopes);
        double slope = (slopes[(slopes.length - 1) / 2] + slopes[slopes.length / 2]) / 2;
        return Math.max(0, slope * SLICES);
    }
}
