package dev.myrmidon.engine.each;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Gets each item, a URI, and counts the bytes of the answer without keeping them.
///
/// Redirects are followed, at most five and never from https to http; what counts is the last answer. 2xx
/// is completed, all else failed. HTTP/2 is spoken where TLS can negotiate it; over plain http it is
/// HTTP/1.1, because the upgrade that the JDK would ask for confuses some servers.
final class HttpRunner implements ItemRunner {
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .executor(executor)
            .build();

    @Override
    public Result run(Item item) throws InterruptedException {
        HttpRequest request;
        try {
            request = request(item.text().strip());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Result.failed(String.valueOf(e.getMessage()));
        }
        CompletableFuture<HttpResponse<Long>> exchange = client.sendAsync(request, _ -> new ByteCounter());
        try {
            return result(exchange.get());
        } catch (InterruptedException e) {
            exchange.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            return Result.failed(reason(e.getCause() == null ? e : e.getCause(), request.uri()));
        }
    }

    private static HttpRequest request(String text) throws URISyntaxException {
        URI uri = new URI(text);
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("must start with http:// or https://");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("has no host");
        }
        return HttpRequest.newBuilder(uri)
                .version(scheme.equals("https") ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .header("User-Agent", "myrmidon")
                .build();
    }

    private static Result result(HttpResponse<Long> response) {
        int status = response.statusCode();
        boolean good = status >= 200 && status < 300;
        return new Result(
                good ? Status.COMPLETED : Status.FAILED,
                Result.NO_EXIT,
                new Result.Response(status, response.body()),
                Payload.empty(),
                Payload.empty(),
                good ? null : "HTTP " + status);
    }

    /// The JDK's client refuses connections without a word.
    private static String reason(Throwable e, URI uri) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host " + uri.getHost();
            }
        }
        String message = e.getMessage();
        if (e instanceof ConnectException && (message == null || message.isBlank())) {
            return "connection refused";
        }
        return e instanceof IOException && message != null && !message.isBlank() ? message : Failures.text(e);
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdownNow();
    }
}
