package dev.myrmidon.engine.internal.top;

import dev.myrmidon.engine.internal.client.PoolView;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What the pools are sorted by: the largest number first, what isn't known last, and then by name.
enum Order {
    NAME("POOL"),
    RUNNING("RUNNING"),
    QUEUED("QUEUED"),
    RATE("RATE/S"),
    P99("RUN p99");

    /// All, from left to right.
    static final List<Order> ALL = List.of(values());

    private final String heading;

    Order(String heading) {
        this.heading = heading;
    }

    /// The column that shows it.
    String heading() {
        return heading;
    }

    Comparator<PoolView> comparator() {
        Comparator<PoolView> byName = Comparator.comparing(PoolView::name);
        return switch (this) {
            case NAME -> byName;
            case RUNNING -> largest(PoolView::running).thenComparing(byName);
            case QUEUED -> largest(PoolView::queued).thenComparing(byName);
            case RATE -> largest(PoolView::rate).thenComparing(byName);
            case P99 -> largest(PoolView::p99).thenComparing(byName);
        };
    }

    private static Comparator<PoolView> largest(ToDoubleFunction<PoolView> number) {
        return Comparator.comparingDouble(pool -> {
            double value = number.applyAsDouble(pool);
            return Double.isNaN(value) ? 1 : -value;
        });
    }

    /// The one that is so many columns further, and round again.
    Order next(int steps) {
        return ALL.get(Math.floorMod(ALL.indexOf(this) + steps, ALL.size()));
    }
}
