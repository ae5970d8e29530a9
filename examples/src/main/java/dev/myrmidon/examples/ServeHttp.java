package dev.myrmidon.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.Pool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// Uses a pool where an executor is asked for: the JDK's HTTP server handles its requests on it.
///
/// Each request has a virtual thread, so handlers may block, and no more of them run than the capacity
/// says. When the pool is full the server stops reading, and further requests wait in their connections,
/// until a handler ends.
final class ServeHttp {
    static void main() throws IOException {
        Pool pool = Pool.builder("http").capacity(4).build();
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/square/", ServeHttp::square);
        server.setExecutor(pool);
        server.start();

        String url = "http://localhost:" + server.getAddress().getPort() + "/square/";
        try (pool;
                HttpClient client = HttpClient.newHttpClient()) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.rangeClosed(1, 8)
                    .mapToObj(n -> HttpRequest.newBuilder(URI.create(url + n)).build())
                    .map(request -> client.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                IO.println(answer.join().statusCode() + " " + answer.join().body());
            }
            server.stop(0); // first no more requests, then no more pool
        }
    }

    private static void square(HttpExchange exchange) throws IOException {
        try (exchange) {
            int n = Integer.parseInt(exchange.getRequestURI().getPath().substring("/square/".length()));
            byte[] body = (n + " * " + n + " = " + n * n).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
