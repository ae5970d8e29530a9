package dev.myrmidon.engine.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `myrmidon`.
///
/// Exit codes: 0 is success, 1 is failure, 2 is a wrong command line or configuration.
@Command(
        name = "myrmidon",
        description = "Runs work through bounded pools of virtual threads.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {RunCommand.class, CheckCommand.class, AutoComplete.GenerateCompletion.class},
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  myrmidon check config.yaml              say what is wrong with it",
            "  myrmidon run config.yaml                run the engine until Ctrl-C",
            "  source <(myrmidon generate-completion)  complete commands in this shell",
            "  myrmidon COMMAND --help                 explain a command"
        })
public final class Main {
    /// Set to anything, it makes an unexpected failure show its stack trace.
    private static final String DEBUG = "MYRMIDON_DEBUG";

    private Main() {}

    /// Runs a command and ends the JVM with its exit code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /// The command line, ready to execute.
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongCommandLine)
                .setExecutionExceptionHandler(Main::failed)
                // An argument is what was typed: "@name" is not a file of arguments.
                .setExpandAtFiles(false)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30);
    }

    private static int wrongCommandLine(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.println(name + ": " + firstLine(e));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("Try '" + name + " --help' for more.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr()
                .println(command.getCommandSpec().qualifiedName() + ": unexpected failure: " + firstLine(e) + " (set "
                        + DEBUG + "=1 to see where)");
        if (System.getenv(DEBUG) != null) {
            e.printStackTrace(command.getErr());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    private static String firstLine(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
