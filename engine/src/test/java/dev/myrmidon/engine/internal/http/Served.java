package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// An engine and a client of its API. Every answer that the client gets is held to `openapi.yaml`.
final class Served implements AutoCloseable {
    static final String TOKEN = "a-token-of-the-tests";

    final DefaultEngine engine;
    final URI address;
    private final HttpClient client;

    /// @param folder where the token goes
    /// @param config of the engine, to which this adds the management
    Served(Path folder, EngineConfig config) throws IOException {
        this(new DefaultEngine(
                config.management(ManagementConfig.DEFAULT.port(0).tokenFile(tokenFile(folder)))));
    }

    Served(DefaultEngine engine) {
        this(engine, HttpClient.newHttpClient());
    }

    Served(DefaultEngine engine, HttpClient client) {
        this.client = client;
        this.engine = engine;
        this.address = engine.management().orElseThrow();
    }

    static Path tokenFile(Path folder) throws IOException {
        return Files.writeString(folder.resolve("token"), TOKEN + "\n");
    }

    int port() {
        return address.getPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /// The answer, which must be 200.
    Map<String, Object> json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return parsed(response.body());
    }

    HttpResponse<String> patch(String path, String body) throws IOException, InterruptedException {
        return send(request(path)
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(OpenApi.documents(request.method(), request.uri().getRawPath(), response.statusCode()))
                .as("%s %s is documented to answer %d", request.method(), request.uri(), response.statusCode())
                .isTrue();
        assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        return response;
    }

    HttpClient client() {
        return client;
    }

    /// Sends bytes and reads until the server closes the connection.
    String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    /// JSON is YAML.
    @SuppressWarnings("unchecked")
    static Map<String, Object> parsed(String json) {
        return (Map<String, Object>) new Load(LoadSettings.builder().build()).loadFromString(json);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> list(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @Override
    public void close() {
        engine.close();
        client.close();
    }
}
