package dev.myrmidon.bench;

import dev.myrmidon.bench.Workload.Measure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;

/// Reads the command line, lets the [Rounds] be run and prints what came out.
@Command(
        name = "myrmidon bench",
        description = {
            "%nMeasures the pool against what one would use instead, each time in a fresh JVM.",
            "",
            "A run counts tasks that have ended, after a warm-up on the same executor. Figures are medians of the"
                    + " rounds, and the last column is the median of the ratios to myrmidon in the same round: below 1"
                    + " is slower. Differences under 5 %% are noise.",
            ""
        },
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured; an executor that ran out of memory or stalled has a row that says so",
            "1:myrmidon itself could not be measured, or a file can't be written",
            "2:the command line can't be used; nothing was measured"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon bench --peers myrmidon,semaphore-outside,limit",
            "  myrmidon bench --work spin:1us --submitters 4",
            "  myrmidon bench --work sleep:10ms --heap 256m --rounds 7 --json sleep.json",
            "  myrmidon bench --work sleep:100us --capacity 10 --submitters 64 --measure wait",
            "  myrmidon bench --measure start --peers myrmidon,unbounded",
            "  myrmidon bench --work sleep:1ms --capacity 1000 --peers myrmidon,myrmidon-map,map-concurrent",
            "  myrmidon bench --from noop.json --from sleep.json --svg both.svg",
            "  myrmidon bench scaling                        simulates pools that are scaled, and fixed ones",
            "  myrmidon bench parts -h                       JMH, for the pool's parts"
        })
final class BenchCommand implements Callable<Integer> {
    private static final int NOOP_TASKS = 5_000_000;
    private static final int MOST_SLEEPING_TASKS = 1_000_000;
    private static final int STARTS = 20_000;
    private static final int LEAST_TASKS = 1_000;

    /// About how long the measured part of a run of tasks takes that need time.
    private static final double NANOS_OF_RUN = 2e9;

    private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this and do nothing.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Option(
            names = "--work",
            paramLabel = "WORK",
            defaultValue = "noop",
            converter = WorkConverter.class,
            description = "What a task does: noop, spin:TIME or sleep:TIME, such as spin:1us. Default: noop.")
    private Work work = Work.parse("noop");

    @Option(
            names = "--tasks",
            paramLabel = "N",
            description = "Tasks per run. Default: 5000000 that do nothing, or some two seconds' worth.")
    private @Nullable Integer tasks;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Tasks that run before these and don't count. Default: half as many.")
    private @Nullable Integer warmUp;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            defaultValue = "50000",
            description = "The most tasks that run at once. Default: ${DEFAULT-VALUE}.")
    private int capacity;

    @Option(
            names = "--submitters",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that submit. Default: ${DEFAULT-VALUE}.")
    private int submitters;

    @Option(names = "--virtual-submitters", description = "Submit from virtual threads.")
    private boolean virtual;

    @Option(
            names = "--measure",
            paramLabel = "WHAT",
            defaultValue = "throughput",
            description = "throughput; start: the time from submission to start, one task after the other, at rest;"
                    + " wait: how long submitting takes, besides the throughput. Default: ${DEFAULT-VALUE}.")
    private Measure what = Measure.THROUGHPUT;

    @Option(
            names = "--peers",
            paramLabel = "LIST",
            split = ",",
            converter = PeerConverter.class,
            description = "The executors, separated by commas. Default: all, which takes minutes:"
                    + " ${COMPLETION-CANDIDATES}.")
    private List<Peer> peers = new ArrayList<>();

    @Option(names = "--heap", paramLabel = "SIZE", description = "The limit of each JVM's heap, such as 256m.")
    private @Nullable String heap;

    @Option(names = "--jvm", paramLabel = "FLAG", description = "Another flag for each JVM; may be repeated.")
    private List<String> jvmFlags = new ArrayList<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each executor is measured. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--time-limit",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "A run that takes longer has stalled. Default: ${DEFAULT-VALUE}.")
    private int limitSeconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write everything to this file, which is overwritten.")
    private @Nullable Path json;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "Draw the tasks per second into this file, which is overwritten.")
    private @Nullable Path svg;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            description =
                    "Measure nothing: show what --json wrote. May be repeated, which with --svg makes one picture.")
    private List<Path> from = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        return from.isEmpty() ? measure() : show();
    }

    private int show() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (Path file : from) {
            Results results = read(file);
            print(results);
            rows.addAll(results.rows());
        }
        draw(rows);
        return CommandLine.ExitCode.OK;
    }

    private int measure() throws IOException, InterruptedException {
        check();
        for (Path file : written()) {
            Files.writeString(file, ""); // what can't be written is known before the hour is over
        }
        String date = OffsetDateTime.now(ZoneId.systemDefault())
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        Workload workload = workload();
        List<String> flags = flags();
        List<Peer> chosen = peers.isEmpty() ? defaultPeers() : List.copyOf(new LinkedHashSet<>(peers));

        List<Row> rows = new Rounds(workload, chosen, new ChildJvm(flags, Child.class.getName()), Progress.onTerminal())
                .run(rounds);

        Results results = new Results(Machine.here(flags), commandLine(), date, rows);
        if (json != null) {
            Files.writeString(json, Json.pretty(results) + "\n");
        }
        print(results);
        draw(rows);
        boolean oursFailed =
                rows.stream().anyMatch(row -> row.executor().equals(Peer.MYRMIDON.toString()) && row.failure() != null);
        return oursFailed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    @Spec
    void configure(CommandSpec commandSpec) {
        this.spec = commandSpec;
    }

    private List<Path> written() {
        return Stream.of(json, svg).flatMap(Stream::ofNullable).toList();
    }

    private Results read(Path file) throws IOException {
        try {
            return Json.read(Files.readString(file), Results.class);
        } catch (JacksonException e) {
            throw wrong("--from " + file + " is not what --json writes: " + e.getOriginalMessage());
        }
    }

    private void draw(List<Row> rows) throws IOException {
        if (svg != null) {
            Files.writeString(svg, BarChart.draw(rows));
        }
    }

    private void print(Results results) {
        PrintWriter out = spec().commandLine().getOut();
        Table.of(results).forEach(out::println);
        out.flush();
    }

    private void check() {
        atLeast(1, "--tasks", tasks);
        atLeast(1, "--warm-up", warmUp);
        atLeast(1, "--capacity", capacity);
        atLeast(1, "--submitters", submitters);
        atLeast(1, "--rounds", rounds);
        atLeast(1, "--time-limit", limitSeconds);
        if (heap != null && !heap.matches("[1-9]\\d*[kKmMgG]?")) {
            throw wrong("--heap must be a size such as 256m or 4g, was \"" + heap + "\"");
        }
        if (what == Measure.START) {
            if (submitters != 1 || work.kind() != Work.Kind.NOOP) {
                throw wrong("--measure start is about one submitter and tasks that do nothing");
            }
        }
        if (what != Measure.THROUGHPUT) {
            for (Peer peer : peers) {
                if (!isMeasured(peer)) {
                    throw wrong("--measure " + what.name().toLowerCase(Locale.ROOT) + " has no use for " + peer
                            + ", which submits nothing");
                }
            }
        }
    }

    private void atLeast(int least, String option, @Nullable Integer value) {
        if (value != null && value < least) {
            throw wrong(option + " must be at least " + least + ", was " + value);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec().commandLine(), message);
    }

    private Workload workload() {
        int measured = tasks == null ? defaultTasks() : tasks;
        return new Workload(
                what,
                work,
                work.kind() == Work.Kind.SPIN ? Spin.calibrate(work.nanos()) : 0,
                measured,
                warmUp == null ? Math.max(1, measured / 2) : warmUp,
                capacity,
                submitters,
                virtual,
                limitSeconds);
    }

    private int defaultTasks() {
        if (what == Measure.START) {
            return STARTS;
        }
        int cores = Runtime.getRuntime().availableProcessors();
        return switch (work.kind()) {
            case NOOP -> NOOP_TASKS;
            case SPIN -> worth(cores, NOOP_TASKS);
            case SLEEP -> worth(capacity, MOST_SLEEPING_TASKS);
        };
    }

    private int worth(int atOnce, int most) {
        return (int) Math.max(LEAST_TASKS, Math.min(most, atOnce * NANOS_OF_RUN / work.nanos()));
    }

    private List<Peer> defaultPeers() {
        return Arrays.stream(Peer.values())
                .filter(Peer::isDefault)
                .filter(this::isMeasured)
                .toList();
    }

    /// Loops have no submissions; beside those of others they stand for the throughput.
    private boolean isMeasured(Peer peer) {
        return peer.takesSubmissions() || what == Measure.THROUGHPUT || (peer == Peer.LIMIT && what == Measure.WAIT);
    }

    private List<String> flags() {
        List<String> flags = new ArrayList<>(jvmFlags);
        if (heap != null) {
            flags.add("-Xmx" + heap);
        }
        return flags;
    }

    private String commandLine() {
        ParseResult parsed = spec().commandLine().getParseResult();
        List<String> words = new ArrayList<>(List.of("./myrmidon", "bench"));
        words.addAll(parsed.originalArgs());
        return String.join(" ", words);
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }

    /// Reads what tasks do.
    static final class WorkConverter implements ITypeConverter<Work> {
        @Override
        public Work convert(String text) {
            try {
                return Work.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /// Reads the names of executors.
    static final class PeerConverter implements ITypeConverter<Peer> {
        @Override
        public Peer convert(String text) {
            try {
                return Peer.named(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
