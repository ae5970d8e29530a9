package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A JVM that runs a main class of this module or its tests. Its stdout and stderr are one stream.
public final class ChildJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader out;
    private final List<String> said = new ArrayList<>();

    private ChildJvm(Process process) {
        this.process = process;
        this.out = process.inputReader();
    }

    /// Starts one.
    ///
    /// @param command options of the JVM, the main class, its arguments
    public static ChildJvm start(String... command) throws IOException {
        return start(List.of(), command);
    }

    /// Starts one through another command.
    ///
    /// @param wrapper a command that runs its arguments as a command
    public static ChildJvm start(List<String> wrapper, String... command) throws IOException {
        List<String> all = new ArrayList<>(wrapper);
        all.addAll(command(command));
        return new ChildJvm(new ProcessBuilder(all).redirectErrorStream(true).start());
    }

    /// What starts one, for those who need its streams apart.
    ///
    /// @param command options of the JVM, the main class, its arguments
    public static List<String> command(String... command) {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath()));
        all.addAll(List.of(command));
        return all;
    }

    /// Tests run on the module path, children don't.
    private static String classPath() {
        List<String> parts = new ArrayList<>();
        parts.add(Path.of("target", "test-classes").toAbsolutePath().toString());
        parts.add(Path.of("target", "classes").toAbsolutePath().toString());
        for (String property : List.of("jdk.module.path", "java.class.path")) {
            String path = System.getProperty(property);
            if (path != null && !path.isEmpty()) {
                parts.add(path);
            }
        }
        return String.join(File.pathSeparator, parts);
    }

    /// Waits until it says a line that contains this.
    public void awaitLine(String part) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.add(line);
            if (line.contains(part)) {
                return;
            }
        }
        throw new AssertionError("it ended without saying \"" + part + "\", but said " + said);
    }

    /// Sends a signal.
    ///
    /// @param name without "SIG"
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /// Waits for the end.
    ///
    /// @return the exit code
    public int exitCode() throws IOException, InterruptedException {
        out.lines().forEach(said::add);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /// Every line up to the last one waited for.
    public List<String> said() {
        return said;
    }

    @Override
    public void close() {
        process.descendants()
                .forEach(ProcessHandle::destroyForcibly); // a wrapper may have started it as another process
        process.destroyForcibly();
    }
}
