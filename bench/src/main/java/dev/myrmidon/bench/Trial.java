package dev.myrmidon.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.myrmidon.bench.Workload.Measure;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A warm-up and a measured part on one executor.
///
/// The tasks count themselves when they end, and the clock stops when all have: an executor that takes tasks faster
/// than it runs them gains nothing.
final class Trial {
    /// How often it is looked whether the last task has ended: a ten thousandth of a run of a second.
    private static final long LOOK_NANOS = 100_000;

    private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final Workload workload;
    private final LongAdder ended;
    private final Course course;

    private long startNanos;
    private long startCpu;
    private long startAllocated;

    Trial(Workload workload, LongAdder ended, Course course) {
        this.workload = workload;
        this.ended = ended;
        this.course = course;
    }

    Measurement measure() throws InterruptedException {
        course.run(workload.warmUp(), () -> {});
        awaitEnded(workload.warmUp());

        long[][] times = course.run(workload.tasks(), this::begin);
        awaitEnded((long) workload.warmUp() + workload.tasks());
        long nanos = System.nanoTime() - startNanos;
        long cpu = system.getProcessCpuTime() - startCpu;
        // Of all threads, carriers included, and these allocate for the virtual threads that they carry.
        long allocated = threads.getTotalThreadAllocatedBytes() - startAllocated;

        Long peakRss = Machine.peakRss();
        return new Measurement(
                workload.tasks(),
                nanos,
                cpu,
                allocated,
                peakRss,
                latency(Measure.START, times),
                latency(Measure.WAIT, times),
                Runtime.getRuntime().maxMemory(),
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .map(GarbageCollectorMXBean::getName)
                        .collect(Collectors.joining(", ")));
    }

    private void begin() {
        startAllocated = threads.getTotalThreadAllocatedBytes();
        startCpu = system.getProcessCpuTime();
        startNanos = System.nanoTime();
    }

    private void awaitEnded(long tasks) {
        while (ended.sum() < tasks) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        if (ended.sum() > tasks) {
            throw new IllegalStateException("ran " + ended.sum() + " tasks of " + tasks);
        }
    }

    private @Nullable Latency latency(Measure measure, long[][] times) {
        if (workload.measure() != measure || times.length == 0) {
            return null;
        }
        return Latency.of(Arrays.stream(times).flatMapToLong(Arrays::stream).toArray());
    }
}
