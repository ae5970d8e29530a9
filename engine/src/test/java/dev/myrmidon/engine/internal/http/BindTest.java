package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.Engine;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.ChildJvm;
import dev.myrmidon.engine.internal.DefaultEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BindTest {
    private static final ManagementConfig ANY_PORT = ManagementConfig.DEFAULT.port(0);

    @TempDir
    Path folder;

    @Test
    void aNewTokenIsForItsOwnerAloneAndGoesWithTheServer() throws IOException {
        Path own = folder.resolve(".myrmidon");
        Path file;
        try (ManagementServer server = ManagementServer.bind(ANY_PORT, "", null, own)) {
            file = own.resolve("token-" + server.address().getPort());
            assertThat(server.tokenOrigin()).isEqualTo("in " + file);
            assertThat(Files.readString(file)).matches("[A-Za-z0-9_-]{43}\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
                    .isEqualTo("rwx------");
            try (var files = Files.list(own)) {
                assertThat(files).containsExactly(file);
            }
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void aTokenThatIsInTheWayIsReplacedAndNotWrittenThrough() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "mine");
        Files.createSymbolicLink(folder.resolve("token-7"), victim);

        Token token = Token.make(folder, 7);

        assertThat(victim).hasContent("mine");
        assertThat(folder.resolve("token-7")).isRegularFile().hasContent(token.text());
        Files.writeString(folder.resolve("token-7"), "of another engine");
        token.forget();
        assertThat(folder.resolve("token-7")).exists();
    }

    @Test
    void whereThereIsNoFolderItSaysSo() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(ANY_PORT, "c.yaml: ", null, file))
                .withMessageStartingWith("c.yaml: management.token_file: " + file + ": ")
                .withMessageEndingWith("; give a token_file");
    }

    @Test
    void aTokenThatWasSetIsTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), " a-token-in-the-file \n");
        ManagementConfig config = ANY_PORT.tokenFile(file);

        assertThat(Token.set(config, "the-token-of-the-variable").orElseThrow().text())
                .isEqualTo("a-token-in-the-file");
        assertThat(Token.set(ANY_PORT, "the-token-of-the-variable"))
                .contains(new Token("the-token-of-the-variable", "of MYRMIDON_TOKEN", Optional.empty()));
        assertThat(Token.set(ANY_PORT, null)).isEmpty();
        ManagementServer.bind(config, "", null, folder).close();
        assertThat(file).exists();
    }

    @ParameterizedTest
    @CsvSource({"''", "short", "'with a space in the middle'", "'with-an-ümlaut-in-the-middle'"})
    void aTokenThatIsNoneIsRefused(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), text);

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(ANY_PORT.tokenFile(file), "", null, folder))
                .withMessage("management.token_file: " + file
                        + ": a token must be at least 16 characters of ASCII without spaces");
    }

    @Test
    void aTokenFileThatIsMissingIsTold() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(ANY_PORT.tokenFile(folder.resolve("none")), "", null, folder))
                .withMessage("management.token_file: " + folder.resolve("none") + ": no such file");
    }

    @Test
    void othersCantReachItWithoutATokenThatWasSet() throws IOException {
        ManagementConfig open = new ManagementConfig("0.0.0.0", 0, Optional.empty());

        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(open, "", null, folder))
                .withMessage(
                        "management.host: others can reach \"0.0.0.0\", so a token must be set: give a token_file, or"
                                + " MYRMIDON_TOKEN in the environment; or listen at 127.0.0.1");
        ManagementServer.bind(open, "", "the-token-of-the-variable", folder).close();
    }

    @Test
    void aPortThatIsTakenIsToldBeforeAnythingIsOpened() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ManagementConfig taken = ANY_PORT.port(other.getLocalPort()).tokenFile(Served.tokenFile(folder));

            assertThatExceptionOfType(ConfigException.class)
                    .isThrownBy(() -> Engine.create(EngineConfig.defaults().management(taken)))
                    .withMessage("management.port: " + other.getLocalPort()
                            + " at 127.0.0.1 is taken: end what listens there, or give another port");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsTold() {
        ManagementConfig foreign = new ManagementConfig("192.0.2.1", 0, Optional.empty());
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> ManagementServer.bind(foreign, "", "the-token-of-the-variable", folder))
                .withMessage("management.host: 192.0.2.1 is no address of this machine");
    }

    @Test
    void aServerThatNobodyClosesDoesNotKeepTheProcessAlive() throws IOException, InterruptedException {
        try (ChildJvm child = ChildJvm.start(
                ForgottenEngine.class.getName(), Served.tokenFile(folder).toString())) {
            child.awaitLine("serves at http://127.0.0.1:");
            assertThat(child.exitCode()).isZero();
        }
    }

    /// As behind a port that is mapped, or probed by the address of a container.
    @Test
    void whereOthersCanReachItAnyAddressIsItsHostAndNoOtherName() throws IOException {
        ManagementConfig open = new ManagementConfig("0.0.0.0", 0, Optional.of(Served.tokenFile(folder)));
        try (Served served =
                new Served(new DefaultEngine(EngineConfig.defaults().management(open)))) {
            for (String host : List.of("10.1.2.3:9999", "[2001:db8::1]", "localhost:1", "0.0.0.0")) {
                assertThat(answer(served, host)).as(host).startsWith("HTTP/1.1 200");
            }
            for (String host : List.of("evil.example:8080", "10.1.2.3.evil.example", "[evil]", "10.1.2.3@evil")) {
                assertThat(answer(served, host)).as(host).startsWith("HTTP/1.1 403");
            }
        }
    }

    private static String answer(Served served, String host) throws IOException {
        return served.raw("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
}
