package dev.myrmidon.engine.internal.client;

import dev.myrmidon.engine.internal.config.Durations;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// Asks an engine through its HTTP API. Every call blocks, for a bounded time, and says in words what
/// went wrong. Redirects are not followed: the token is for this server alone. Thread-safe.
public final class ApiClient implements AutoCloseable {
    /// How long a server may take to answer.
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(5);

    /// More than an answer of thousands of pools has.
    private static final long MOST_BYTES = 64L << 20;

    private static final int SHOWN = 200;

    private final ServerAddress server;
    private final TokenSource tokens;
    private final Duration patience;
    private final HttpClient http;
    /// Whether reads carry the token. On this machine they need none, and whatever has taken the port
    /// of an engine needn't see it.
    private volatile boolean readsBearToken;

    /// A client of one server.
    ///
    /// @param ca certificates in PEM to be believed; if empty those that the JVM believes
    /// @param patience how long the server may take to answer
    /// @throws ApiException if the certificates can't be used
    public ApiClient(ServerAddress server, TokenSource tokens, Optional<Path> ca, Duration patience)
            throws ApiException {
        this.server = server;
        this.tokens = tokens;
        this.patience = patience;
        this.readsBearToken = !server.isLoopback();
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_PATIENCE);
        if (ca.isPresent()) {
            builder.sslContext(Trust.only(ca.get()));
        }
        this.http = builder.build();
    }

    /// What the server said.
    ///
    /// @param text the JSON as it came
    /// @param json the same, read
    public record Answer(String text, Json json) {}

    /// {@return where it asks}
    public ServerAddress server() {
        return server;
    }

    /// One part of a path, such as the name of a pool.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// Reads.
    ///
    /// @param path below the address, with its query
    /// @throws ApiException if there is no answer, or it is a refusal
    /// @throws InterruptedException if the thread was interrupted; the request is dropped
    public Answer get(String path) throws ApiException, InterruptedException {
        boolean bearing = readsBearToken;
        try {
            return send("GET", path, null, bearing);
        } catch (ApiException e) {
            if (e.status() != 401 || bearing || tokens.find(server).isEmpty()) {
                throw e;
            }
            // A tunnel leads from here to elsewhere.
            readsBearToken = true;
            return send("GET", path, null, true);
        }
    }

    /// Changes something.
    ///
    /// @param body a JSON object, or null for none
    /// @throws ApiException if there is no answer, or it is a refusal
    /// @throws InterruptedException if the thread was interrupted; the change may have been made
    public Answer write(String method, String path, @Nullable String body) throws ApiException, InterruptedException {
        return send(method, path, body, true);
    }

    private Answer send(String method, String path, @Nullable String body, boolean bearing)
            throws ApiException, InterruptedException {
        Optional<TokenSource.Found> token = bearing ? tokens.find(server) : Optional.empty();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(patience)
                .header("Accept", "application/json, application/problem+json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        token.ifPresent(found -> request.header("Authorization", "Bearer " + found.token()));
        HttpResponse<String> response = exchange(request.build());
        Answer answer = read(response);
        if (response.statusCode() == 200) {
            return answer;
        }
        String detail = answer.json().get("detail").text("");
        if (response.statusCode() == 401) {
            throw new ApiException(
                    401,
                    token.map(found -> server + " refused the token " + found.origin() + ": " + detail)
                            .orElseGet(() -> server + " wants a token: " + tokens.advice(server)));
        }
        throw new ApiException(response.statusCode(), detail.isEmpty() ? "status " + response.statusCode() : detail);
    }

    /// Sends it and waits for all of the answer: the timeout of a request is for its head alone.
    private HttpResponse<String> exchange(HttpRequest request) throws ApiException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response =
                http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES));
        try {
            return response.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } finally {
            response.cancel(true);
        }
    }

    private ApiException tooSlow() {
        return noAnswer("no answer from " + server + " within " + Durations.format(patience));
    }

    private ApiException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException _ ->
                noAnswer("no connection to " + server + " within " + CONNECT_PATIENCE.toSeconds() + "s");
            case java.net.http.HttpTimeoutException _ -> tooSlow();
            case ConnectException e
            when e.getCause() instanceof UnresolvedAddressException ->
                noAnswer("no host is known as " + server.base().getHost());
            case ConnectException _ ->
                noAnswer("nothing answers at " + server
                        + ": is an engine with a management section running there? (--url and MYRMIDON_URL say where)");
            case SSLException e ->
                noAnswer("no TLS with " + server + ": " + reason(e)
                        + " (--ca FILE names a certificate to be believed; what speaks no TLS has http://)");
            case IOException e -> stranger(reason(e));
            case null -> stranger("no reason given");
            default -> stranger(cause.getClass().getSimpleName() + ": " + reason(cause));
        };
    }

    private static String reason(Throwable e) {
        return shown(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }

    /// A piece of what somebody else said.
    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    }

    private static ApiException noAnswer(String message) {
        return new ApiException(ApiException.NO_ANSWER, message);
    }

    private Answer read(HttpResponse<String> response) throws ApiException {
        String type = response.headers().firstValue("Content-Type").orElse("nothing");
        boolean right = response.statusCode() == 200
                ? type.startsWith("application/json")
                : type.startsWith("application/problem+json");
        if (!right) {
            throw stranger("it answers " + response.statusCode() + " with " + shown(type));
        }
        try {
            Json json = Json.parse(response.body());
            if (json.isObject()) {
                return new Answer(response.body(), json);
            }
            throw stranger("it answers with no object");
        } catch (JacksonException e) {
            throw stranger("its answer is no JSON");
        }
    }

    /// What answers is something else.
    ///
    /// @param why in words
    public ApiException stranger(String why) {
        return noAnswer(server + " doesn't speak as a Myrmidon engine: " + why);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
