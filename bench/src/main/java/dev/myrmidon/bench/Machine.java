package dev.myrmidon.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where something was measured.
///
/// @param cpu the model of the processor
/// @param cores how many the JVM may use
/// @param memoryBytes how much there is
/// @param os name and version
/// @param jvm name, version and vendor
/// @param jvmFlags with which each executor's JVM was started
record Machine(String cpu, int cores, long memoryBytes, String os, String jvm, List<String> jvmFlags) {
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final Path STATUS = Path.of("/proc/self/status");

    /// This machine.
    static Machine here(List<String> jvmFlags) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        String model = valueOf("model name", CPUS);
        return new Machine(
                model == null ? System.getProperty("os.arch") : model,
                Runtime.getRuntime().availableProcessors(),
                system.getTotalMemorySize(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version") + ", "
                        + System.getProperty("java.vm.vendor"),
                jvmFlags);
    }

    /// The most memory that this process ever had of the system, in bytes; null where the system doesn't tell.
    static @Nullable Long peakRss() {
        String peak = valueOf("VmHWM", STATUS);
        return peak == null ? null : Long.parseLong(peak.substring(0, peak.indexOf(' '))) * 1024;
    }

    private static @Nullable String valueOf(String key, Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null; // not Linux
        }
    }
}
