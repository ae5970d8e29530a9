package dev.myrmidon.engine.each;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs a command for each item.
///
/// What a command writes goes to files, not through pipes: reading a pipe blocks the carrier of a virtual thread, and
/// 600 sleeping commands would take 6 seconds instead of 3. Each item has files of its own, deleted as soon as they are
/// read, so a process that outlives its command writes to where nobody looks, never into the output of another item.
///
/// Commands run in a session of their own where `setsid` exists: the terminal's Ctrl-C doesn't reach them, and all that
/// they start can be found and ended. They read from `/dev/null`.
final class CommandRunner implements ItemRunner {
    private static final File NULL_DEVICE = new File("/dev/null");
    private static final String SETSID = "setsid";

    /// How much of what a command said on its standard error is repeated in the error of a report.
    private static final int MAX_REASON = 1_000;

    private static final Pattern SYSTEM_ERROR = Pattern.compile("error(?:: \\d+ \\(|=\\d+, )([^()]*)");

    private final CommandTemplate template;
    private final Scratch scratch;
    private final boolean ownSession;

    CommandRunner(CommandTemplate template, Scratch scratch) {
        this.template = template;
        this.scratch = scratch;
        this.ownSession = ProgramPath.has(SETSID);
    }

    @Override
    public Result run(Item item) throws IOException {
        for (byte b : item.bytes()) {
            if (b == 0) {
                return Result.failed("the line has a NUL byte in it, which no argument can have");
            }
        }
        List<byte[]> command = template.fill(item.bytes());
        if (template.programVaries()) {
            String problem =
                    ProgramPath.problem(new String(command.getFirst(), CommandLines.PLATFORM), System.getenv("PATH"));
            if (problem != null) {
                return Result.failed(problem);
            }
        }
        return run(command, scratch.file(item.sequence() + ".out"), scratch.file(item.sequence() + ".err"));
    }

    private Result run(List<byte[]> command, Path output, Path errors) throws IOException {
        Process process;
        try {
            process = builder(command)
                    .redirectInput(NULL_DEVICE)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
        } catch (IOException e) {
            Files.deleteIfExists(output);
            Files.deleteIfExists(errors);
            return Result.failed(reason(e));
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            ProcessTree.end(process);
            return new Result(
                    Status.CANCELLED,
                    Result.NO_EXIT,
                    null,
                    Payload.of(output),
                    Payload.of(errors),
                    Result.CANCELLED.error());
        }
        return exited(process.exitValue(), Payload.of(output), Payload.of(errors));
    }

    private ProcessBuilder builder(List<byte[]> command) {
        List<String> words = new ArrayList<>(CommandLines.of(command, CommandLines.PLATFORM));
        if (ownSession) {
            words.addFirst(SETSID);
        }
        return new ProcessBuilder(words);
    }

    private static Result exited(int exit, Payload output, Payload errors) throws IOException {
        return exit == 0
                ? new Result(Status.COMPLETED, exit, null, output, errors, null)
                : new Result(Status.FAILED, exit, null, output, errors, "exit " + exit + lastWords(errors));
    }

    /// The end of what the command wrote to its standard error, as `: …`, or nothing.
    private static String lastWords(Payload errors) throws IOException {
        if (errors.size() == 0) {
            return "";
        }
        try (var in = errors.open()) {
            in.skipNBytes(Math.max(0, errors.size() - MAX_REASON));
            String words = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            return words.isEmpty() ? "" : ": " + words;
        }
    }

    /// The JDK says `Cannot run program "setsid": Exec failed, error: 7 (Argument list too long)`, or with
    /// `error=7, …`.
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        Matcher reason = SYSTEM_ERROR.matcher(message);
        return "can't be started: " + (reason.find() ? reason.group(1) : message);
    }
}
