package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.TlsConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class TlsTest {
    @TempDir
    static Path authority;

    static TestKeys keys;

    @TempDir
    Path folder;

    @BeforeAll
    static void makeKeys() throws IOException, InterruptedException {
        keys = new TestKeys(authority)
                .signed("RSA", "RSA")
                .signed("EC", "EC")
                .signed("Ed25519", "Ed25519")
                .signed("next", "EC");
    }

    private Served serve(TlsConfig tls) throws IOException, GeneralSecurityException {
        ManagementConfig management = ManagementConfig.DEFAULT
                .port(0)
                .tokenFile(Served.tokenFile(folder))
                .tls(tls);
        return new Served(new DefaultEngine(EngineConfig.defaults().management(management)), keys.client());
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void itAnswersOverTls(String algorithm) throws IOException, InterruptedException, GeneralSecurityException {
        try (Served served = serve(keys.files(algorithm))) {
            assertThat(served.address.getScheme()).isEqualTo("https");
            HttpResponse<String> response = served.get("/api/pools");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.sslSession().orElseThrow().getPeerCertificates())
                    .as("with the issuer")
                    .hasSize(2);
            assertThat(served.patch("/api/pools/default", "{\"capacity\": 7}").statusCode())
                    .isEqualTo(200);
            assertThat(served.engine.audit()).hasSize(1);
        }
    }

    @Test
    void oneFileMayHaveBoth() throws IOException, InterruptedException, GeneralSecurityException {
        TlsConfig two = keys.files("EC");
        Path one = Files.writeString(
                folder.resolve("both.pem"), Files.readString(two.key()) + Files.readString(two.certificate()));
        try (Served served = serve(new TlsConfig(one, one))) {
            assertThat(served.json("/healthz")).containsEntry("status", "up");
        }
    }

    @Test
    void theHostAndTheOriginAreThoseOfHttps() throws IOException, InterruptedException, GeneralSecurityException {
        try (Served served = serve(keys.files("EC"))) {
            assertThat(change(served, served.address.toString())).isEqualTo(200);
            assertThat(change(served, served.address.toString().replace("https:", "http:")))
                    .isEqualTo(403);
            try (SSLSocket socket = connect(served, "TLSv1.3")) {
                assertThat(answer(socket, "127.0.0.1")).startsWith("HTTP/1.1 403"); // port 443
            }
            try (SSLSocket socket = connect(served, "TLSv1.3")) {
                assertThat(answer(socket, "127.0.0.1:" + served.port())).startsWith("HTTP/1.1 200");
            }
        }
    }

    /// The certificate has the name, so another one can't lead here.
    @Test
    void whereOthersCanReachItAnyNameIsItsHost() throws IOException, GeneralSecurityException {
        ManagementConfig open = ManagementConfig.DEFAULT
                .host("0.0.0.0")
                .port(0)
                .tokenFile(Served.tokenFile(folder))
                .tls(keys.files("EC"));
        try (Served served =
                new Served(new DefaultEngine(EngineConfig.defaults().management(open)), keys.client())) {
            for (String host : List.of("myrmidon.example", "myrmidon.example:8443", "10.1.2.3")) {
                try (SSLSocket socket = connect(served, "TLSv1.3")) {
                    assertThat(answer(socket, host)).startsWith("HTTP/1.1 200");
                }
            }
        }
    }

    private static int change(Served served, String origin) throws IOException, InterruptedException {
        return served.send(served.request("/api/pools/default")
                        .header("Origin", origin)
                        .header("Authorization", "Bearer " + Served.TOKEN)
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString("{\"capacity\": 1}")))
                .statusCode();
    }

    private SSLSocket connect(Served served, String version) throws IOException, GeneralSecurityException {
        SSLSocket socket = (SSLSocket)
                keys.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), served.port());
        socket.setEnabledProtocols(new String[] {version});
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String answer(Socket socket, String host) throws IOException {
        socket.getOutputStream()
                .write(("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void itSpeaksTheTwoVersionsThatAreNotBroken() throws IOException, GeneralSecurityException {
        try (Served served = serve(keys.files("RSA"))) {
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = connect(served, version)) {
                    socket.startHandshake();
                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                }
            }
            // The JDK's client can't even ask for TLS 1.1: a ClientHello by hand.
            String body = "0302" + "00".repeat(32) + "00" + "0002c014" + "0100";
            String hello = "16030100" + String.format("%02x", body.length() / 2 + 4) + "010000"
                    + String.format("%02x", body.length() / 2) + body;
            assertThat(HexFormat.of().formatHex(raw(served, HexFormat.of().parseHex(hello))))
                    .as("the alert protocol_version, or insufficient_security")
                    .matches("1503..00020(2|1)(46|28|47)");
        }
    }

    private static byte[] raw(Served served, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return socket.getInputStream().readAllBytes();
        }
    }

    @Test
    void whatIsNoTlsIsClosed() throws IOException, InterruptedException, GeneralSecurityException {
        try (Served served = serve(keys.files("EC"))) {
            for (String text :
                    List.of("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "\0\0\0\0\0\0\0\0\0\0", "SSH-2.0-x\r\n")) {
                try {
                    assertThat(new String(
                                    raw(served, text.getBytes(StandardCharsets.ISO_8859_1)),
                                    StandardCharsets.ISO_8859_1))
                            .doesNotContain("HTTP", "Exception", "sun.");
                } catch (SocketTimeoutException e) {
                    throw new AssertionError("not closed", e);
                } catch (IOException _) {
                    // closed hard
                }
            }
            assertThat(served.json("/healthz")).containsEntry("status", "up");
        }
    }

    /// `-Dmyrmidon.slow=2000` for more.
    @Test
    void clientsThatNeverShakeHandsHoldNobodyUp() throws IOException, InterruptedException, GeneralSecurityException {
        int clients = Integer.getInteger("myrmidon.slow", 200);
        List<Socket> silent = new ArrayList<>();
        List<Socket> slow = new ArrayList<>();
        try (Served served = serve(keys.files("EC"))) {
            for (int i = 0; i < clients; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), served.port()));
            }
            for (int i = 0; i < clients; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.port());
                slow.add(socket);
                socket.getOutputStream().write(HexFormat.of().parseHex("160301")); // the begin of a ClientHello
                socket.getOutputStream().flush();
            }
            // With more, those that have begun are as many as there may be, and others wait for them to end.
            for (int i = 0; i < 5 && clients < ManagementServer.MOST_REQUESTS; i++) {
                assertThat(served.json("/healthz")).containsEntry("status", "up");
            }
            for (Socket socket : slow) {
                socket.setSoTimeout(30_000);
                try (InputStream in = socket.getInputStream()) {
                    in.readAllBytes();
                } catch (SocketTimeoutException e) {
                    throw new AssertionError("a slow handshake was not ended", e);
                } catch (IOException _) {
                    // closed hard
                }
            }
            assertThat(served.json("/healthz")).containsEntry("status", "up");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void aRenewedCertificateIsTakenAtAReload() throws IOException, InterruptedException, GeneralSecurityException {
        TlsConfig tls = keys.files("EC", "served");
        Path file = Files.writeString(
                folder.resolve("config.yaml"),
                "management: { port: 0, token_file: \"" + Served.tokenFile(folder) + "\", tls: { certificate: \""
                        + tls.certificate() + "\", key: \"" + tls.key() + "\" } }");
        try (Served served = new Served(new DefaultEngine(file, false), keys.client())) {
            assertThat(subject(served)).isEqualTo("CN=EC");
            served.engine.reload();
            assertThat(served.engine.audit()).as("nothing to renew").hasSize(1);

            keys.files("next", "served");
            assertThat(subject(served)).isEqualTo("CN=EC");
            served.engine.reload();
            assertThat(subject(served)).isEqualTo("CN=next");
            AuditEntry renewed = served.engine.audit().getLast();
            assertThat(renewed.applied()).isTrue();
            assertThat(renewed.changes())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("management.tls renewed: CN=next, valid until 20");

            Files.writeString(tls.key(), keys.key("RSA"));
            served.engine.reload();
            assertThat(served.engine.audit().getLast().refusals())
                    .containsExactly("management.tls.key: " + tls.key() + ": is not the key of the certificate in "
                            + tls.certificate() + ", which is for CN=next");
            assertThat(subject(served)).isEqualTo("CN=next");
        }
    }

    /// To a new client: an old one resumes its session, or keeps its connection.
    private static String subject(Served served) throws IOException, InterruptedException, GeneralSecurityException {
        try (HttpClient client = keys.client()) {
            HttpResponse<String> response =
                    client.send(served.request("/healthz").build(), HttpResponse.BodyHandlers.ofString());
            return ((X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .toString();
        }
    }

    @Test
    void whoDoesntTrustItDoesntTalkToIt() throws IOException, GeneralSecurityException {
        try (Served served = serve(keys.files("EC"));
                HttpClient stranger = HttpClient.newHttpClient()) {
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() ->
                            stranger.send(served.request("/healthz").build(), HttpResponse.BodyHandlers.ofString()));
        }
    }
}
