package dev.myrmidon.engine.internal.metrics;

import dev.myrmidon.engine.OtlpConfig;
import dev.myrmidon.manage.internal.HttpTargets;
import io.micrometer.registry.otlp.OtlpMetricsSender;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Posts exports. What fails is told once, until it works again; nothing is repeated, since the next export says all
/// that this one said, and more. Redirects are not followed. Uses platform threads only.
final class OtlpSender implements OtlpMetricsSender, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.engine.metrics");

    private final OtlpConfig config;
    private final Duration timeout;
    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("myrmidon-otlp-", 0).daemon().factory());
    private final HttpClient client = HttpClient.newBuilder().executor(threads).build();

    /// Guarded by this.
    private boolean failing;

    /// Guarded by this.
    private long lost;

    private volatile boolean closed;

    /// @param timeout for one request, with its answer
    OtlpSender(OtlpConfig config, Duration timeout) {
        this.config = config;
        this.timeout = timeout;
    }

    /// Never throws: the caller would log it each time.
    @Override
    public void send(Request export) {
        try {
            post(export.getMetricsData());
            worked();
        } catch (IOException | RuntimeException | Error failure) {
            String why = failure instanceof IOException ? String.valueOf(failure.getMessage()) : failure.toString();
            failed(closed ? "it ended before there was an answer" : why);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void post(byte[] export) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(config.url())
                // The upgrade that the client would ask for over plain http confuses some servers.
                .version(
                        config.url().getScheme().equalsIgnoreCase("https")
                                ? HttpClient.Version.HTTP_2
                                : HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(export));
        request.setHeader("User-Agent", "myrmidon");
        config.headers().forEach(request::setHeader);
        // The client's own timeout ends with the head of the answer.
        CompletableFuture<HttpResponse<Void>> exchange =
                client.sendAsync(request.build(), HttpResponse.BodyHandlers.discarding());
        try {
            int status = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            if (status < 200 || status > 299) {
                throw new IOException("HTTP " + status);
            }
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + timeout.toSeconds() + " seconds", e);
        } catch (ExecutionException e) {
            throw new IOException(HttpTargets.reason(e.getCause() == null ? e : e.getCause()), e);
        } finally {
            exchange.cancel(true);
        }
    }

    private void failed(String why) {
        synchronized (this) {
            lost++;
            if (failing) {
                return;
            }
            failing = true;
        }
        LOG.log(
                Level.WARNING,
                "metrics don't arrive at " + config.endpoint() + ", and no more is said until they do: " + why);
    }

    private void worked() {
        long missed;
        synchronized (this) {
            if (!failing) {
                return;
            }
            failing = false;
            missed = lost;
            lost = 0;
        }
        LOG.log(
                Level.INFO,
                "metrics arrive at " + config.endpoint() + " again; requests that failed meanwhile: " + missed);
    }

    /// Ends what is under way.
    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
        threads.shutdownNow();
    }
}
