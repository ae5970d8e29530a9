package dev.myrmidon.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import picocli.CommandLine;

/// The command `myrmidon bench`.
///
/// Exit codes: 0 is success, 1 is failure, 2 is a wrong command line.
public final class Main {
    /// Whatever follows this word is for JMH.
    private static final String PARTS = "parts";

    private Main() {}

    /// Runs the command and ends the JVM with its exit code.
    ///
    /// @param args the command line
    /// @throws IOException if JMH can't read its list of benchmarks
    public static void main(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals(PARTS)) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
            return;
        }
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new ScalingCommand())
                .addSubcommand(new ConsoleCommand())
                .setParameterExceptionHandler((e, _) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("myrmidon bench: " + firstLine(e));
                    err.println("Try 'myrmidon bench --help' for more.");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, _) -> {
                    command.getErr().println("myrmidon bench: " + what(e));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100);
    }

    /// In words: the message of a file's exception is often no more than its name.
    private static String what(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or directory: " + missing.getFile();
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case FileSystemException file -> file.getFile() + ": " + file.getReason();
            default -> e.getClass().getSimpleName() + ": " + firstLine(e);
        };
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
