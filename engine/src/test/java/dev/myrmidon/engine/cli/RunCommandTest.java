package dev.myrmidon.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Index.atIndex;

import dev.myrmidon.engine.internal.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `myrmidon run` as a process.
@Timeout(120)
class RunCommandTest {
    private static final String MAIN = Main.class.getName();

    @Test
    void sigtermIsACleanEnd() throws IOException, InterruptedException {
        try (ChildJvm run = ChildJvm.start(MAIN, "run")) {
            run.awaitLine("running default=50000");
            run.signal("TERM");

            assertThat(run.exitCode()).isZero();
            assertThat(run.said())
                    .hasSize(3)
                    .satisfies(
                            drained -> assertThat(drained)
                                    .matches("drained default in \\d+\\.\\d{3}s: completed=0"
                                            + " failed=0 cancelled=0 dropped=0 interrupted=0 still_running=0"),
                            atIndex(1))
                    .last()
                    .isEqualTo("books of 1 pool: submitted=0 rejected=0 completed=0 failed=0 cancelled=0 running=0"
                            + " queued=0, they balance");
        }
    }

    @Test
    void sigintIsACleanEndOfTheConfiguredPools(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(
                folder.resolve("config.yaml"), "pool: { size: 3 }\npools: { b: { size: -1 }, a: { size: 5 } }");
        try (ChildJvm run = ChildJvm.start(MAIN, "run", file.toString())) {
            run.awaitLine("running default=3 b=unbounded a=5");
            run.signal("INT");

            assertThat(run.exitCode()).isZero();
            assertThat(run.said()).hasSize(5).last().asString().startsWith("books of 3 pools: ");
        }
    }

    /// As `myrmidon run &` in a script starts it: with SIGINT ignored.
    @Test
    void inTheBackgroundOfAScriptSigtermWorks() throws IOException, InterruptedException {
        try (ChildJvm run = ChildJvm.start(List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"), MAIN, "run")) {
            run.awaitLine("running");
            run.signal("INT");
            run.signal("TERM");

            assertThat(run.exitCode()).isZero();
            assertThat(run.said()).anySatisfy(line -> assertThat(line).startsWith("drained default"));
        }
    }

    @Test
    void withoutSignalsItSaysSo() throws IOException {
        try (ChildJvm run = ChildJvm.start("-Xrs", MAIN, "run")) {
            run.awaitLine("SIGTERM will not drain the pools");
            run.awaitLine("SIGINT will not drain the pools");
            run.awaitLine("running default=50000");
        }
    }

    @Test
    void eachReloadIsOneLine(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pools: { images: { size: 200 } }");
        try (ChildJvm run = ChildJvm.start(MAIN, "run", file.toString())) {
            run.awaitLine("running");
            replace(file, "pools: { images: { size: 400 }, audio: { size: 3 } }");
            run.awaitLine("configuration from file: images.size 200 → 400; audio added (size 3)");
            replace(file, "pools: { images: { size: x, y: 1 } }");
            run.awaitLine("configuration from file: refused: " + file + ":1:");
            assertThat(run.said()).last().asString().contains("\"x\"").contains("images.y");
            run.signal("TERM");

            assertThat(run.exitCode()).isZero();
            assertThat(run.said())
                    .hasSize(7)
                    .last()
                    .asString()
                    .as("the pools that there were at the end")
                    .startsWith("books of 3 pools: ");
        }
    }

    /// At once: whoever writes slowly would have half of it read.
    private static void replace(Path file, String content) throws IOException {
        Files.move(Files.writeString(file.resolveSibling("next"), content), file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void sighupReloads(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pools: { images: { size: 200 } }");
        try (ChildJvm run = ChildJvm.start(MAIN, "run", "--no-watch", file.toString())) {
            run.awaitLine("running");
            run.signal("HUP");
            run.awaitLine("configuration from SIGHUP: nothing changed");
            Files.writeString(file, "pools: { images: { size: 400 } }");
            run.signal("HUP");
            run.awaitLine("configuration from SIGHUP: images.size 200 → 400");
            Files.writeString(file, "pools: [");
            run.signal("HUP");
            run.awaitLine("configuration from SIGHUP: refused: " + file + ":1:");
            run.signal("TERM");

            assertThat(run.exitCode()).isZero();
        }
    }

    /// Without a file there is nothing to reload, and SIGHUP ends the process as ever.
    @Test
    void sighupWithoutAFileEnds() throws IOException, InterruptedException {
        try (ChildJvm run = ChildJvm.start(MAIN, "run")) {
            run.awaitLine("running");
            run.signal("HUP");

            assertThat(run.exitCode()).isEqualTo(129);
        }
    }

    @Test
    void aPipeIsReadOnce(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool: { size: 3 }");
        List<String> piped = List.of("sh", "-c", "cat " + file + " | exec \"$@\"", "sh");
        try (ChildJvm run = ChildJvm.start(piped, MAIN, "run", "/dev/stdin")) {
            run.awaitLine("running default=3");
        }
    }

    @Test
    void theApiIsServedUntilTheEnd(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "management: { port: 0 }");
        try (ChildJvm run = ChildJvm.start("-Duser.home=" + folder, MAIN, "run", file.toString())) {
            run.awaitLine("console at http://127.0.0.1:");
            assertThat(run.said())
                    .last()
                    .asString()
                    .matches("console at http://127\\.0\\.0\\.1:(\\d+), writes need the token in " + folder
                            + "/\\.myrmidon/token-\\1");
            run.signal("TERM");

            assertThat(run.exitCode()).isZero();
            assertThat(folder.resolve(".myrmidon")).isEmptyDirectory();
        }
    }

    @Test
    void aPortThatIsTakenIsOneLine(@TempDir Path folder) throws IOException, InterruptedException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = Files.writeString(
                    folder.resolve("config.yaml"), "management: { port: " + other.getLocalPort() + " }");
            try (ChildJvm run = ChildJvm.start("-Duser.home=" + folder, MAIN, "run", file.toString())) {
                assertThat(run.exitCode()).isEqualTo(2);
                assertThat(run.said())
                        .containsExactly(file + ": management.port: " + other.getLocalPort()
                                + " at 127.0.0.1 is taken: end what listens there, or give another port");
            }
        }
    }

    @Test
    void tooLittleMemoryIsOneLine(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "pool: { size: 67108864 }");
        try (ChildJvm run = ChildJvm.start("-Xmx64m", MAIN, "run", file.toString())) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.said())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("myrmidon: unexpected failure: OutOfMemoryError: ");
        }
    }

    @Test
    void theExitCodeReachesTheShell() throws IOException, InterruptedException {
        try (ChildJvm check = ChildJvm.start(MAIN, "check", "no/such.yaml")) {
            assertThat(check.exitCode()).isEqualTo(2);
            assertThat(check.said()).containsExactly("no/such.yaml: no such file");
        }
    }
}
