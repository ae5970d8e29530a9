package dev.myrmidon.engine.internal.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One request and its answer. For one thread.
final class Call {
    /// The largest body.
    static final int MOST_BYTES = 64 << 10;
    /// How much more of a body is read and thrown away, so that its sender comes to read the answer.
    private static final int MOST_IGNORED = 1 << 20;

    /// How long a client may take to read an answer.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpExchange exchange;
    private Map<String, String> path = Map.of();
    private boolean answered;

    Call(HttpExchange exchange) {
        this.exchange = exchange;
    }

    String method() {
        return exchange.getRequestMethod();
    }

    /// As it was sent, without what follows a question mark.
    String rawPath() {
        String raw = exchange.getRequestURI().getRawPath();
        return raw == null ? "" : raw;
    }

    /// True if the request names a server where only a path belongs, as those to a proxy do.
    boolean isForProxy() {
        return exchange.getRequestURI().isAbsolute() || exchange.getRequestURI().getRawAuthority() != null;
    }

    /// The one value of a header; empty if there is none.
    ///
    /// @throws Problem if there are several
    Optional<String> header(String name) throws Problem {
        List<String> values = exchange.getRequestHeaders().get(name);
        if (values == null || values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new Problem(400, "the header " + name + " must come once, came " + values.size() + " times");
        }
        return Optional.of(values.getFirst());
    }

    /// Who asks: address and port.
    String client() {
        InetSocketAddress remote = exchange.getRemoteAddress();
        String address = remote.getAddress().getHostAddress();
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + remote.getPort();
    }

    void path(Map<String, String> variables) {
        path = variables;
    }

    /// What stands in the path for a variable of its route.
    String path(String variable) {
        String value = path.get(variable);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + variable + "}");
        }
        return value;
    }

    /// The parameters that follow the question mark.
    ///
    /// @param allowed the names that there may be
    /// @throws Problem if there is another one, or one twice
    Map<String, String> query(List<String> allowed) throws Problem {
        Map<String, String> parameters = new LinkedHashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        if (raw == null || raw.isEmpty()) {
            return parameters;
        }
        for (String parameter : raw.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            String value = equals < 0 ? "" : decoded(parameter.substring(equals + 1));
            if (!allowed.contains(name)) {
                throw new Problem(
                        400,
                        allowed.isEmpty()
                                ? "no parameters are known here"
                                : "unknown parameter; those here are " + String.join(", ", allowed));
            }
            if (parameters.put(name, value) != null) {
                throw new Problem(400, "the parameter " + name + " must come once");
            }
        }
        return parameters;
    }

    static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /// The body, which must be a small JSON object.
    ///
    /// @throws Problem if it isn't
    Map<String, JsonText.Value> jsonBody() throws Problem, IOException {
        String type = header("Content-Type").orElse("");
        int semicolon = type.indexOf(';');
        if (!(semicolon < 0 ? type : type.substring(0, semicolon)).strip().equalsIgnoreCase("application/json")) {
            throw new Problem(415, "the body must come as Content-Type: application/json");
        }
        return JsonText.readObject(body());
    }

    /// Reads the body to its end and forgets it.
    ///
    /// @throws Problem if it is too large
    void ignoreBody() throws Problem, IOException {
        body();
    }

    private byte[] body() throws Problem, IOException {
        InputStream in = exchange.getRequestBody();
        byte[] body = in.readNBytes(MOST_BYTES + 1);
        if (body.length > MOST_BYTES) {
            for (int ignored = 0; ignored < MOST_IGNORED; ) {
                int read = in.readNBytes(body, 0, body.length);
                if (read == 0) {
                    break;
                }
                ignored += read;
            }
            throw new Problem(413, "the body must be at most " + MOST_BYTES + " bytes");
        }
        return body;
    }

    /// True if an answer has begun.
    boolean isAnswered() {
        return answered;
    }

    /// A header of the answer.
    void set(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    void answer(Fields body) throws IOException {
        answer(200, "application/json", JsonText.write(body));
    }

    void answer(Problem problem) throws IOException {
        answer(
                problem.status(),
                "application/problem+json",
                JsonText.write(new Fields()
                        .put("type", "about:blank")
                        .put("title", problem.title())
                        .put("status", problem.status())
                        .put("detail", problem.detail())));
    }

    void answer(int status, String type, byte[] body) throws IOException {
        head(type);
        RequestThreads.DEADLINE.get().arm(PATIENCE);
        if (method().equals("HEAD")) {
            set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.getResponseBody().flush();
    }

    /// Says that the client has the newest already.
    void answerNotModified(String type) throws IOException {
        head(type);
        exchange.sendResponseHeaders(304, -1);
    }

    /// Begins an answer that goes on for as long as it likes.
    ///
    /// @return false if only the head of it is wanted, which has been sent
    boolean stream(String type) throws IOException {
        head(type);
        RequestThreads.DEADLINE.get().arm(PATIENCE);
        boolean wanted = !method().equals("HEAD");
        exchange.sendResponseHeaders(200, wanted ? 0 : -1);
        return wanted;
    }

    /// Sends a piece of it.
    void send(byte[] piece) throws IOException {
        Deadline deadline = RequestThreads.DEADLINE.get();
        deadline.arm(PATIENCE);
        exchange.getResponseBody().write(piece);
        exchange.getResponseBody().flush();
        deadline.disarm();
    }

    private void head(String type) {
        answered = true;
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type);
        headers.putIfAbsent("Cache-Control", List.of("no-store"));
        headers.putIfAbsent("Content-Security-Policy", List.of("default-src 'none'; frame-ancestors 'none'"));
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
    }

    /// What was asked, on one short line.
    String line() {
        String shown = rawPath();
        return method() + " " + (shown.length() > 100 ? shown.substring(0, 100) + "…" : shown);
    }
}
