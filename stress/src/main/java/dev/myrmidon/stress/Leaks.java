package dev.myrmidon.stress;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Looks for what is left when everything should be gone.
final class Leaks {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Leaks() {}

    /// Bytes in use after a collection.
    static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /// Platform threads but for the carriers, of which the scheduler has as many as it likes.
    static int threads() {
        return (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("ForkJoinPool"))
                .count();
    }

    /// How many [threads][#threads()] there are once those that are about to end have ended: as soon as
    /// there are no more than so many, or after [#PATIENCE].
    static int threadsLeft(int most) {
        long start = System.nanoTime();
        int threads = threads();
        while (threads > most && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(10_000_000);
            threads = threads();
        }
        return threads;
    }

    /// Throws if a thread whose name starts so is left, and doesn't end soon: a pool has ended when its last task
    /// has, shortly before its last thread.
    static void requireNoThread(String prefix) throws IOException {
        long start = System.nanoTime();
        String dump = dump();
        while (dump.contains("\"" + prefix)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("threads of closed pools are left:\n" + dump);
            }
            LockSupport.parkNanos(10_000_000);
            dump = dump();
        }
    }

    /// Every thread, the virtual ones too.
    static String dump() throws IOException {
        Path file = Files.createTempDirectory("dump").resolve("threads.txt");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
            return Files.readString(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(file.getParent());
        }
    }
}
