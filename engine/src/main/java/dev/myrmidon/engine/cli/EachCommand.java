package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.each.EachOptions;
import dev.myrmidon.engine.each.EachOptions.ProgressMode;
import dev.myrmidon.engine.each.EachRun;
import dev.myrmidon.engine.each.KeyField;
import dev.myrmidon.engine.each.UsageException;
import dev.myrmidon.engine.internal.config.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `myrmidon each`.
@Command(
        name = "each",
        customSynopsis = {
            "myrmidon each [OPTIONS] [--] COMMAND ARG...",
            "       myrmidon each [OPTIONS] --http",
            "       myrmidon each [OPTIONS] --function CLASS --classpath PATH"
        },
        description = {
            "%nRuns a command, a request or a function for each line of the input, many at once.",
            "",
            "Each line is an item, as it stands; empty lines are skipped, and lines may end in CR LF. In the command, {}"
                    + " stands for the item; without a {} it becomes the last argument. No shell is involved. Commands"
                    + " read from /dev/null, and where setsid exists no Ctrl-C reaches them. The output of each item appears as a whole, when the item has ended; so does"
                    + " what it says on standard error. The last line on standard error counts the items.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all items completed",
            "1:some failed or were cancelled, also by --fail-fast; or --out or --journal can't be written, or the input"
                    + " is not the one of the --journal",
            "2:the command line can't be used; nothing was started",
            "130:Ctrl-C (SIGTERM 143, SIGHUP 129): nothing more was read, what ran had 5 seconds to end",
            "141:nobody reads standard output any more, as after | head -1"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  find . -name '*.java' | myrmidon each --capacity 4 -- sha256sum {}",
            "  myrmidon each --in hosts.txt --timeout 10s --out results.jsonl -- ssh {} uptime",
            "  myrmidon each --in urls.txt --capacity 200 --timeout 5s --keep-order --http",
            "  myrmidon each --in urls.txt --http --journal urls.journal --out results.jsonl",
            "  myrmidon each --in urls.txt --retries 5 --backoff 500ms --timeout 5s --http",
            "  myrmidon each --in urls.txt --http --management 8080",
            "  myrmidon each --in transfers.jsonl --key-field account --fail-fast -- ./book.sh {}",
            "  myrmidon each --in orders.csv --function com.example.Ship --classpath ship.jar"
        })
final class EachCommand implements Callable<Integer> {
    private static final Duration DEFAULT_BACKOFF = Duration.ofSeconds(1);

    private @Nullable CommandSpec spec;

    @Option(
            names = "--in",
            paramLabel = "FILE",
            description = "Read the items from this file instead of standard input.")
    private @Nullable Path in;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            description = "Run at most so many at once. Default: twice the processors for a command, 64 otherwise.")
    private @Nullable Integer capacity;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "End an item after this time, such as 10s or 1m30s: a command with all that it started, a request"
                            + " with its body, a function by interrupting it. Default: never.")
    private @Nullable Duration timeout;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write a line of JSON for each item to this file, which is overwritten unless there is a"
                    + " --journal: item, index (the number of the line), status (completed, failed, timed_out"
                    + " or cancelled), millis, exit, output, error; with --http also http_status and bytes.")
    private @Nullable Path out;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description =
                    "Note in this file which lines are done, four bytes for each, so that the next run with the same"
                            + " file, input and work does only the others. Only items that completed are done; those"
                            + " that failed or timed out are tried again. Items that were under way when a run was"
                            + " killed run again, so end the commands that it left running. An item is done when its"
                            + " output is written, with --keep-order in its turn. Lines may be added at the end of the"
                            + " input; a line that was done and has changed ends the run. --out is appended to.")
    private @Nullable Path journal;

    @Option(names = "--keep-order", description = "Report the items in the order of the input.")
    private boolean keepOrder;

    @Option(names = "--keep-going", description = "Go on after an item that failed. This is the default.")
    private boolean keepGoing;

    @Option(
            names = "--fail-fast",
            description = "Stop at the first item that fails or times out: end what runs, begin nothing more.")
    private boolean failFast;

    @Option(
            names = "--key-field",
            paramLabel = "N|NAME",
            converter = KeyFieldConverter.class,
            description =
                    "Run items with the same key one at a time, in the order of the input. The key is the Nth field of"
                            + " the line, where spaces and tabs separate fields, or the field NAME of the JSON object"
                            + " that is the line. An item without it fails.")
    private @Nullable KeyField keyField;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description =
                    "Try an item that fails or times out again, up to N more times. While it waits for that others run;"
                            + " of its key none does. What is shown and recorded is the last attempt, and with --out"
                            + " also attempts. --timeout is for each attempt. Default: 0.")
    private int retries;

    @Option(
            names = "--backoff",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description =
                    "Wait about this long before the first of --retries, and twice as long before each further one, up"
                            + " to 1m or TIME if that is longer; each time half as long again or half as long, by chance."
                            + " Default: 1s.")
    private @Nullable Duration backoff;

    @Option(
            names = "--progress",
            paramLabel = "auto|always|never",
            converter = ProgressConverter.class,
            description = "Show progress on standard error. auto, the default: if that is a terminal.")
    private ProgressMode progress = ProgressMode.AUTO;

    @Option(
            names = "--management",
            paramLabel = "PORT",
            description =
                    "Show the run at this port of this machine, 0 for any that is free, as \"run\" shows an engine: its"
                            + " pool is \"each\", its tasks are the items. There it can be resized and paused, and an item"
                            + " that runs cancelled, which then is neither completed nor tried again. Standard error"
                            + " says where, and where the token is that this needs.")
    private @Nullable Integer management;

    @Option(
            names = "--http",
            description =
                    "Get each item, a URI, and print a line with status, bytes, milliseconds and the item. Whatever"
                            + " isn't 2xx after redirects has failed.")
    private boolean http;

    @Option(
            names = "--function",
            paramLabel = "CLASS",
            description = "Apply this class, which implements dev.myrmidon.engine.ItemFunction, to each item.")
    private @Nullable String function;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            description =
                    "Where the class of --function and what it needs are: jars and directories, separated by colons.")
    private @Nullable String classpath;

    @Parameters(
            paramLabel = "COMMAND",
            arity = "0..*",
            description = "The command, up to the end of the line; -- before it is needed only if it starts with a -.")
    private List<String> command = new ArrayList<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine commandLine = Checked.given(spec).commandLine();
        try {
            if (keepGoing && failFast) {
                throw new UsageException("--keep-going and --fail-fast exclude each other");
            }
            return EachRun.run(new EachOptions(
                    work(),
                    in,
                    capacity,
                    timeout,
                    out,
                    journal,
                    keepOrder,
                    failFast,
                    keyField,
                    progress,
                    retries(),
                    management));
        } catch (UsageException e) {
            commandLine.getErr().println("myrmidon each: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
    }

    /// Lets the command begin at the first word that is no option: its own options are none of ours.
    @Spec
    void configure(CommandSpec commandSpec) {
        commandSpec.parser().stopAtPositional(true);
        this.spec = commandSpec;
    }

    private EachOptions.Retries retries() throws UsageException {
        if (backoff != null && retries == 0) {
            throw new UsageException("--backoff is for --retries only");
        }
        return new EachOptions.Retries(retries, backoff == null ? DEFAULT_BACKOFF : backoff);
    }

    /// What to do with each item.
    private EachOptions.Work work() throws UsageException {
        int said = (command.isEmpty() ? 0 : 1) + (http ? 1 : 0) + (function == null ? 0 : 1);
        if (said != 1) {
            throw new UsageException((said == 0 ? "nothing to do with the items" : "too much to do with the items")
                    + ": give one of COMMAND, --http and --function CLASS --classpath PATH");
        }
        if (function == null && classpath != null) {
            throw new UsageException("--classpath is for --function only");
        }
        if (function != null && classpath == null) {
            throw new UsageException("--function " + function + " needs --classpath PATH, where its class is");
        }
        if (function != null && classpath != null) {
            return new EachOptions.Function(function, classpath);
        }
        return http ? new EachOptions.Http() : new EachOptions.Command(command);
    }

    /// Reads durations as in config.yaml.
    static final class TimeConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.parse(text);
            } catch (Durations.BadDuration e) {
                throw new TypeConversionException("\"" + text + "\" " + e.why());
            }
        }
    }

    /// Reads what `--key-field` takes.
    static final class KeyFieldConverter implements ITypeConverter<KeyField> {
        @Override
        public KeyField convert(String text) {
            try {
                return KeyField.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /// Reads the modes of progress in lower case.
    static final class ProgressConverter implements ITypeConverter<ProgressMode> {
        @Override
        public ProgressMode convert(String text) {
            return switch (text) {
                case "auto" -> ProgressMode.AUTO;
                case "always" -> ProgressMode.ALWAYS;
                case "never" -> ProgressMode.NEVER;
                default -> throw new TypeConversionException("must be auto, always or never, was \"" + text + "\"");
            };
        }
    }
}
