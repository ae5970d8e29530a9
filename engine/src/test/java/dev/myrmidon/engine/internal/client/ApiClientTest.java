package dev.myrmidon.engine.internal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.engine.internal.ReservedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the client makes of servers that are none of ours.
@Timeout(60)
class ApiClientTest {
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private @Nullable HttpServer server;
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<String> tokens = new ArrayList<>();

    @AfterEach
    void stop() {
        gate.countDown();
        if (server != null) {
            server.stop(0);
        }
    }

    private ServerAddress serve(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            synchronized (tokens) {
                tokens.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.setExecutor(Thread::startVirtualThread);
        server.start();
        return ServerAddress.parse("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private ApiClient client(ServerAddress address, @Nullable String token, Duration patience) throws ApiException {
        return new ApiClient(address, new TokenSource(Optional.empty(), token, folder), Optional.empty(), patience);
    }

    private ApiException refused(ServerAddress address, Duration patience) throws ApiException {
        try (ApiClient client = client(address, null, patience)) {
            return catchThrowableOfType(ApiException.class, () -> client.get("/api/pools"));
        }
    }

    @Test
    void nobodyListens() throws IOException, ApiException {
        try (ReservedPort port = new ReservedPort()) {
            assertThat(refused(ServerAddress.parse("127.0.0.1:" + port.number()), LONG))
                    .hasMessageStartingWith("nothing answers at http://127.0.0.1:" + port.number());
        }
    }

    @Test
    void nobodyIsKnownByTheName() throws ApiException {
        assertThat(refused(ServerAddress.parse("http://nobody.invalid"), LONG))
                .hasMessage("no host is known as nobody.invalid");
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException, ApiException {
        ServerAddress address = serve(_ -> await());

        assertThat(refused(address, SHORT)).hasMessage("no answer from " + address + " within 300ms");
    }

    @Test
    void aBodyThatNeverEndsIsGivenUp() throws IOException, ApiException {
        ServerAddress address = serve(exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });

        assertThat(refused(address, Duration.ofSeconds(2))).hasMessage("no answer from " + address + " within 2s");
    }

    private void await() {
        try {
            assertThat(gate.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | text/html        | <p>    | it answers 200 with text/html",
                "404 | text/html        | <p>    | it answers 404 with text/html",
                "302 | text/html        | ''     | it answers 302 with text/html",
                "200 | application/json | <p>    | its answer is no JSON",
                "200 | application/json | ''     | its answer is no JSON",
                "200 | application/json | {\"a\" | its answer is no JSON",
                "200 | application/json | {} {}  | its answer is no JSON",
                "200 | application/json | [1]    | it answers with no object",
            })
    void whatIsNoEngineIsSaidSo(int status, String type, String body, String why) throws IOException, ApiException {
        ServerAddress address = serve(exchange -> answer(exchange, status, type, body));

        ApiException refused = refused(address, LONG);
        assertThat(refused).hasMessage(address + " doesn't speak as a Myrmidon engine: " + why);
        assertThat(refused.status()).isEqualTo(ApiException.NO_ANSWER);
    }

    @Test
    void whatIsNotEvenHttpIsSaidSo() throws IOException, ApiException {
        try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> {
                while (true) {
                    try (Socket client = socket.accept()) {
                        client.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII));
                        client.shutdownOutput();
                        var _ = client.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            assertThat(refused(ServerAddress.parse("127.0.0.1:" + socket.getLocalPort()), LONG))
                    .hasMessageContaining("doesn't speak as a Myrmidon engine");
            assertThat(refused(ServerAddress.parse("https://127.0.0.1:" + socket.getLocalPort()), LONG))
                    .hasMessageContaining("no TLS with https://127.0.0.1")
                    .hasMessageContaining("--ca FILE");
        }
    }

    @Test
    void readsOnThisMachineBearNoToken() throws Exception {
        ServerAddress address = serve(exchange -> answer(exchange, 200, "application/json", "{}"));
        try (ApiClient client = client(address, "the-token-of-mine", LONG)) {
            var _ = client.get("/api/pools");
            var _ = client.write("PATCH", "/api/pools/a", "{}");
        }
        assertThat(tokens).containsExactly("null", "Bearer the-token-of-mine");
    }

    /// As at the end of a tunnel to an engine elsewhere.
    @Test
    void aReadThatNeedsTheTokenGetsIt() throws Exception {
        ServerAddress address = serve(exchange -> {
            boolean bears = exchange.getRequestHeaders().containsKey("Authorization");
            answer(
                    exchange,
                    bears ? 200 : 401,
                    bears ? "application/json" : "application/problem+json",
                    "{\"detail\": \"no\"}");
        });
        try (ApiClient client = client(address, "the-token-of-mine", LONG)) {
            var _ = client.get("/api/pools");
            var _ = client.get("/api/pools");
        }
        assertThat(tokens).containsExactly("null", "Bearer the-token-of-mine", "Bearer the-token-of-mine");
        assertThat(refused(address, LONG))
                .hasMessage(address + " wants a token: put it into MYRMIDON_TOKEN or give --token-file FILE; an engine"
                        + " that was started by you without one keeps it in "
                        + folder.resolve("token-" + address.port()));
    }

    @Test
    void aRefusedTokenIsNamed() throws Exception {
        ServerAddress address = serve(exchange ->
                answer(exchange, 401, "application/problem+json", "{\"detail\": \"the token is another\"}"));
        Path made = Files.writeString(folder.resolve("token-" + address.port()), "the-token-that-was-made\n");

        assertThat(refused(address, LONG))
                .hasMessage(address + " refused the token in " + made + ": the token is another");
        assertThat(tokens).containsExactly("null", "Bearer the-token-that-was-made");
    }

    @Test
    void theTokenIsTheOneOfTheFileThenOfTheEnvironmentThenTheMadeOne() throws Exception {
        Path file = Files.writeString(folder.resolve("own"), " own-token \n");
        Path made = Files.writeString(folder.resolve("token-8080"), "made\n");
        ServerAddress here = ServerAddress.parse("localhost:8080");
        ServerAddress there = ServerAddress.parse("10.0.0.1:8080");

        assertThat(new TokenSource(Optional.of(file), "env", folder).find(there))
                .hasValue(new TokenSource.Found("own-token", "in " + file));
        assertThat(new TokenSource(Optional.empty(), "env", folder).find(there))
                .hasValue(new TokenSource.Found("env", "of MYRMIDON_TOKEN"));
        assertThat(new TokenSource(Optional.empty(), null, folder).find(here))
                .hasValue(new TokenSource.Found("made", "in " + made));
        assertThat(new TokenSource(Optional.empty(), null, folder).find(there))
                .as("a token of this machine goes nowhere else")
                .isEmpty();
    }

    @Test
    void aTokenThatCannotBeOneIsSaidSo() throws IOException {
        ServerAddress here = ServerAddress.parse("localhost:8080");
        Path bad = Files.writeString(folder.resolve("bad"), "a b");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> new TokenSource(Optional.of(bad), null, folder).find(here))
                .withMessage("the token in " + bad + " is none: it must be ASCII without spaces");
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> new TokenSource(Optional.of(folder.resolve("no")), null, folder).find(here))
                .withMessage(folder.resolve("no") + ": the token can't be read, there is no such file");
    }

    @Test
    void certificatesThatAreNoneAreSaidSo() throws IOException {
        Path bad = Files.writeString(folder.resolve("ca.pem"), "no certificate");

        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> new ApiClient(
                        ServerAddress.parse("https://localhost"),
                        new TokenSource(Optional.empty(), null, folder),
                        Optional.of(bad),
                        LONG))
                .withMessage(bad + ": has no certificates in PEM");
    }

    @Test
    void anInterruptEndsIt() throws Exception {
        ServerAddress address = serve(_ -> await());
        try (ApiClient client = client(address, null, LONG)) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> client.get("/api/pools"));
        }
    }
}
