package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.EngineConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean no good.
@Timeout(120)
class HostileTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(
                folder,
                new EngineConfig(
                        Pool.builder("default").capacity(10).config(),
                        Map.of("images", Pool.builder("images").capacity(200).config()),
                        Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aWriteWithoutTheTokenIs401AndInTheAudit() throws IOException, InterruptedException {
        HttpResponse<String> response = served.send(served.request("/api/pools/images")
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{\"capacity\": 1}")));

        ApiTest.assertProblem(response, 401, "writes need a token, as Authorization: Bearer TOKEN");
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"myrmidon\"");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
        AuditEntry entry = served.engine.audit().getLast();
        assertThat(entry.applied()).isFalse();
        assertThat(entry.toString())
                .matches(
                        "http 127\\.0\\.0\\.1:\\d+: refused: PATCH /api/pools/images: writes need a token, as Authorization: Bearer TOKEN");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer wrong",
                "Bearer",
                "Bearer ",
                "Basic YTpi",
                "a-token-of-the-tests",
                "Bearer a-token-of-the-testS"
            })
    void aWrongTokenIs401(String authorization) throws IOException, InterruptedException {
        for (String[] write : new String[][] {
            {"PATCH", "/api/pools/images"}, {"DELETE", "/api/tasks/images/1"}, {"POST", "/api/config/reload"}
        }) {
            HttpResponse<String> response = served.send(served.request(write[1])
                    .header("Authorization", authorization)
                    .method(write[0], BodyPublishers.noBody()));
            assertThat(response.statusCode()).isEqualTo(401);
        }
        assertThat(served.engine.audit()).hasSize(3);
    }

    @Test
    void strangersDontPushTheRestOutOfTheAudit() throws IOException, InterruptedException {
        served.patch("/api/pools/images", "{\"capacity\": 3}");
        for (int i = 0; i < Refusals.MOST + 10; i++) {
            served.send(served.request("/api/config/reload").POST(BodyPublishers.noBody()));
        }

        assertThat(served.engine.audit())
                .hasSize(1 + Refusals.MOST)
                .first()
                .extracting(AuditEntry::applied)
                .isEqualTo(true);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example, 403",
        "evil.example:PORT, 403",
        "127.0.0.1, 403",
        "127.0.0.1:1, 403",
        "127.0.0.1.evil.example:PORT, 403",
        "127.0.0.1:PORT@evil.example, 403",
        "[::2]:PORT, 403",
        "'', 403",
        "127.0.0.1:PORT, 200",
        "LOCALHOST:PORT, 200",
        "[::1]:PORT, 200",
    })
    void theHostMustBeThisOne(String host, int status) throws IOException {
        String answer = served.raw("GET /api/pools HTTP/1.1\r\nHost: " + host.replace("PORT", "" + served.port())
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status);
    }

    @Test
    void theHostMustComeOnce() throws IOException {
        assertThat(served.raw("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(served.raw("GET /healthz HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(served.raw(get("/healthz", "Host: evil.example"))).startsWith("HTTP/1.1 400");
        assertThat(served.raw("GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1:" + served.port()
                        + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", ""})
    void anotherOriginCantWrite(String origin) throws IOException, InterruptedException {
        HttpResponse<String> response = served.send(served.request("/api/pools/images")
                .header("Origin", origin.replace("PORT", "" + served.port()))
                .header("Authorization", "Bearer " + Served.TOKEN)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{\"capacity\": 1}")));

        ApiTest.assertProblem(response, 403, "another site");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
        assertThat(served.engine.audit().getLast().applied()).isFalse();
    }

    @Test
    void itsOwnOriginCanWrite() throws IOException, InterruptedException {
        HttpResponse<String> response = served.send(served.request("/api/pools/images")
                .header("Origin", served.address.toString())
                .header("Authorization", "bearer " + Served.TOKEN)
                .header("Content-Type", "application/json; charset=utf-8")
                .method("PATCH", BodyPublishers.ofString("{\"capacity\": 1}")));

        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp"})
    void anotherTypeIs415(String type) throws IOException, InterruptedException {
        HttpResponse<String> response = served.send(served.request("/api/pools/images")
                .header("Authorization", "Bearer " + Served.TOKEN)
                .header("Content-Type", type)
                .method("PATCH", BodyPublishers.ofString("{\"capacity\": 1}")));

        ApiTest.assertProblem(response, 415, "application/json");
    }

    @Test
    void aLargeBodyIs413() throws IOException, InterruptedException {
        String large = "{\"capacity\": 1," + " ".repeat(Call.MOST_BYTES) + "}";
        ApiTest.assertProblem(served.patch("/api/pools/images", large), 413, "at most 65536 bytes");
        // of unknown length
        HttpResponse<String> chunked = served.send(served.request("/api/pools/images")
                .header("Authorization", "Bearer " + Served.TOKEN)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofByteArrays(List.of(large.getBytes(StandardCharsets.UTF_8)))));
        ApiTest.assertProblem(chunked, 413, "at most 65536 bytes");
        assertThat(served.patch("/api/pools/images", "{\"capacity\": 1" + " ".repeat(60_000) + "}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aBodyThatIsAnnouncedAndDoesntComeChangesNothing() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            socket.getOutputStream()
                    .write(patch("Content-Length: 1000000000000", "{\"capacity\": 1")
                            .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            socket.setSoTimeout(30_000);
            socket.getInputStream().readAllBytes();
        } catch (IOException _) {
            // closed hard
        }
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\nTransfer-Encoding: chunked",
                "Content-Length: 10\r\nContent-Length: 11",
                "Content-Length: -1",
                "Content-Length: x",
                "Transfer-Encoding: gzip, chunked",
            })
    void lengthsThatContradictAreRefused(String headers) throws IOException {
        String answer = served.raw(patch(headers, "{\"capacity\": 1}"));

        assertThat(answer).matches("(?s)HTTP/1\\.1 (400|501).*");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../etc/passwd", "/api/../../etc/passwd", "/api/pools/../audit", "/%2e%2e/%2e%2e/etc/passwd",
                        "/api/openapi.yaml/..",
                "/api/pools/%2e%2e%2faudit", "/api/pools/..%5c..%5cetc", "/api/pools/%00", "/api/pools/%ff%fe",
                        "/.git/config",
                "/api/pools/a;b", "/api//pools", "/API/pools"
            })
    void pathsLeadNowhereElse(String path) throws IOException {
        String answer = served.raw(get(path, "X: y"));

        assertThat(answer).startsWith("HTTP/1.1 404").doesNotContain("root:", "Exception", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GARBAGE\r\n\r\n",
                "GET\r\n\r\n",
                "GET /%zz HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nBad Header\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET /<script> HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
            })
    void whatIsNoRequestIsRefusedWithoutDetails(String request) throws IOException, InterruptedException {
        assertThat(served.raw(request)).doesNotContain("\tat ", "dev.myrmidon", "sun.net", "<script>");
        assertThat(served.json("/healthz")).containsEntry("status", "up");
    }

    @Test
    void aFloodOfHeadersIsCutOff() throws IOException, InterruptedException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            many.append("X-").append(i).append(": y\r\n");
        }
        assertCutOff(get("/healthz", many + "X: y"));
        assertCutOff(get("/healthz", "X: " + "y".repeat(1 << 20)));
        assertCutOff(get("/healthz?" + "y".repeat(1 << 20), "X: y"));
        assertThat(served.json("/healthz")).containsEntry("status", "up");
    }

    private void assertCutOff(String request) {
        try {
            assertThat(served.raw(request)).doesNotContain("200 OK", "sun.net");
        } catch (IOException _) {
            // closed while we were sending
        }
    }

    /// Some keep nobody out; more than there may be requests at once do, until their time is over, and the
    /// pools don't notice. It takes as long as a slow client may, whatever their number.
    @Test
    void slowClientsHoldNobodyUpAndAreClosed() throws IOException, InterruptedException {
        int clients = Integer.getInteger("myrmidon.slow", 2_000);
        Pool pool = served.engine.pool("images");
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                if (i == 100) {
                    assertThat(served.json("/healthz")).containsEntry("status", "up");
                }
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port());
                slow.add(socket);
                socket.getOutputStream().write("GET /healthz HTTP/1.1\r\nHost: ".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            LongAdder ran = new LongAdder();
            for (int i = 0; i < 10_000; i++) {
                pool.execute(ran::increment);
            }
            await().until(() -> ran.sum() == 10_000);
            for (Socket socket : slow) { // no byte comes, and the end does
                socket.setSoTimeout(30_000);
                try {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                } catch (SocketTimeoutException e) {
                    throw new AssertionError("a slow client was not closed", e);
                } catch (IOException _) {
                    // closed hard
                }
            }
            assertThat(served.json("/healthz")).containsEntry("status", "up");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private String get(String path, String header) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + served.port() + "\r\nConnection: close\r\n" + header
                + "\r\n\r\n";
    }

    private String patch(String headers, String body) {
        return "PATCH /api/pools/images HTTP/1.1\r\nHost: 127.0.0.1:" + served.port()
                + "\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer " + Served.TOKEN
                + "\r\n" + headers + "\r\n\r\n" + body;
    }
}
