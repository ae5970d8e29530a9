package dev.myrmidon.stress;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// Looks for what is left when everything should be gone.
final class Leaks {
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

    /// Throws if a thread whose name starts so is left.
    static void requireNoThread(String prefix) throws IOException {
        String dump = dump();
        if (dump.contains("\"" + prefix)) {
            throw new AssertionError("threads of closed pools are left:\n" + dump);
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
