package dev.myrmidon.manage;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/// Takes a [JvmSample] at an interval, in a platform thread of its own, so that it goes on when virtual
/// threads get no carrier. Looking changes nothing, but for one virtual thread that it starts at each sample
/// to see how soon it runs.
public final class JvmMonitor implements AutoCloseable {
    private final Periodic periodic = new Periodic("myrmidon-jvm-monitor");
    private final @Nullable PinnedEvents pinnedEvents;
    private final Readings readings;

    /// Starts; the first sample comes after one interval.
    ///
    /// @param interval the time between samples; positive
    /// @param pinned whether to learn of pinned virtual threads, for which it records events of the JDK Flight
    ///     Recorder. If that isn't to be had, it says so in the log and goes on without
    /// @param listener told of each sample, in the monitor's thread, so it must not block. What it throws is
    ///     logged and goes no further
    /// @throws IllegalArgumentException if the interval is not positive or longer than 292 years
    public JvmMonitor(Duration interval, boolean pinned, Consumer<JvmSample> listener) {
        Objects.requireNonNull(listener, "listener");
        if (!interval.isPositive() || interval.compareTo(Duration.ofNanos(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("interval must be positive and at most 292 years, was " + interval);
        }
        pinnedEvents = pinned ? PinnedEvents.start() : null;
        readings = new Readings(pinnedEvents);
        var _ = periodic.every(interval, () -> listener.accept(readings.sample()));
    }

    /// Ends it. A sample that is being taken still reaches the listener.
    @Override
    public void close() {
        periodic.close();
        if (pinnedEvents != null) {
            pinnedEvents.close();
        }
    }

    /// Takes one sample after the other. Not thread-safe.
    static final class Readings {
        private static final Set<String> HEAP_POOLS = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getName)
                .collect(Collectors.toSet());

        /// The old generation, or all if there are no generations: young ones have no usage threshold.
        private final List<MemoryPoolMXBean> oldPools = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.isUsageThresholdSupported())
                .toList();
        private final List<GarbageCollectorMXBean> collectors =
                ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class);
        private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        private final VirtualThreadSchedulerMXBean scheduler =
                ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        private final @Nullable PinnedEvents pinnedEvents;

        private long nanos = System.nanoTime();
        private long collections = collections();
        private long gcMillis = gcMillis();
        private Probe probe = new Probe();

        /// The first sample's interval begins now.
        Readings(@Nullable PinnedEvents pinnedEvents) {
            this.pinnedEvents = pinnedEvents;
        }

        /// The sample of the time since the one before it.
        JvmSample sample() {
            long nanosBefore = nanos;
            long collectionsBefore = collections;
            long gcMillisBefore = gcMillis;
            nanos = System.nanoTime();
            collections = collections();
            gcMillis = gcMillis();
            Runtime runtime = Runtime.getRuntime();
            PinnedEvents.Seen seen = pinnedEvents == null ? PinnedEvents.Seen.NONE : pinnedEvents.take();
            return new JvmSample(
                    Instant.now(),
                    Duration.ofNanos(Math.max(1, nanos - nanosBefore)),
                    runtime.totalMemory() - runtime.freeMemory(),
                    heapAfterGc(),
                    heapLive(),
                    runtime.maxMemory(),
                    threads.getThreadCount(),
                    carriers(),
                    seen.count(),
                    seen.longest(),
                    collections - collectionsBefore,
                    Duration.ofMillis(gcMillis - gcMillisBefore));
        }

        /// Unknown numbers, which are −1, become 0.
        private JvmSample.Carriers carriers() {
            Duration delay = probe.waited();
            if (probe.hasRun()) {
                probe = new Probe();
            }
            return new JvmSample.Carriers(
                    Math.max(0, scheduler.getParallelism()),
                    Math.toIntExact(Math.max(0, scheduler.getMountedVirtualThreadCount())),
                    Math.toIntExact(Math.max(0, scheduler.getQueuedVirtualThreadCount())),
                    delay);
        }

        private long heapAfterGc() {
            long heap = afterLastGc();
            return heap > 0 ? heap : heapLive(); // Shenandoah tells nothing of one collection
        }

        private long afterLastGc() {
            return collectors.stream()
                    .map(GarbageCollectorMXBean::getLastGcInfo)
                    .filter(Objects::nonNull) // has not collected yet
                    .max(Comparator.comparingLong(GcInfo::getEndTime))
                    .map(last -> last.getMemoryUsageAfterGc().entrySet().stream()
                            .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
                            .mapToLong(pool -> pool.getValue().getUsed())
                            .sum())
                    .orElse(0L);
        }

        private long heapLive() {
            long live = 0;
            for (MemoryPoolMXBean pool : oldPools) {
                MemoryUsage usage = pool.getCollectionUsage();
                live += usage == null ? 0 : usage.getUsed();
            }
            return live;
        }

        private long collections() {
            return collectors.stream()
                    .mapToLong(collector -> Math.max(0, collector.getCollectionCount()))
                    .sum();
        }

        private long gcMillis() {
            return collectors.stream()
                    .mapToLong(collector -> Math.max(0, collector.getCollectionTime()))
                    .sum();
        }
    }

    /// A virtual thread that notes when it runs.
    private static final class Probe {
        private final long started = System.nanoTime();
        private volatile @Nullable Long ran;

        Probe() {
            Thread.ofVirtual().name("myrmidon-probe").start(() -> ran = System.nanoTime());
        }

        boolean hasRun() {
            return ran != null;
        }

        Duration waited() {
            Long at = ran;
            return Duration.ofNanos((at == null ? System.nanoTime() : at) - started);
        }
    }
}
