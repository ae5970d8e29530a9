package dev.myrmidon.examples.service;

import dev.myrmidon.Pool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleUnaryOperator;

/// Sends requests to a [Shop], at rates that follow the clock and not the answers: what is slow or refused
/// doesn't slow it down, as it is with many users. What can't be sent, since too many answers are still to
/// come, is counted and not made up for.
final class Load implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(10);

    /// The longest time that is made up for at once: not that for which a laptop slept.
    private static final double LONGEST_TICK_SECONDS = 0.1;

    private static final int MOST_UNANSWERED = 900;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI shop;
    private final BooleanSupplier goOn;
    private final List<Stream> streams;
    private final Pool clients =
            Pool.builder("clients").capacity(MOST_UNANSWERED).nonblocking().build();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(executor)
            .build();
    private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder unsent = new LongAdder();
    private final Thread thread = Thread.ofPlatform().daemon().name("load").unstarted(this::run);

    /// Requests of one kind.
    private static final class Stream {
        private final String path;
        private final DoubleUnaryOperator perSecond;
        private double due;
        private long number;

        /// @param perSecond how many, at so many seconds after the start
        private Stream(String path, DoubleUnaryOperator perSecond) {
            this.path = path;
            this.perSecond = perSecond;
        }
    }

    /// Begins to send.
    ///
    /// @param shop its address
    /// @param orders how many a second
    /// @param goOn false to send no more
    Load(URI shop, int orders, BooleanSupplier goOn) {
        this.shop = shop;
        this.goOn = goOn;
        this.streams = List.of(
                new Stream("order/", _ -> orders),
                new Stream("search/boots-", seconds -> seconds % 40 < 28 ? 10 : 90),
                new Stream("pay/", _ -> 12),
                new Stream("reset/user-", _ -> 3),
                new Stream("newsletter/", _ -> 1.0 / 15),
                new Stream("image/", seconds -> 25 - 22 * Math.cos(2 * Math.PI * seconds / 90)),
                new Stream("report/", _ -> 0.4));
        thread.start();
    }

    private void run() {
        long start = System.nanoTime();
        double before = 0;
        try {
            while (goOn.getAsBoolean()) {
                double now = (System.nanoTime() - start) / 1e9;
                for (Stream stream : streams) {
                    stream.due += stream.perSecond.applyAsDouble(now) * Math.min(now - before, LONGEST_TICK_SECONDS);
                    for (; stream.due >= 1; stream.due--) {
                        send(shop.resolve(stream.path + ++stream.number));
                    }
                }
                before = now;
                Thread.sleep(TICK);
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void send(URI uri) {
        if (!clients.tryExecute(() -> request(uri))) {
            unsent.increment();
        }
    }

    private void request(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        try {
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
        } catch (IOException _) {
            unanswered.increment();
        } catch (InterruptedException _) {
            unanswered.increment(); // closed
        }
    }

    /// {@return how many answers of this status came}
    long answered(int status) {
        LongAdder count = answers.get(status);
        return count == null ? 0 : count.sum();
    }

    /// {@return what came of the requests, on one line}
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder("requests:");
        answers.forEach(
                (status, count) -> line.append(' ').append(status).append('=').append(count.sum()));
        return line.append(" unanswered=")
                .append(unanswered.sum())
                .append(" unsent=")
                .append(unsent.sum())
                .toString();
    }

    /// Sends no more, and waits a second at most for answers.
    @Override
    public void close() {
        thread.interrupt();
        clients.close(Duration.ofSeconds(1));
        client.shutdownNow();
        executor.shutdownNow();
    }
}
