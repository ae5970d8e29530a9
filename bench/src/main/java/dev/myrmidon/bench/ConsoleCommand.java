package dev.myrmidon.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Measures what clients of an engine's events cost its tasks.
@Command(
        name = "console",
        description = {
            "%nMeasures what those who watch an engine cost it: as many tasks as its pools take, in rounds with and without"
                    + " clients of /api/events, which are in a process of their own; then so many tasks a second with the"
                    + " clients there, and the heap after a collection.",
            ""
        },
        sortOptions = false)
final class ConsoleCommand implements Callable<Integer> {
    private static final String TOKEN = "only-for-the-measurement";
    private static final String FORM = "%5s  %12s  %12s  %7s  %12s  %12s";

    /// How often the heap is looked at.
    private static final int HEAP_SECONDS = 30;

    private @Nullable CommandSpec spec;

    @Option(names = "--pools", paramLabel = "N", defaultValue = "50", description = "Default: ${DEFAULT-VALUE}.")
    private int pools;

    @Option(
            names = "--micros",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long a task computes. Default: ${DEFAULT-VALUE}.")
    private int micros;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "20",
            description = "Those that read. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(
            names = "--deaf",
            paramLabel = "N",
            defaultValue = "2",
            description = "Those that don't read, in the second part. Default: ${DEFAULT-VALUE}.")
    private int deaf;

    @Option(
            names = "--interval",
            paramLabel = "MS",
            defaultValue = "1000",
            description = "From one sample of a pool to the next. Default: ${DEFAULT-VALUE}.")
    private int interval;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long each half of a round takes. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Tasks a second in the second part. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--soak",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long the second part takes. Default: ${DEFAULT-VALUE}.")
    private int soak;

    /// A piece of a round.
    ///
    /// @param perSecond tasks
    /// @param perCpuSecond tasks for a second of CPU time of the engine's process
    /// @param clientCpu the clients' part of a second of CPU time, for each second
    private record Half(double perSecond, double perCpuSecond, double clientCpu) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (pools < 1 || micros < 1 || clients < 0 || deaf < 0 || interval < 10 || rounds < 1 || seconds < 1) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--pools, --micros, --rounds and --seconds must be at least 1, --interval at least 10");
        }
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        Path token = Files.createTempFile("myrmidon-bench", ".token");
        try {
            Files.writeString(token, TOKEN);
            out.println(Table.format(
                    "%d pools, tasks of %d us, a sample of each pool every %d ms, %d clients",
                    pools, micros, interval, clients));
            long spins = Spin.calibrate(TimeUnit.MICROSECONDS.toNanos(micros));
            try (ConsoleLoad load = new ConsoleLoad(pools, spins, Duration.ofMillis(interval), token)) {
                compare(load, out);
                soak(load, out);
            }
        } finally {
            Files.delete(token);
        }
        return 0;
    }

    private void compare(ConsoleLoad load, PrintWriter out) throws IOException, InterruptedException {
        out.println(Table.format(FORM, "round", "without/s", "with/s", "ratio", "ratio by CPU", "clients' CPU"));
        load.saturate();
        half(load, false); // to warm up
        List<Double> ratios = new ArrayList<>();
        List<Double> byCpu = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            boolean withFirst = round % 2 == 0; // so that what drifts favours nobody
            Half first = half(load, withFirst);
            Half second = half(load, !withFirst);
            Half with = withFirst ? first : second;
            Half without = withFirst ? second : first;
            ratios.add(with.perSecond() / without.perSecond());
            byCpu.add(with.perCpuSecond() / without.perCpuSecond());
            out.println(Table.format(
                    FORM,
                    round,
                    Math.round(without.perSecond()),
                    Math.round(with.perSecond()),
                    Table.format("%.3f", ratios.getLast()),
                    Table.format("%.3f", byCpu.getLast()),
                    Table.format("%.1f %%", 100 * with.clientCpu())));
            out.flush();
        }
        load.stop();
        out.println("ratio " + shown(Range.of(ratios)) + ", by CPU " + shown(Range.of(byCpu)));
    }

    private static String shown(Range range) {
        return Table.format("%.3f (%.3f to %.3f)", range.median(), range.min(), range.max());
    }

    private Half half(ConsoleLoad load, boolean watched) throws IOException, InterruptedException {
        Process child = watched ? startClients(load.address(), clients, 0) : null;
        try {
            long cpu = cpu();
            long clientCpu = child == null ? 0 : cpu(child);
            long completed = load.completed();
            long begin = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            double took = (System.nanoTime() - begin) / 1e9;
            long done = load.completed() - completed;
            return new Half(
                    done / took,
                    done / ((cpu() - cpu) / 1e9),
                    child == null ? 0 : (cpu(child) - clientCpu) / 1e9 / took);
        } finally {
            if (child != null) {
                child.destroyForcibly().waitFor();
            }
        }
    }

    private void soak(ConsoleLoad load, PrintWriter out) throws IOException, InterruptedException {
        if (soak < 1) {
            return;
        }
        out.println(
                Table.format("%d tasks/s for %d s, %d clients that read and %d that don't", rate, soak, clients, deaf));
        Process child = startClients(load.address(), clients, deaf);
        try {
            load.submit(rate);
            long begin = System.nanoTime();
            long before = load.completed();
            for (int at = 0; at < soak; ) {
                int step = Math.min(HEAP_SECONDS, soak - at);
                TimeUnit.SECONDS.sleep(step);
                at += step;
                double perSecond = (load.completed() - before) / ((System.nanoTime() - begin) / 1e9);
                out.println(Table.format(
                        "%5d s  %8d/s  heap after GC %6.1f MB",
                        at, Math.round(perSecond), usedAfterCollection() / 1e6));
                out.flush();
            }
            load.stop();
            child.getOutputStream().close();
            ConsoleClients.Report report =
                    Json.read(Objects.requireNonNull(child.inputReader().readLine()), ConsoleClients.Report.class);
            out.println(Table.format(
                    "%d of %d clients still read, after %d events; %d of %d that don't read were dropped",
                    report.alive(), clients, report.events(), report.dropped(), deaf));
        } finally {
            child.destroyForcibly();
        }
    }

    /// Starts them and waits until all are there.
    private static Process startClients(URI address, int readers, int deaf) throws IOException {
        Process child = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ConsoleClients.class.getName(),
                        address.toString(),
                        Integer.toString(readers),
                        Integer.toString(deaf))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!"ready".equals(child.inputReader().readLine())) {
            child.destroyForcibly();
            throw new IOException("the clients could not connect to " + address);
        }
        return child;
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long cpu(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Spec
    void configure(CommandSpec commandSpec) {
        this.spec = commandSpec;
    }
}
