package dev.myrmidon.bench;

import java.util.List;

/// The least, the middle and the greatest of some numbers.
record Range(double min, double median, double max) {

    /// @param numbers at least one
    static Range of(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        return new Range(sorted.getFirst(), median(numbers), sorted.getLast());
    }

    /// The middle one, or between the middle two.
    ///
    /// @param numbers at least one
    static double median(List<Double> numbers) {
        List<Double> sorted = numbers.stream().sorted().toList();
        int size = sorted.size();
        return (sorted.get((size - 1) / 2) + sorted.get(size / 2)) / 2;
    }
}
