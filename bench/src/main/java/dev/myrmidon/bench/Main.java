package dev.myrmidon.bench;

import java.io.PrintWriter;
import picocli.CommandLine;

/// The command `myrmidon bench`.
///
/// Exit codes: 0 is success, 1 is failure, 2 is a wrong command line.
public final class Main {
    private Main() {}

    /// Runs the command and ends the JVM with its exit code.
    ///
    /// @param args the command line
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setParameterExceptionHandler((e, _) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("myrmidon bench: " + firstLine(e));
                    err.println("Try 'myrmidon bench --help' for more.");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, _) -> {
                    command.getErr().println("myrmidon bench: " + firstLine(e));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100);
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
