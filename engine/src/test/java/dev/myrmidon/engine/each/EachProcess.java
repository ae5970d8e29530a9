package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.engine.cli.Main;
import dev.myrmidon.engine.internal.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// `myrmidon each` in a JVM of its own. Its streams are files in a folder, `out` and `err` among them; its
/// temporary files are in `tmp`.
final class EachProcess implements AutoCloseable {
    /// Options with which a run is stopped by what a test does only, and not by the time that has passed.
    static final List<String> PATIENT = List.of("-Dmyrmidon.each.patience=600", "-Dmyrmidon.each.lastPatience=600");

    private final Path folder;
    private final Process process;

    private EachProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /// How it ended.
    ///
    /// @param exit the exit code
    /// @param out standard output
    /// @param err standard error, line by line
    record Ended(int exit, String out, List<String> err) {
        /// Standard output, line by line.
        List<String> lines() {
            return out.lines().toList();
        }

        /// The last line of standard error, without the times.
        String counts() {
            return err.getLast().replaceAll(" elapsed=\\d+\\.\\d{3}s rate=\\d+\\.\\d/s$", "");
        }
    }

    /// Runs it to its end.
    ///
    /// @param items the lines of standard input
    static Ended run(Path folder, List<String> items, String... arguments) throws IOException, InterruptedException {
        try (EachProcess each = start(folder, items, arguments)) {
            return each.ended();
        }
    }

    /// Starts it with these lines as standard input.
    static EachProcess start(Path folder, List<String> items, String... arguments) throws IOException {
        Path in = Files.write(folder.resolve("in"), items);
        return start(folder, ProcessBuilder.Redirect.from(in.toFile()), PATIENT, arguments);
    }

    /// Starts it.
    ///
    /// @param options of the JVM
    static EachProcess start(Path folder, ProcessBuilder.Redirect in, List<String> options, String... arguments)
            throws IOException {
        List<String> all = new ArrayList<>(options);
        all.add("-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")));
        all.add(Main.class.getName());
        all.add("each");
        all.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.command(all.toArray(String[]::new)));
        builder.redirectInput(in);
        builder.redirectOutput(folder.resolve("out").toFile());
        builder.redirectError(folder.resolve("err").toFile());
        return new EachProcess(folder, builder.start());
    }

    Process process() {
        return process;
    }

    /// Waits until this many lines are in a file of its folder.
    void awaitLines(String file, int count) {
        Path path = folder.resolve(file);
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> Files.exists(path) && linesOf(path).size() >= count);
    }

    /// Waits until the thread that reads the items is held in a method of [Attempts]: in `submit` when an item
    /// waits for room, in `awaitEnds` when all have been submitted.
    void awaitIntakeIn(String method) {
        awaitIntakeIn(method, process.toHandle());
    }

    /// [#awaitIntakeIn(String)] of a run that something else has started.
    static void awaitIntakeIn(String method, ProcessHandle jvm) {
        Pattern held = Pattern.compile("\"myrmidon-intake\"[^\n]*\n[^\n]*WAITING[^\"]*Attempts\\." + method + "\\(");
        await().atMost(60, TimeUnit.SECONDS)
                .until(() -> held.matcher(stacks(jvm.pid())).find());
    }

    private static String stacks(long pid) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process asking = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print")
                .redirectErrorStream(true)
                .start();
        return new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// Sends a signal.
    ///
    /// @param name without "SIG"
    void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(exit).isZero();
    }

    /// Waits for the end. Whatever the end was, no temporary file is left.
    Ended ended() throws IOException, InterruptedException {
        assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("ended").isTrue();
        assertThat(folder.resolve("tmp")).isEmptyDirectory();
        return new Ended(process.exitValue(), Files.readString(folder.resolve("out")), linesOf(folder.resolve("err")));
    }

    static List<String> linesOf(Path file) throws IOException {
        return Files.readAllLines(file);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
