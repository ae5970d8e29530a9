package dev.myrmidon.engine.internal.config;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.QueueOrder;
import dev.myrmidon.SaturationPolicy;
import dev.myrmidon.engine.EngineConfig;
import java.time.Duration;
import java.util.List;

/// Makes a [PoolConfig] of the keys of one pool. In the file, users of ants find the numbers they know: size −1 is
/// unbounded, 0 blocked submitters are unlimited, an expiry of 0 is never; so is every other duration of 0.
final class PoolBinder {
    private static final List<String> KEYS = List.of(
            "size",
            "expiry_duration",
            "pre_alloc",
            "max_blocking_tasks",
            "nonblocking",
            "queue",
            "task_timeout",
            "start_within",
            "isolated",
            "timed",
            "scaling");
    private static final List<String> QUEUE_KEYS = List.of("capacity", "order", "aging");
    private static final String FIFO = "fifo";
    private static final String PRIORITY = "priority";

    /// From this capacity on, a queue that grows as it fills is worth a warning: the size that comes
    /// preallocated by default.
    private static final int LARGE = 50_000;

    private final Findings findings;
    private final Section section;
    private final PoolConfig defaults = EngineConfig.defaults().pool();

    private PoolBinder(Findings findings, Section section) {
        this.findings = findings;
        this.section = section;
    }

    /// What the section says, with the default for each key that it leaves out.
    static PoolConfig bind(Findings findings, String name, Section section) {
        return new PoolBinder(findings, section.only(KEYS)).bind(name);
    }

    private PoolConfig bind(String name) {
        Setting<Integer> size = section.number(
                "size",
                defaults.capacity(),
                n -> n >= 1 || n == Pool.UNBOUNDED,
                "1 to 2147483647, or -1 for unbounded");
        Setting<Duration> expiry = durationOrNever(section, "expiry_duration", defaults.expiry());
        Setting<Integer> maxBlocking = section.number(
                "max_blocking_tasks", defaults.maxBlockingTasks(), n -> n >= 0, "1 to 2147483647, or 0 for unlimited");
        Setting<Boolean> nonblocking =
                section.flag("nonblocking", defaults.whenSaturated() instanceof SaturationPolicy.Refuse);
        Section queue = section.section("queue").only(QUEUE_KEYS);
        Setting<Integer> queueCapacity = queue.number(
                "capacity",
                defaults.queueCapacity(),
                n -> n >= 0 || n == Pool.UNBOUNDED,
                "0 to 2147483647, or -1 for unbounded");
        Setting<String> order = queue.word(
                "order",
                FIFO,
                word -> word.equals(FIFO) || word.equals(PRIORITY),
                "is not an order: must be fifo or priority");
        Setting<Duration> aging = durationOrNever(queue, "aging", QueueOrder.Priority.DEFAULT_AGING);
        Setting<Duration> taskTimeout = durationOrNever(section, "task_timeout", Duration.ZERO);
        Setting<Duration> startWithin = durationOrNever(section, "start_within", Duration.ZERO);
        Setting<Boolean> isolated = section.flag("isolated", defaults.isolated());
        Setting<Boolean> timed = section.flag("timed", defaults.timed());
        boolean isByPriority = order.value().equals(PRIORITY);
        boolean preAlloc = preAlloc(size, isByPriority);

        warnOfSize(size);
        warnOfExpiry(expiry);
        warnOfMaxBlocking(maxBlocking, nonblocking);
        warnOfNonblocking(nonblocking);
        warnOfQueue(queue, queueCapacity);
        checkAging(queue, order, aging);
        warnOfNothingToOrder(queue, order, nonblocking.value() && queueCapacity.value() == 0);

        return defaults.toBuilder()
                .name(name)
                .capacity(size.value())
                .queueCapacity(queueCapacity.value())
                .maxBlockingTasks(maxBlocking.value() == 0 ? Pool.UNBOUNDED : maxBlocking.value())
                .whenSaturated(nonblocking.value() ? SaturationPolicy.refuse() : SaturationPolicy.await())
                .queueOrder(isByPriority ? QueueOrder.priority(neverIfZero(aging)) : QueueOrder.fifo())
                .expiry(neverIfZero(expiry))
                .taskTimeout(neverIfZero(taskTimeout))
                .startWithin(neverIfZero(startWithin))
                .preallocate(preAlloc)
                .isolated(isolated.value())
                .timed(timed.value())
                .config();
    }

    static Setting<Duration> durationOrNever(Section section, String key, Duration byDefault) {
        return section.duration(key, byDefault, d -> !d.isNegative(), "positive, or \"0s\" for never");
    }

    static Duration neverIfZero(Setting<Duration> setting) {
        return setting.value().isZero() ? Pool.NEVER : setting.value();
    }

    /// Whether to preallocate: what the file says where that is possible; if it says nothing, the default where
    /// that is and has an effect: a pool by priority has nothing to allocate.
    private boolean preAlloc(Setting<Integer> size, boolean isByPriority) {
        boolean possible = size.value() != Pool.UNBOUNDED && size.value() <= PoolConfig.MAX_PREALLOCATED_CAPACITY;
        Setting<Boolean> preAlloc = section.flag("pre_alloc", defaults.preallocate() && possible && !isByPriority);
        if (preAlloc.value() && !possible) {
            findings.mistake(
                    preAlloc.place(),
                    section.pathOf("pre_alloc") + ": needs a size of at most " + PoolConfig.MAX_PREALLOCATED_CAPACITY
                            + " to allocate, but size is " + size.value()
                            + (size.value() == Pool.UNBOUNDED ? ", unbounded" : ""));
            return false;
        }
        if (isByPriority) {
            if (preAlloc.value()) {
                warning(preAlloc.place(), "pre_alloc", "true has no effect while queue.order is priority");
            }
        } else if (!preAlloc.value() && size.value() >= LARGE) {
            warning(
                    preAlloc.given() ? preAlloc.place() : size.place(),
                    "pre_alloc",
                    "false at size " + size.value()
                            + ": the way of the tasks to the workers grows, copying itself, while a first burst arrives"
                            + (possible ? " (try true)" : ""));
        }
        return preAlloc.value();
    }

    private void warnOfSize(Setting<Integer> size) {
        if (size.value() == Pool.UNBOUNDED) {
            warning(
                    size.place(),
                    "size",
                    "-1 is unbounded: nothing limits how many tasks run at once, or their memory");
        }
    }

    private void warnOfExpiry(Setting<Duration> expiry) {
        if (expiry.value().isZero()) {
            warning(
                    expiry.place(),
                    "expiry_duration",
                    "0s is never: idle workers stay, and the memory of the busiest moment is never given back (try \"10s\")");
        }
    }

    private void warnOfMaxBlocking(Setting<Integer> maxBlocking, Setting<Boolean> nonblocking) {
        if (maxBlocking.value() == 0) {
            warning(
                    maxBlocking.place(),
                    "max_blocking_tasks",
                    "0 is unlimited: while the pool is saturated, waiting submitters can pile up until memory ends (try 10000)"
                            + (nonblocking.value() ? "; no effect while nonblocking is true" : ""));
        }
    }

    private void warnOfNonblocking(Setting<Boolean> nonblocking) {
        if (nonblocking.value()) {
            warning(
                    nonblocking.place(),
                    "nonblocking",
                    "a file can't name a handler of refusals: a submitter that finds no room gets a PoolSaturatedException"
                            + " at once, and unless it catches that, the task is lost");
        }
    }

    private void warnOfQueue(Section queue, Setting<Integer> capacity) {
        if (capacity.value() == Pool.UNBOUNDED) {
            findings.warning(
                    capacity.place(),
                    queue.pathOf("capacity")
                            + ": -1 is unbounded: when tasks arrive faster than they end, the queue grows until memory ends");
        }
    }

    private void checkAging(Section queue, Setting<String> order, Setting<Duration> aging) {
        if (!aging.given()) {
            return;
        }
        if (order.value().equals(FIFO)) {
            if (order.given() || !queue.has("order")) { // otherwise what was said of the order is enough
                findings.mistake(
                        aging.place(),
                        queue.pathOf("aging") + ": needs order priority, but order is fifo: nothing overtakes there");
            }
        } else if (aging.value().isZero()) {
            findings.warning(
                    aging.place(),
                    queue.pathOf("aging")
                            + ": 0s is never: a low task doesn't start while higher ones keep coming (try \"10s\")");
        }
    }

    private void warnOfNothingToOrder(Section queue, Setting<String> order, boolean nothingWaits) {
        if (order.value().equals(PRIORITY) && nothingWaits) {
            findings.warning(
                    order.place(),
                    queue.pathOf("order")
                            + ": priority has nothing to order: with nonblocking true and a queue of capacity 0, no task waits"
                            + " (try queue.capacity 1000)");
        }
    }

    private void warning(Place place, String key, String text) {
        findings.warning(place, section.pathOf(key) + ": " + text);
    }
}
