package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.config.Nearest;
import io.micrometer.common.util.internal.logging.InternalLoggerFactory;
import io.micrometer.common.util.internal.logging.JdkLoggerFactory;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The command `myrmidon`.
///
/// Exit codes: 0 is success, 1 is failure, 2 is a wrong command line or configuration.
@Command(
        name = "myrmidon",
        description = "Runs work through bounded pools of virtual threads.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            EachCommand.class,
            RunCommand.class,
            CheckCommand.class,
            TopCommand.class,
            PoolsCommand.class,
            TasksCommand.class,
            ResizeCommand.class,
            PausingCommand.Pause.class,
            PausingCommand.Resume.class,
            CancelCommand.class,
            AlarmsCommand.class,
            AutoComplete.GenerateCompletion.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon each --in urls.txt --http      get each of them, many at once",
            "  myrmidon check config.yaml              say what is wrong with it",
            "  myrmidon run config.yaml                run the engine until Ctrl-C",
            "  myrmidon top                            watch and steer a running engine",
            "  source <(myrmidon generate-completion)  complete commands in this shell",
            "  myrmidon COMMAND --help                 explain a command",
            "  ./myrmidon bench --help                 measure the pool, in a checkout",
            "  ./myrmidon demo                         run a shop on pools, to look at them, in a checkout"
        })
public final class Main {
    /// Set to anything, it makes an unexpected failure show its stack trace.
    private static final String DEBUG = "MYRMIDON_DEBUG";

    private static final String LOG_CONFIG_PROPERTY = "java.util.logging.config.file";
    private static final String LOG_FORMAT_PROPERTY = "java.util.logging.SimpleFormatter.format";

    /// How the JDK's own logging, to which everything here logs, writes a record, unless the user
    /// configures it: one line on stderr, with the stack trace below if there is one.
    private static final String LOG_FORMAT = "%1$tT %4$s %3$s: %5$s%6$s%n";

    private Main() {}

    /// Runs a command and ends the JVM with its exit code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        if (System.getProperty(LOG_FORMAT_PROPERTY) == null && System.getProperty(LOG_CONFIG_PROPERTY) == null) {
            System.setProperty(LOG_FORMAT_PROPERTY, LOG_FORMAT);
        }
        // By itself Micrometer would ask SLF4J, which complains on stderr that nobody gave it a backend.
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        System.exit(execute(commandLine(), args));
    }

    /// Runs a command.
    ///
    /// @return the exit code
    static int execute(CommandLine line, String... args) {
        try {
            return line.execute(args);
        } catch (Error e) { // such as no memory for what was configured; picocli answers exceptions only
            return failed(e, line);
        }
    }

    /// The command line, ready to execute.
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongCommandLine)
                .setExecutionExceptionHandler((e, command, _) -> failed(e, command))
                // An argument is what was typed: "@name" is not a file of arguments.
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100);
    }

    private static int wrongCommandLine(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        // Said first even if something is missing as well: a mistyped option is why.
        List<String> unknown = command.getUnmatchedArguments();
        err.println(
                name + ": " + (unknown.isEmpty() ? uncapitalized(firstLine(e)) : unknown(unknown.getFirst(), command)));
        err.println("Try '" + name + " --help' for more.");
        return CommandLine.ExitCode.USAGE;
    }

    private static String unknown(String argument, CommandLine command) {
        boolean option = argument.startsWith("-");
        List<String> known = new ArrayList<>(
                option
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet());
        String nearest = Nearest.to(argument, known);
        return "unknown " + (option ? "option '" : "argument '") + argument + "'"
                + (nearest == null ? "" : ", did you mean '" + nearest + "'?");
    }

    private static int failed(Throwable e, CommandLine command) {
        String name = command.getCommandSpec().qualifiedName();
        command.getErr()
                .println(name + ": unexpected failure: " + e.getClass().getSimpleName() + ": " + firstLine(e) + " (set "
                        + DEBUG + "=1 to see where)");
        if (System.getenv(DEBUG) != null) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String uncapitalized(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
