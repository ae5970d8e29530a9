package dev.myrmidon.engine.each;

import dev.myrmidon.Pool;
import dev.myrmidon.TaskOptions;
import dev.myrmidon.engine.each.EachOptions.Command;
import dev.myrmidon.engine.each.EachOptions.Function;
import dev.myrmidon.engine.each.EachOptions.Http;
import dev.myrmidon.engine.each.EachOptions.ProgressMode;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// One run of `myrmidon each`, from the first item to the summary.
public final class EachRun {
    private static final int EXIT_GOOD = 0;
    private static final int EXIT_BAD = 1;

    /// Whoever writes to a pipe that nobody reads ends by SIGPIPE, which is 13.
    private static final int EXIT_PIPE = 128 + 13;

    /// What the JVM makes of bytes of the command line that its charset doesn't have: it is too late to pass them
    /// on.
    private static final char UNREADABLE = '\uFFFD';

    private static final Duration TICK = Duration.ofMillis(200);

    private final EachOptions options;
    private final Streams streams;
    private final Tally tally = new Tally();
    private final Mailbox mailbox = new Mailbox();
    private final Scratch scratch = new Scratch();
    private final JobPool job;
    private final Pool pool;
    private final Stop stop;

    /// One reason is enough: others follow from it.
    private final AtomicBoolean complained = new AtomicBoolean();

    /// Held to say how the run ends.
    private final Object lastWords = new Object();

    /// True when the last line is being said. Guarded by lastWords.
    private boolean over;

    private final long start = System.nanoTime();

    private EachRun(EachOptions options, Streams streams, JobPool job) {
        this.options = options;
        this.streams = streams;
        this.job = job;
        this.pool = job.pool();
        this.stop = new Stop(pool, mailbox);
    }

    /// Runs with the standard streams of this process, and handles its signals.
    ///
    /// @return the exit code
    /// @throws UsageException if something that was asked for can't be done; nothing was
    /// @throws IOException if temporary files can't be deleted
    /// @throws InterruptedException if the calling thread is interrupted
    public static int run(EachOptions options) throws UsageException, IOException, InterruptedException {
        options.check();
        // Not System.out: that one swallows every failure.
        Streams streams = new Streams(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Terminal.onStandardOutput() && Terminal.onStandardError());
        PrintStream err = System.err;
        try (JobPool job = JobPool.open(options)) {
            if (job.isManaged()) {
                System.setErr(streams.errors()); // where the log of what others change goes
            }
            return new EachRun(options, streams, job).run();
        } finally {
            System.setErr(err);
        }
    }

    private int run() throws UsageException, IOException, InterruptedException {
        try (scratch;
                FileInputStream in = input();
                ItemRunner runner = runner();
                Journal journal = journal()) {
            return run(in, runner, journal, record());
        }
    }

    private int run(FileInputStream in, ItemRunner runner, @Nullable Journal journal, @Nullable FileOutputStream record)
            throws IOException, InterruptedException {
        JsonLines json = record == null
                ? null
                : new JsonLines(
                        record,
                        options.work() instanceof Http,
                        options.retries().most() > 0);
        Spill spill = options.keepOrder() ? new Spill(scratch) : null;
        Reporter reporter = new Reporter(mailbox, streams, json, journal, spill, faults());
        Attempts attempts = new Attempts(
                pool, taskOptions(), job.isManaged(), options.retries(), options.effectiveCapacity(), stop);
        Execution execution =
                new Execution(runner, options.timeout(), stop, tally, reporter, this::itemFailed, attempts);
        LineReader lines = new LineReader(in);
        ItemSource items = lines;
        if (journal != null) {
            journal.start(forced(record), e -> fail("--journal " + options.journal() + ": " + Failures.reason(e)));
            items = new RemainingItems(lines, journal, tally, stop::running, this::inputChanged);
        }
        reporter.start();
        job.invitation().ifPresent(streams::say);
        try (Signals _ = new Signals(this::signalled);
                ProgressLine _ = progress(lines, length(in))) {
            Intake intake = new Intake(items, job, execution, attempts, options.keyField(), stop, this::fail);
            intake.start();
            while (!pool.awaitTermination(TICK.toMillis(), TimeUnit.MILLISECONDS) && !stop.overdue()) {}
            intake.betweenSubmissions(execution::giveUp);
            reporter.finish(stop::overdue);
        }
        job.close(); // before the last line
        synchronized (lastWords) { // a signal that is being handled has its say before
            over = true;
            return sayHowItWent();
        }
    }

    /// @return the exit code
    private int sayHowItWent() {
        Summary summary = tally.summary(System.nanoTime() - start).closed();
        if (summary.submitted() == 0 && summary.skipped() > 0 && stop.exitOr(EXIT_GOOD) == EXIT_GOOD) {
            streams.say("myrmidon each: nothing to do, earlier runs did all of it");
        }
        streams.say(summary.toString());
        return stop.exitOr(summary.good() ? EXIT_GOOD : EXIT_BAD);
    }

    private TaskOptions taskOptions() {
        return options.timeout() == null ? TaskOptions.NONE : TaskOptions.NONE.timeout(options.timeout());
    }

    private FileInputStream input() throws UsageException {
        Path file = options.in();
        if (file == null) {
            if (Terminal.inputIsTaken()) {
                throw new UsageException("standard input is closed");
            }
            return new FileInputStream(FileDescriptor.in);
        }
        if (Files.isDirectory(file)) {
            throw new UsageException("--in " + file + ": is a directory");
        }
        try {
            return new FileInputStream(file.toFile());
        } catch (IOException e) {
            throw new UsageException("--in " + file + ": " + Failures.reason(e));
        }
    }

    /// How long the input is, if it is a file; 0 for what has no length.
    private static long length(FileInputStream in) {
        try {
            return in.getChannel().size() - in.getChannel().position();
        } catch (IOException e) {
            return 0;
        }
    }

    private ItemRunner runner() throws UsageException {
        return switch (options.work()) {
            case Command command -> commandRunner(command);
            case Http _ -> new HttpRunner();
            case Function function ->
                new FunctionRunner(FunctionLoader.load(function.className(), function.classpath()), scratch);
        };
    }

    private ItemRunner commandRunner(Command command) throws UsageException {
        for (String word : command.words()) {
            if (word.indexOf(UNREADABLE) >= 0) {
                throw new UsageException("\"" + word + "\" in the command can't be read in the locale's "
                        + CommandLines.PLATFORM + " (try LC_ALL=C.UTF-8)");
            }
        }
        CommandTemplate template = new CommandTemplate(command.words(), CommandLines.PLATFORM);
        String program = command.words().getFirst();
        String problem = template.programVaries() ? null : ProgramPath.problem(program, System.getenv("PATH"));
        if (problem != null) {
            boolean file = options.in() == null && new File(program).isFile();
            throw new UsageException(problem + (file ? " (to read items from a file, say --in " + program + ")" : ""));
        }
        return new CommandRunner(template, scratch);
    }

    private @Nullable Journal journal() throws UsageException {
        Path file = options.journal();
        if (file == null) {
            return null;
        }
        if (isSame(file, options.in())) {
            throw new UsageException("--journal " + file + ": is the file that --in reads");
        }
        if (isSame(file, options.out())) {
            throw new UsageException("--journal " + file + ": is the file that --out writes");
        }
        return Journal.open(file, options.work());
    }

    private static boolean isSame(Path file, @Nullable Path other) {
        try {
            return other != null && (isSameName(file, other) || Files.isSameFile(file, other));
        } catch (IOException e) {
            return false; // one of them isn't there yet
        }
    }

    private static boolean isSameName(Path file, Path other) {
        return file.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }

    /// What has to be on the disk before the journal is.
    private Journal.Forced forced(@Nullable FileOutputStream record) {
        Path file = options.out();
        if (record == null || file == null || !Files.isRegularFile(file)) {
            return () -> {}; // pipes and devices can't be forced
        }
        return () -> record.getChannel().force(false);
    }

    private @Nullable FileOutputStream record() throws UsageException {
        Path file = options.out();
        if (file == null) {
            return null;
        }
        try {
            Path in = options.in();
            if (in != null && Files.exists(file) && Files.isSameFile(in, file)) {
                throw new UsageException("--out " + file + ": is the file that --in reads");
            }
            return options.journal() == null ? new FileOutputStream(file.toFile()) : AppendedFile.open(file);
        } catch (IOException e) {
            throw new UsageException("--out " + file + ": " + Failures.reason(e));
        }
    }

    private @Nullable ProgressLine progress(LineReader lines, long length) {
        boolean shown = options.progress() == ProgressMode.ALWAYS
                || (options.progress() == ProgressMode.AUTO && Terminal.onStandardError());
        return shown
                ? new ProgressLine(
                        streams,
                        new ProgressLine.Source(tally, () -> pool.stats().running(), lines::bytesCut, length))
                : null;
    }

    private Reporter.Faults faults() {
        return new Reporter.Faults(
                this::outputFailed,
                e -> fail("--out " + options.out() + ": " + Failures.reason(e)),
                e -> fail("temporary files: " + Failures.reason(e)),
                e -> fail("unexpected failure: " + Failures.text(e)));
    }

    /// Nobody reads our output any more: that is how `head` says that it has seen enough.
    private void outputFailed(IOException e) {
        if (Terminal.outputIsPipe() || String.valueOf(e.getMessage()).contains("Broken pipe")) {
            stop.cancel(EXIT_PIPE);
        } else {
            fail("standard output: " + Failures.reason(e));
        }
    }

    private void fail(String reason) {
        if (complained.compareAndSet(false, true)) {
            streams.say("myrmidon each: " + reason);
        }
        stop.cancel(EXIT_BAD);
    }

    /// What was begun was right all the same, so it may end.
    private void inputChanged(String how) {
        if (complained.compareAndSet(false, true)) {
            streams.say("myrmidon each: --journal " + options.journal() + ": " + how
                    + "; go on with the input it was, with lines added at its end at most, or name another journal");
        }
        stop.exitWith(EXIT_BAD);
    }

    private void itemFailed(Item item) {
        if (options.failFast()) {
            fail("stopping, since " + item + " failed");
        }
    }

    private void signalled(int code) {
        synchronized (lastWords) {
            if (!over && stop.drain(code)) {
                int running = pool.stats().running();
                streams.say("myrmidon each: stopping"
                        + (running == 0
                                ? ""
                                : "; " + running + " running may take " + Stop.PATIENCE.toSeconds()
                                        + "s more, another Ctrl-C ends them now"));
            }
        }
    }
}
