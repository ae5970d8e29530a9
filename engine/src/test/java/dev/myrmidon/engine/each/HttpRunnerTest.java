package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server on the loopback interface.
class HttpRunnerTest {
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch asked = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final HttpRunner runner = new HttpRunner();

    HttpRunnerTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.createContext("/status/", exchange -> answer(exchange, statusIn(exchange), 0));
        server.createContext("/bytes/", exchange -> answer(exchange, 200, numberIn(exchange)));
        server.createContext("/to/", exchange -> {
            exchange.getResponseHeaders().add("Location", "/bytes/5");
            answer(exchange, statusIn(exchange), 0);
        });
        server.createContext("/loop", exchange -> {
            exchange.getResponseHeaders().add("Location", "/loop");
            answer(exchange, 302, 0);
        });
        server.createContext("/hang", exchange -> hang());
        server.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            hang();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        never.countDown();
        runner.close();
        server.stop(0);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"200, COMPLETED", "204, COMPLETED", "404, FAILED", "500, FAILED", "503, FAILED", "304, FAILED"})
    void tellsGoodFromBad(int code, Status status) throws InterruptedException {
        Result result = get("/status/" + code);

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.response()).isEqualTo(new Result.Response(code, 0));
        assertThat(result.error()).isEqualTo(status == Status.COMPLETED ? null : "HTTP " + code);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000_000})
    void countsTheBody(int bytes) throws InterruptedException {
        assertThat(get("/bytes/" + bytes).response()).isEqualTo(new Result.Response(200, bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsRedirects(int code) throws InterruptedException {
        assertThat(get("/to/" + code).response()).isEqualTo(new Result.Response(200, 5));
    }

    @Test
    void doesNotFollowForever() throws InterruptedException {
        Result result = get("/loop");

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.error()).isEqualTo("HTTP 302");
    }

    /// As `myrmidon each --http` does.
    @Test
    @Timeout(240)
    void timesOutOverTheWholeExchange(@TempDir Path folder) throws IOException, InterruptedException {
        List<String> items = List.of(uri("/hang"), uri("/drip"), uri("/bytes/5"));
        EachProcess.Ended ended = EachProcess.run(folder, items, "--http", "--timeout", "5s", "--keep-order");

        assertThat(ended.out()).startsWith("200\t5\t").hasLineCount(1);
        assertThat(ended.err())
                .startsWith(
                        "myrmidon: line 1 (" + items.getFirst() + "): timed out after 5s",
                        "myrmidon: line 2 (" + items.get(1) + "): timed out after 5s");
        assertThat(ended.counts()).isEqualTo("submitted=3 completed=1 failed=2 cancelled=0 rejected=0");
    }

    @Test
    void canBeInterrupted() throws InterruptedException {
        FutureTask<Boolean> interrupted = new FutureTask<>(() -> {
            assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> get("/hang"));
            return true;
        });
        Thread thread = Thread.startVirtualThread(interrupted);
        asked.await();
        thread.interrupt();

        await().atMost(Duration.ofSeconds(30)).until(interrupted::isDone);
        assertThat(interrupted.state()).isEqualTo(FutureTask.State.SUCCESS);
    }

    @Test
    void saysWhenNobodyListens() throws IOException, InterruptedException {
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // and doesn't listen

            assertThat(run("http://127.0.0.1:" + taken.getLocalPort() + "/").error())
                    .isEqualTo("connection refused");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, must start with http:// or https://",
        "ftp://example.com/, must start with http:// or https://",
        "http:/x, has no host",
        "http://a b/, Illegal character in authority at index 8: http://a b/",
        "'', must start with http:// or https://",
    })
    void refusesWhatIsNoUri(String text, String error) throws InterruptedException {
        Result result = run(text);

        assertThat(result.status()).isEqualTo(Status.FAILED);
        assertThat(result.response()).isNull();
        assertThat(result.error()).isEqualTo(error);
    }

    private Result get(String path) throws InterruptedException {
        return run(uri(path));
    }

    private String uri(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    private Result run(String text) throws InterruptedException {
        return runner.run(new Item(0, 1, text.getBytes(StandardCharsets.UTF_8), null));
    }

    private void hang() {
        asked.countDown();
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int statusIn(HttpExchange exchange) {
        return (int) numberIn(exchange);
    }

    private static long numberIn(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return Long.parseLong(path.substring(path.lastIndexOf('/') + 1));
    }

    private static void answer(HttpExchange exchange, int status, long bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes == 0 ? -1 : bytes);
        try (@Nullable OutputStream body = bytes == 0 ? null : exchange.getResponseBody()) {
            byte[] chunk = new byte[1 << 16];
            for (long left = bytes; left > 0 && body != null; left -= Math.min(left, chunk.length)) {
                body.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        }
        exchange.close();
    }
}
