package dev.myrmidon.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A terminal with an interactive shell in it, by tmux.
final class Tmux implements AutoCloseable {
    /// How long something may take to show: a JVM has to start before.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String PROMPT = "ready> ";

    private final Path socket;

    /// Starts it.
    ///
    /// @param socket where the server of this terminal is
    /// @param commands that the shell begins with
    Tmux(Path socket, int columns, int rows, String commands) throws IOException, InterruptedException {
        this.socket = socket;
        requireTmux();
        Path file = Files.writeString(
                socket.resolveSibling("bashrc"), "PS1='" + PROMPT + "'\nexport LC_ALL=C.UTF-8\n" + commands);
        List<String> start = new ArrayList<>(List.of("-f", "/dev/null", "new-session", "-d"));
        start.addAll(List.of("-x", Integer.toString(columns), "-y", Integer.toString(rows)));
        start.add("bash --noprofile --rcfile '" + file + "' -i");
        try {
            var _ = tmux(start);
            awaitScreen(PROMPT.strip());
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Without it a developer's build goes on; that of CI, which installs it, fails.
    private static void requireTmux() throws InterruptedException {
        try {
            Process version = new ProcessBuilder("tmux", "-V").start();
            assertThat(version.waitFor()).isZero();
        } catch (IOException e) {
            Assumptions.assumeTrue(System.getenv("CI") != null, "tmux is not installed");
            throw new AssertionError("tmux must be installed", e);
        }
    }

    private String tmux(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    /// Hits keys, by the names that tmux has for them.
    void keys(String... names) throws IOException, InterruptedException {
        List<String> send = new ArrayList<>(List.of("send-keys"));
        send.addAll(List.of(names));
        var _ = tmux(send);
    }

    /// Types text as it is.
    void type(String text) throws IOException, InterruptedException {
        var _ = tmux(List.of("send-keys", "-l", text));
    }

    /// Types a command and enter.
    void command(String line) throws IOException, InterruptedException {
        type(line);
        keys("Enter");
    }

    /// What is on the screen.
    List<String> screen() throws IOException, InterruptedException {
        return tmux(List.of("capture-pane", "-p")).lines().toList();
    }

    /// Waits until a line has this.
    ///
    /// @param regex to be found in a line
    List<String> awaitScreen(String regex) {
        java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(regex);
        return await("a line with " + regex)
                .atMost(PATIENCE)
                .until(
                        this::screen,
                        lines -> lines.stream()
                                .anyMatch(line -> pattern.matcher(line).find()));
    }

    /// Something that tmux knows, such as `#{alternate_on}`.
    String format(String format) throws IOException, InterruptedException {
        return tmux(List.of("display-message", "-p", format)).strip();
    }

    void resize(int columns, int rows) throws IOException, InterruptedException {
        var _ = tmux(List.of("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)));
    }

    /// Returns when all that ran in it has ended: nothing is written to the files of the test any more.
    @Override
    public void close() {
        try {
            ProcessHandle shell =
                    ProcessHandle.of(Long.parseLong(format("#{pane_pid}"))).orElseThrow();
            List<ProcessHandle> running =
                    Stream.concat(Stream.of(shell), shell.descendants()).toList();
            var _ = tmux(List.of("kill-server"));
            await().atMost(PATIENCE).until(() -> running.stream().noneMatch(ProcessHandle::isAlive));
        } catch (IOException | RuntimeException | AssertionError e) {
            // it has ended already
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
