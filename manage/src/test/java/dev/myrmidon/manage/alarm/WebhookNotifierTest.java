package dev.myrmidon.manage.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.Pool;
import dev.myrmidon.manage.PoolSample;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a server on the loopback interface.
class WebhookNotifierTest {
    private static final Duration TICK = Duration.ofMillis(1);

    private final CountDownLatch never = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final List<URI> requests = new CopyOnWriteArrayList<>();
    private final List<String> types = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final AtomicReference<Notifier> notifier = new AtomicReference<>();

    /// What the server answers, one request after the other; the last again and again. Below zero it hangs.
    private volatile List<Integer> statuses = List.of(200);

    private volatile String answer = "ok";

    WebhookNotifierTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void start() {
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        never.countDown();
        if (notifier.get() != null) {
            notifier.get().close();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
        requests.add(exchange.getRequestURI());
        int status = statuses.get(Math.min(requests.size(), statuses.size()) - 1);
        if (status < 0) {
            hang();
        }
        if (status == 302) {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, status == 204 ? -1 : bytes.length);
        if (status != 204) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private void hang() {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private URI url(String path) {
        return URI.create("http://localhost:" + server.getAddress().getPort() + path);
    }

    private WebhookNotifier notifier(WebhookTemplate template, Duration timeout, int retries) {
        return notifier(url("/secret/path?access_token=secret"), template, timeout, retries);
    }

    private WebhookNotifier notifier(URI url, WebhookTemplate template, Duration timeout, int retries) {
        WebhookNotifier made =
                new WebhookNotifier(new WebhookConfig(url, template, timeout, retries, TICK, Optional.empty()));
        notifier.set(made);
        return made;
    }

    private static AlarmEvent event(String pool) {
        return event(pool, List.of());
    }

    private static AlarmEvent event(String pool, List<LateTask> tasks) {
        return new AlarmEvent(
                AlarmEvent.Kind.RAISED,
                "usage",
                AlarmUnit.SHARE,
                1,
                AlarmLevels.at(0.9),
                Samples.START,
                new Samples(pool).running(10),
                0,
                false,
                tasks);
    }

    private static LateTask task(int frames) {
        StackTraceElement[] stack = new StackTraceElement[frames];
        Arrays.fill(stack, new StackTraceElement("com.example.Quotes", "fetch", "Quotes.java", 17));
        return new LateTask("quote & \"more\"", "orders-1", Duration.ofMillis(1500), List.of(stack));
    }

    @Test
    void theOwnShapeHasAllOfTheEvent() throws Exception {
        notifier(WebhookTemplate.JSON, Duration.ofSeconds(10), 0)
                .send(event("or\"d\\e\nrs\u0001é漢😀\ud83d", List.of(task(1))));

        assertThat(types).containsExactly("application/json; charset=utf-8");
        assertThat(bodies.getFirst())
                .isEqualTo("{\"kind\":\"raised\",\"alarm\":\"usage\",\"pool\":\"or\\\"d\\\\e\\nrs\\u0001é漢😀\uFFFD\","
                        + "\"value\":1.0,\"threshold\":0.9,\"resolve\":0.81,\"unit\":\"share\","
                        + "\"since\":\"2026-01-01T00:00:00Z\",\"at\":\"2026-01-01T00:00:01Z\",\"untold\":0,\"gone\":false,"
                        + "\"message\":\"usage of pool or\\\"d\\\\e rs é漢😀\uFFFD raised: 100% (at least 90%):"
                        + " running=10/10 queued=0/20 waiting=0 overdue=0; in 1s submitted=0 rejected=0 ended=0 failed=0"
                        + " timed out=0\","
                        + "\"sample\":{\"interval_seconds\":1.0,\"capacity\":10,\"running\":10,\"queue_capacity\":20,"
                        + "\"queued\":0,\"waiting\":0,\"workers\":10,\"overdue\":0,\"submitted\":0,\"rejected\":0,"
                        + "\"ended\":0,\"failed\":0,\"timed_out\":0},"
                        + "\"tasks\":[{\"name\":\"quote & \\\"more\\\"\",\"thread\":\"orders-1\",\"elapsed_seconds\":1.5,"
                        + "\"stack\":[\"com.example.Quotes.fetch(Quotes.java:17)\"]}]}");
    }

    @Test
    void theOwnShapeOfTheJvmHasItsNumbers() {
        AlarmEvent jvm = new AlarmEvent(
                AlarmEvent.Kind.RESOLVED,
                "heap",
                AlarmUnit.BYTES,
                Double.POSITIVE_INFINITY,
                AlarmLevels.at(10),
                Samples.START,
                Samples.heap(Duration.ofSeconds(5), 5),
                0,
                false,
                List.of());
        assertThat(WebhookTemplate.JSON.payload(jvm))
                .startsWith("{\"kind\":\"resolved\",\"alarm\":\"heap\",\"value\":null,")
                .contains("\"sample\":{\"interval_seconds\":5.0,\"heap_used\":5,")
                .contains("\"carrier_wait_seconds\":0.0")
                .doesNotContain("\"pool\"");
    }

    @Test
    void slackGetsItsMarkupEscaped() {
        assertThat(WebhookTemplate.SLACK.payload(event("<!channel> & co")))
                .startsWith("{\"text\":\"usage of pool &lt;!channel&gt; &amp; co raised: 100%");
    }

    @ParameterizedTest
    @EnumSource(
            value = WebhookTemplate.class,
            names = {"DINGTALK", "WECOM"})
    void dingTalkAndWeComGetATextMessage(WebhookTemplate template) {
        assertThat(template.payload(event("orders", List.of(task(1)))))
                .startsWith("{\"msgtype\":\"text\",\"text\":{\"content\":\"usage of pool orders raised: 100%")
                .endsWith("\\nquote & \\\"more\\\" has run for 1.5s on orders-1\\n"
                        + "    at com.example.Quotes.fetch(Quotes.java:17)\"}}");
    }

    @ParameterizedTest
    @CsvSource({"a", "é", "漢", "😀", "&", "<"})
    void textsAreCutToWhatTheServicesTake(String character) {
        for (int length = 600; length < 5_000; length += length < 700 ? 1 : 397) {
            AlarmEvent event = event(character.repeat(length));
            assertThat(bytes(WebhookTemplate.WECOM.text(event))).isLessThanOrEqualTo(2_048);
            assertThat(bytes(WebhookTemplate.DINGTALK.payload(event))).isLessThanOrEqualTo(20_000);
            String slack = WebhookTemplate.SLACK.payload(event);
            assertThat(slack.length()).isLessThanOrEqualTo(4_000 + "{\"text\":\"\"}".length());
            assertThat(slack)
                    .doesNotContain("\uFFFD")
                    .satisfiesAnyOf(
                            text -> assertThat(text).endsWith("…\"}"),
                            text -> assertThat(text).endsWith("timed out=0\"}"));
        }
        String cut = WebhookTemplate.WECOM.text(event(character.repeat(3_000)));
        assertThat(bytes(cut)).isBetween(2_044, 2_048);
        assertThat(cut).endsWith(character + "…");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Test
    void manyLongStacksAreCutToo() {
        AlarmEvent event = event("orders", Collections.nCopies(10, task(500)));
        assertThat(event.details()).contains("    … 488 more\n");
        assertThat(bytes(WebhookTemplate.DINGTALK.payload(event))).isLessThanOrEqualTo(20_000);
        assertThat(bytes(WebhookTemplate.WECOM.text(event))).isLessThanOrEqualTo(2_048);
    }

    @Test
    void errorsOfTheServerAreRepeated() throws Exception {
        statuses = List.of(500, 503, 429, 204);
        notifier(WebhookTemplate.SLACK, Duration.ofSeconds(10), 3).send(event("orders"));
        assertThat(requests).hasSize(4);
        assertThat(bodies).containsOnly(bodies.getFirst());
    }

    @Test
    void aServerThatStaysBrokenIsGivenUp() {
        statuses = List.of(500);
        WebhookNotifier notifier = notifier(WebhookTemplate.SLACK, Duration.ofSeconds(10), 2);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("HTTP 500, after 3 attempts");
        assertThat(requests).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 403, 404})
    void anAnswerThatIsFinalIsNotRepeated(int status) {
        statuses = List.of(status);
        WebhookNotifier notifier = notifier(WebhookTemplate.JSON, Duration.ofSeconds(10), 3);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("HTTP " + status);
        assertThat(requests).hasSize(1);
    }

    @Test
    void errorCodesOfDingTalkAndWeComCount() throws Exception {
        WebhookNotifier notifier = notifier(WebhookTemplate.WECOM, Duration.ofSeconds(10), 2);
        answer = "{ \"errcode\" : 0, \"errmsg\": \"ok\"}";
        notifier.send(event("orders"));
        answer = "{\"errcode\":93000,\"errmsg\":\"invalid webhook url\"}";
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("errcode 93000");
        answer = "{\"errcode\":-1,\"errmsg\":\"system busy\"}";
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("errcode -1, after 3 attempts");
        answer = "<html>login</html>";
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("an answer without an errcode");
    }

    @Test
    void aServerThatHangsIsTimedOut() {
        statuses = List.of(-1);
        WebhookNotifier notifier = notifier(WebhookTemplate.JSON, Duration.ofMillis(100), 1);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("no answer within PT0.1S, after 2 attempts");
    }

    @Test
    void aServerThatHangsInTheMiddleOfItsAnswerIsTimedOut() {
        server.createContext("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            hang();
        });
        WebhookNotifier notifier = notifier(url("/drip"), WebhookTemplate.JSON, Duration.ofMillis(100), 0);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> notifier.send(event("orders")))
                .withMessage("no answer within PT0.1S");
    }

    @Test
    void aConnectionThatIsClosedInTheMiddleOfTheAnswerIsRepeated() throws Exception {
        try (ServerSocket rude = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            threads.execute(() -> answerHalf(rude));
            WebhookNotifier notifier = notifier(
                    URI.create("http://localhost:" + rude.getLocalPort() + "/secret"),
                    WebhookTemplate.JSON,
                    Duration.ofSeconds(10),
                    1);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> notifier.send(event("orders")))
                    .withMessageEndingWith(", after 2 attempts")
                    .withMessageNotContaining("secret");
        }
    }

    private static void answerHalf(ServerSocket rude) {
        while (!rude.isClosed()) {
            try (Socket socket = rude.accept()) {
                var _ = socket.getInputStream().read(new byte[100]);
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // the test is over
            }
        }
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        server.createContext("/flood", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] much = new byte[1 << 16];
            while (never.getCount() > 0) {
                exchange.getResponseBody().write(much);
            }
        });
        WebhookNotifier notifier = notifier(url("/flood"), WebhookTemplate.JSON, Duration.ofSeconds(10), 0);
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> notifier.send(event("orders")));
    }

    @Test
    void aPortThatNobodyListensAtIsToldWithoutTheUrl() throws Exception {
        try (Socket taken = new Socket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // and doesn't listen
            URI url = URI.create("http://localhost:" + taken.getLocalPort() + "/secret?token=secret");
            WebhookNotifier notifier = notifier(url, WebhookTemplate.JSON, Duration.ofSeconds(10), 1);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> notifier.send(event("orders")))
                    .withMessage("connection refused, after 2 attempts");
            assertThat(notifier.name()).isEqualTo("json webhook http://localhost:" + taken.getLocalPort());
        }
    }

    @Test
    void aPauseIsAtLeastWhatTheServerAsksFor() throws Exception {
        server.createContext("/busy", exchange -> {
            requests.add(exchange.getRequestURI());
            exchange.getResponseHeaders().add("Retry-After", "1");
            exchange.sendResponseHeaders(requests.size() == 1 ? 429 : 200, -1);
            exchange.close();
        });
        long start = System.nanoTime();
        notifier(url("/busy"), WebhookTemplate.JSON, Duration.ofSeconds(10), 1).send(event("orders"));
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    /// The signature was made with `openssl dgst -sha256 -hmac`.
    @Test
    void requestsToDingTalkAreSigned() throws Exception {
        answer = "{\"errcode\":0}";
        Clock clock = Clock.fixed(Instant.ofEpochMilli(1_577_262_236_757L), ZoneOffset.UTC);
        WebhookConfig config = new WebhookConfig(
                url("/robot/send?access_token=abc"),
                WebhookTemplate.DINGTALK,
                Duration.ofSeconds(10),
                0,
                TICK,
                Optional.of("SECtest漢"));
        WebhookNotifier signing = new WebhookNotifier(config, clock);
        notifier.set(signing);
        signing.send(event("orders"));
        assertThat(requests.getFirst().getRawQuery())
                .isEqualTo(
                        "access_token=abc&timestamp=1577262236757&sign=hpWmGN%2Fs%2Bh5vhUPbnQNAxUs%2F7QhPoY0kdnv2pC4ll3Y%3D");
    }

    @Test
    void configurationsAreChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("ftp://host/secret"), WebhookTemplate.JSON))
                .withMessage("url must start with http:// or https://");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("/secret"), WebhookTemplate.JSON))
                .withMessage("url must start with http:// or https://");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("https:///secret"), WebhookTemplate.JSON))
                .withMessage("url must have a host");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("https://u:secret@host/"), WebhookTemplate.JSON))
                .withMessage("url must not have a user or password: they would not be sent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("https://host:70000/"), WebhookTemplate.JSON))
                .withMessage("port of the url must be 1 to 65535, was 70000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebhookConfig.of(URI.create("https://host/#secret"), WebhookTemplate.JSON))
                .withMessage("url must not have a fragment: it would not be sent");
        URI url = URI.create("https://host/secret");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new WebhookConfig(url, WebhookTemplate.JSON, Duration.ZERO, 0, TICK, Optional.empty()))
                .withMessage("timeout must be positive and at most PT1H, was PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookConfig(url, WebhookTemplate.JSON, TICK, 11, TICK, Optional.empty()))
                .withMessage("retries must be 0 to 10, was 11");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new WebhookConfig(url, WebhookTemplate.JSON, TICK, 1, Duration.ofMinutes(2), Optional.empty()))
                .withMessage("backoff must be positive and at most PT1M, was PT2M");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookConfig(url, WebhookTemplate.SLACK, TICK, 1, TICK, Optional.of("s")))
                .withMessage("secret needs the template dingtalk, was slack");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WebhookConfig(url, WebhookTemplate.DINGTALK, TICK, 1, TICK, Optional.of(" ")))
                .withMessage("secret must not be blank");
    }

    @Test
    void aConfigurationShowsNoSecrets() {
        WebhookConfig config = new WebhookConfig(
                URI.create("https://host:8443/hidden?token=hidden"),
                WebhookTemplate.DINGTALK,
                TICK,
                1,
                TICK,
                Optional.of("hidden"));
        assertThat(config.toString())
                .isEqualTo("WebhookConfig[url=https://host:8443/…, template=DINGTALK, timeout=PT0.001S, retries=1,"
                        + " backoff=PT0.001S, secret=…]");
    }

    /// The longest backoff and the most retries.
    @Test
    void anInterruptEndsASendThatWaits() throws Exception {
        statuses = List.of(500);
        WebhookNotifier patient = new WebhookNotifier(new WebhookConfig(
                url("/"), WebhookTemplate.JSON, Duration.ofHours(1), 10, Duration.ofMinutes(1), Optional.empty()));
        notifier.set(patient);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                patient.send(event("orders"));
            } catch (Throwable e) {
                end.set(e);
            }
        });
        await().until(() -> sender.getState() == Thread.State.TIMED_WAITING && requests.size() == 1);
        sender.interrupt();
        sender.join();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aWebhookThatHangsHoldsUpNeitherSubmittersNorSamplesNorClose() {
        statuses = List.of(-1);
        Told told = new Told();
        Alarms alarms = new Alarms(
                List.of(AlarmRule.onPools(
                        "usage", AlarmUnit.SHARE, AlarmLevels.at(0.9).quiet(Duration.ZERO), PoolSample::usage)),
                List.of(notifier(WebhookTemplate.JSON, Duration.ofHours(1), 10), told),
                name -> Optional.empty());
        Samples samples = new Samples("orders");
        try (Pool pool = Pool.builder("orders").capacity(10).build()) {
            for (int batch = 1; batch <= 5; batch++) { // each fits into the queue of the one that works
                for (int i = 0; i < 50; i++) {
                    alarms.onSample(samples.running(i % 2 == 0 ? 10 : 0));
                    pool.submit(() -> "done").join();
                }
                int expected = 50 * batch;
                await().until(() -> told.events.size() == expected);
            }
            await().until(() -> requests.size() == 1);
        }
        long start = System.nanoTime();
        alarms.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
        assertThat(alarms.recent()).hasSize(100);
    }
}
