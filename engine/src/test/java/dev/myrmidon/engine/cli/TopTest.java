package dev.myrmidon.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.Task;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.ChildJvm;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.engine.internal.text.Cells;
import dev.myrmidon.manage.MonitorConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `myrmidon top` in a terminal.
@Timeout(300)
class TopTest {
    private static final String TOKEN = "a-token-of-the-tests";

    @TempDir
    Path folder;

    private Path token;
    private DefaultEngine engine;
    private final CountDownLatch gate = new CountDownLatch(1);

    @BeforeEach
    void serve() throws IOException {
        token = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        engine = engine(0);
    }

    private DefaultEngine engine(int port) {
        return new DefaultEngine(new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of(
                                "images",
                                Pool.builder("images").capacity(20).timed(true).config(),
                                "orders",
                                Pool.builder("orders").capacity(5).config()),
                        Duration.ofSeconds(20))
                .monitor(MonitorConfig.every(Duration.ofMillis(50)))
                .management(ManagementConfig.DEFAULT.port(port).tokenFile(token)));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        engine.close();
    }

    private Task<?> blocked(String pool, String name) {
        return Blocked.at(gate, engine.pool(pool), name);
    }

    /// A shell in which `top` runs the tool, and says afterwards what became of the terminal.
    private Tmux terminal(int columns, int rows, String... arguments) throws IOException, InterruptedException {
        List<String> java = ChildJvm.command("-Duser.home=" + folder, Main.class.getName(), "top");
        String quoted = "'" + String.join("' '", java) + "' '" + String.join("' '", arguments) + "'";
        return new Tmux(folder.resolve("tmux"), columns, rows, """
                unset MYRMIDON_TOKEN MYRMIDON_URL
                top() {
                    stty -g > %1$s/before
                    %2$s 2> %1$s/err
                    echo "exit $?"
                    stty -g > %1$s/after
                    cmp %1$s/before %1$s/after && echo "terminal as before"
                }
                """.formatted(folder, quoted));
    }

    private Tmux top(int columns, int rows) throws IOException, InterruptedException {
        Tmux tmux = terminal(
                columns,
                rows,
                "--token-file",
                token.toString(),
                "--interval",
                "200ms",
                engine.management().orElseThrow().toString());
        tmux.command("top");
        tmux.awaitScreen("q quit");
        return tmux;
    }

    private void assertClean(Tmux tmux, int exit) throws IOException, InterruptedException {
        tmux.awaitScreen("exit " + exit + "$");
        tmux.awaitScreen("terminal as before");
        assertThat(tmux.format("#{alternate_on} #{cursor_flag} #{wrap_flag}"))
                .as("alternate screen, cursor, wrapping")
                .isEqualTo("0 1 1");
        assertThat(folder.resolve("err")).as("standard error").isEmptyFile();
    }

    @Test
    void itFits80By24() throws IOException, InterruptedException {
        Task<?> task = blocked("images", "resize of " + "x".repeat(100));
        var _ = blocked("orders", "ship");
        try (Tmux tmux = top(80, 24)) {
            List<String> screen = tmux.awaitScreen(task.id() + " .* resize of x+…");

            assertThat(screen).hasSize(24).allMatch(line -> Cells.width(line) <= 80);
            assertThat(screen.getFirst()).contains("myrmidon").contains(":" + port());
            assertThat(screen.get(1))
                    .contains("3 pools   running 2   queued 0   waiting 0")
                    .contains("no alarms");
            assertThat(screen.get(3)).matches("  POOL +RUNNING▼ +CAPACITY USAGE +QUEUED +RATE/S +RUN p99");
            assertThat(screen.get(4)).matches("▶ images +1 +20 █░{9} +5% +0 .*");
            assertThat(screen.get(5)).matches("  orders +1 +5 ██░{8} +20% +0 .*");
            assertThat(screen.get(6)).matches("  default +0 +10 ░{10} +0% +0 .*");
            assertThat(screen.getLast()).contains("q quit").contains("? help");
            assertThat(tmux.format("#{alternate_on} #{cursor_flag}")).isEqualTo("1 0");

            tmux.keys("q");
            assertClean(tmux, 0);
        }
    }

    private int port() {
        return engine.management().orElseThrow().getPort();
    }

    @Test
    void itFollowsTheSizeOfTheTerminal() throws IOException, InterruptedException {
        try (Tmux tmux = top(80, 24)) {
            for (int i = 0; i < 10; i++) {
                tmux.resize(140, 40);
                await().atMost(Tmux.PATIENCE)
                        .untilAsserted(() -> assertWhole(tmux.screen(), 40, "  POOL .*RUN p50 .*REJECTED"));
                tmux.resize(60, 12);
                await().atMost(Tmux.PATIENCE)
                        .untilAsserted(() -> assertWhole(tmux.screen(), 12, "  POOL +RUNNING▼ .* RATE/S"));
            }
            tmux.resize(30, 5);
            tmux.awaitScreen("the terminal is too small");
            tmux.resize(80, 24);
            tmux.awaitScreen("q quit");
            tmux.keys("q");
            assertClean(tmux, 0);
        }
    }

    private static void assertWhole(List<String> screen, int rows, String header) {
        assertThat(screen).hasSize(rows);
        assertThat(screen.getFirst()).contains("myrmidon");
        assertThat(screen.get(3)).matches(header);
        assertThat(screen.getLast()).contains("q quit");
    }

    @Test
    void resizeIsARoundTrip() throws IOException, InterruptedException {
        var _ = blocked("images", "slow");
        try (Tmux tmux = top(80, 24)) {
            tmux.keys("r");
            tmux.awaitScreen("resize images from 20 to:");
            tmux.type("33");
            tmux.keys("Enter");
            tmux.awaitScreen("images: capacity is 33");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(33);
            tmux.awaitScreen("▶ images +1 +33 ");

            tmux.keys("+");
            tmux.awaitScreen("resize images from 33 to: 36");
            tmux.keys("-", "-", "Enter");
            await().atMost(Tmux.PATIENCE)
                    .until(() -> engine.pool("images").config().capacity() == 30);

            tmux.keys("r");
            tmux.type("0");
            tmux.keys("Enter");
            tmux.awaitScreen("a capacity must be 1 to 2147483647 or unbounded, was '0'");
            tmux.keys("r");
            tmux.type("7");
            tmux.keys("Escape");
            tmux.awaitScreen("q quit");
            assertThat(engine.pool("images").config().capacity()).isEqualTo(30);
        }
    }

    @Test
    void pauseAsksAndResumeDoesNot() throws IOException, InterruptedException {
        try (Tmux tmux = top(80, 24)) {
            tmux.keys("1", "End", "p");
            tmux.awaitScreen("pause orders\\?");
            tmux.keys("n");
            tmux.awaitScreen("nothing was changed");
            assertThat(engine.pool("orders").isPaused()).isFalse();
            tmux.keys("p", "y");
            tmux.awaitScreen("▶ orders .* paused ");
            assertThat(engine.pool("orders").isPaused()).isTrue();
            tmux.keys("p");
            tmux.awaitScreen("orders: resumed");
            assertThat(engine.pool("orders").isPaused()).isFalse();
        }
    }

    @Test
    void aTaskIsInspectedAndCancelled() throws IOException, InterruptedException {
        Task<?> first = blocked("images", "first");
        Task<?> second = blocked("images", "second");
        try (Tmux tmux = top(80, 24)) {
            tmux.awaitScreen(second.id() + " .* second");
            tmux.keys("Tab", "Down");
            tmux.awaitScreen("▶ " + second.id() + " ");
            tmux.keys("Enter");
            tmux.awaitScreen("at .*CountDownLatch.await");
            tmux.keys("Escape");
            tmux.awaitScreen("q quit");
            tmux.keys("c");
            tmux.awaitScreen("cancel task " + second.id() + " of images, second,.*\\(y: yes");
            tmux.keys("y");
            tmux.awaitScreen("task " + second.id() + " of images is cancelled");
            await().until(second::isCancelled);
            assertThat(first.isDone()).isFalse();
        }
    }

    @Test
    void poolsAreSortedAndFiltered() throws IOException, InterruptedException {
        var _ = blocked("orders", "ship");
        try (Tmux tmux = top(80, 24)) {
            tmux.keys("1");
            List<String> byName = tmux.awaitScreen("POOL▼");
            assertThat(byName.subList(4, 7))
                    .satisfiesExactly(
                            line -> assertThat(line).contains("default"),
                            line -> assertThat(line).contains("images"),
                            line -> assertThat(line).contains("orders"));
            tmux.keys("s");
            tmux.awaitScreen("RUNNING▼");
            tmux.keys("/");
            tmux.type("IMA");
            tmux.awaitScreen("pools with: IMA");
            await().atMost(Tmux.PATIENCE)
                    .untilAsserted(() -> assertThat(tmux.screen()).noneMatch(line -> line.contains("orders")));
            tmux.keys("Enter");
            tmux.awaitScreen("\\[IMA\\] q quit");
            tmux.keys("Escape");
            tmux.awaitScreen("  orders|▶ orders");
            tmux.keys("?");
            tmux.awaitScreen("sort by name, running, queued, rate, p99");
            tmux.keys("x");
            tmux.awaitScreen("q quit");
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void asSignalsEndItTheTerminalIsClean(String signal, int exit) throws IOException, InterruptedException {
        try (Tmux tmux = top(80, 24)) {
            ProcessHandle java = topProcess(tmux);
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(java.pid())).start();
            assertThat(kill.waitFor()).isZero();
            assertClean(tmux, exit);
        }
    }

    private static ProcessHandle topProcess(Tmux tmux) throws IOException, InterruptedException {
        long shell = Long.parseLong(tmux.format("#{pane_pid}"));
        return ProcessHandle.of(shell).orElseThrow().children().findFirst().orElseThrow();
    }

    @Test
    void afterCtrlCTheTerminalIsClean() throws IOException, InterruptedException {
        try (Tmux tmux = top(80, 24)) {
            tmux.keys("C-c");
            assertClean(tmux, 130);
        }
    }

    @Test
    void ctrlZGivesTheTerminalBackUntilItGoesOn() throws IOException, InterruptedException {
        var _ = blocked("images", "slow");
        try (Tmux tmux = terminal(80, 24)) {
            // As a job of its own, which a function is not.
            List<String> java = ChildJvm.command(Main.class.getName(), "top");
            Files.writeString(
                    folder.resolve("job"),
                    "exec '" + String.join("' '", java) + "' "
                            + engine.management().orElseThrow() + "\n");
            tmux.command("stty -g > " + folder.resolve("before"));
            tmux.command("sh " + folder.resolve("job"));
            tmux.awaitScreen("q quit");
            for (int i = 0; i < 2; i++) {
                tmux.keys("C-z");
                tmux.awaitScreen("Stopped");
                assertThat(tmux.format("#{alternate_on} #{cursor_flag}")).isEqualTo("0 1");
                tmux.command("clear; fg");
                tmux.awaitScreen("▶ images +1 +20");
                assertThat(tmux.format("#{alternate_on} #{cursor_flag}")).isEqualTo("1 0");
            }
            // Without any chance to clean up before.
            Process stop = new ProcessBuilder(
                            "kill", "-STOP", Long.toString(topProcess(tmux).pid()))
                    .start();
            assertThat(stop.waitFor()).isZero();
            tmux.awaitScreen("Stopped");
            tmux.command("clear; fg");
            tmux.awaitScreen("q quit");
            tmux.keys("q");
            // Until it has ended it takes what is typed.
            await().atMost(Tmux.PATIENCE)
                    .until(() -> tmux.format("#{pane_current_command}").equals("bash"));
            tmux.command("stty -g | cmp - " + folder.resolve("before") + " && echo as before");
            tmux.awaitScreen("^as before");
        }
    }

    /// Has a port at which nobody else can begin to listen but an engine.
    private static Socket held() throws IOException {
        Socket held = new Socket();
        held.setReuseAddress(true);
        held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return held;
    }

    @Test
    void aLostConnectionComesBack() throws IOException, InterruptedException {
        engine.close();
        try (Socket held = held()) {
            engine = engine(held.getLocalPort());
            loseConnection();
        }
    }

    private void loseConnection() throws IOException, InterruptedException {
        int port = port();
        try (Tmux tmux = top(80, 24)) {
            engine.close();
            tmux.awaitScreen("NO CONNECTION for .*, trying again: nothing answers at");
            engine = engine(port);
            tmux.awaitScreen("the connection is back");
            assertThat(tmux.screen()).noneMatch(line -> line.contains("NO CONNECTION"));
        }
    }

    @Test
    void namesFromTheServerDoNotSteerTheTerminal() throws IOException, InterruptedException {
        var _ = blocked("images", "evil\u001b]2;pwned\u0007\u001b[2J\u001b[31m\u009b31mred\u202e日本語");
        try (Tmux tmux = top(80, 24)) {
            tmux.awaitScreen("evil\ufffd]2;pwned\ufffd\ufffd\\[2J\ufffd\\[31m\ufffd31mred\ufffd日本語");
            assertThat(tmux.format("#{pane_title}")).doesNotContain("pwned");
            tmux.keys("Tab", "c");
            tmux.awaitScreen("cancel task .* evil\ufffd");
        }
    }

    @Test
    void aChangeWithoutTheTokenSaysSo() throws IOException, InterruptedException {
        try (Tmux tmux = terminal(80, 24, engine.management().orElseThrow().toString())) {
            tmux.command("top");
            tmux.awaitScreen("q quit");
            tmux.keys("p", "y");
            tmux.awaitScreen("this needs the engine's token: set MYRMIDON_TOKEN or give --token-file");
            assertThat(engine.registry().pools()).noneMatch(Pool::isPaused);
            tmux.keys("q");
            assertClean(tmux, 0);
        }
    }

    @Test
    void whatIsNoTerminalIsSaidSo() throws IOException, InterruptedException {
        try (Tmux tmux = terminal(80, 24, engine.management().orElseThrow().toString())) {
            tmux.command("top < /dev/null; cat " + folder.resolve("err"));
            tmux.awaitScreen("exit 2");
            tmux.awaitScreen("standard input is no terminal, where keys could come from");
            tmux.command("clear; TERM=dumb top; cat " + folder.resolve("err"));
            tmux.awaitScreen("can't be drawn on \\(TERM is dumb\\)");
        }
    }

    @Test
    void withoutAnEngineItNeverTakesTheTerminal() throws IOException, InterruptedException {
        try (Socket held = held()) {
            endWithoutAnEngine("http://127.0.0.1:" + held.getLocalPort());
        }
    }

    private void endWithoutAnEngine(String url) throws IOException, InterruptedException {
        try (Tmux tmux = terminal(80, 24, url)) {
            tmux.command("top; cat " + folder.resolve("err"));
            tmux.awaitScreen("exit 1");
            tmux.awaitScreen("myrmidon top: nothing answers at " + url);
        }
    }

    /// An ASCII terminal gets ASCII.
    @Test
    void withoutUnicodeItIsAscii() throws IOException, InterruptedException {
        var _ = blocked("images", "größe");
        try (Tmux tmux = terminal(80, 24, engine.management().orElseThrow().toString())) {
            tmux.command("LC_ALL=C top");
            tmux.awaitScreen("gr\\?\\?e");
            assertThat(tmux.screen())
                    .anyMatch(line -> line.matches("> images +1 +20 #\\.{9} +5% .*"))
                    .allMatch(line -> line.chars().allMatch(c -> c < 0x7F));
        }
    }
}
