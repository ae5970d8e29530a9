package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolConfig;
import dev.myrmidon.engine.EngineConfig;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.manage.MonitorConfig;
import dev.myrmidon.manage.alarm.AlarmType;
import dev.myrmidon.manage.alarm.AlarmsConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EventsTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        // So few events that a client that stands still for a while is not too far behind.
        Map<String, PoolConfig> pools = new LinkedHashMap<>();
        for (int i = 0; i < 6; i++) {
            pools.put("pool" + i, Pool.builder("pool" + i).capacity(2).config());
        }
        served = new Served(
                folder,
                new EngineConfig(Pool.builder("default").capacity(10).config(), pools, Duration.ofSeconds(5))
                        .monitor(MonitorConfig.every(Duration.ofMillis(50)))
                        .alarms(AlarmsConfig.NONE.with(
                                AlarmType.POOL_USAGE,
                                AlarmType.POOL_USAGE.at(0.9).sustained(Duration.ZERO))));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void aPatchIsToldToThoseWhoListen() throws IOException, InterruptedException {
        HttpResponse<InputStream> stream =
                served.client().send(served.request("/api/events").build(), BodyHandlers.ofInputStream());
        assertThat(stream.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(stream.headers().firstValue("Cache-Control")).contains("no-store");
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            awaitEvent(events, "sample", "\"pool\":\"pool3\"");

            served.patch("/api/pools/pool3", "{\"capacity\": 7}");

            // in no order: the one is told at once, the other one with the next sample
            List<String> both = List.of(next(events, "audit", "resize"), next(events, "audit", "resize"));
            assertThat(both).anySatisfy(data -> assertThat(data).contains("pool3.capacity 2 → 7"));
            assertThat(both)
                    .anySatisfy(data -> assertThat(Served.parsed(data))
                            .containsEntry("pool", "pool3")
                            .containsEntry("from", 2)
                            .containsEntry("to", 7));
        }
        await().until(() -> listeners() == 0);
    }

    @Test
    void anAlarmIsTold() throws IOException, InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        HttpResponse<InputStream> stream =
                served.client().send(served.request("/api/events").build(), BodyHandlers.ofInputStream());
        try (BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 2; i++) {
                var _ = served.engine.pool("pool5").submit(() -> {
                    gate.await();
                    return null;
                });
            }
            String alarm = next(events, "alarm");
            assertThat(Served.parsed(alarm))
                    .containsEntry("kind", "raised")
                    .containsEntry("alarm", "pool_usage")
                    .containsEntry("pool", "pool5");
        } finally {
            gate.countDown();
        }
    }

    @Test
    void aClientThatDoesntReadIsDropped() throws IOException, InterruptedException {
        served.close();
        Path file = writeFile(Duration.ofHours(1));
        served = new Served(new DefaultEngine(file, false));
        try (Socket deaf = new Socket(InetAddress.getLoopbackAddress(), served.port())) {
            deaf.setReceiveBufferSize(4_096);
            deaf.getOutputStream()
                    .write(("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:" + served.port() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            deaf.getOutputStream().flush();
            assertThat(deaf.getInputStream().read())
                    .as("the head of the answer")
                    .isEqualTo('H');
            assertThat(listeners()).isEqualTo(1);
            writeFile(Duration.ofMillis(10));
            assertThat(served.engine.reload().applied()).isTrue();

            await().atMost(Duration.ofSeconds(50)).until(() -> listeners() == 0);
        }
        assertThat(served.json("/healthz")).containsEntry("status", "up");
    }

    /// An engine with many pools, so that events are many if it looks at them often.
    private Path writeFile(Duration interval) throws IOException {
        return Files.writeString(
                folder.resolve("config.yaml"),
                IntStream.range(0, 100)
                                .mapToObj(i -> "pool" + i + ": { size: 2 }")
                                .collect(Collectors.joining(", ", "pools: { ", " }\n"))
                        + "monitor: { interval: \"" + interval.toMillis() + "ms\" }\n"
                        + "management: { port: 0, token_file: \"" + Served.tokenFile(folder) + "\" }\n");
    }

    @Test
    void thereAreNoMoreThanSoMany() throws IOException, InterruptedException {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = 0; i < EventHub.MOST_CLIENTS; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), served.port());
                clients.add(client);
                client.getOutputStream()
                        .write(("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:" + served.port() + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
            }
            await().until(() -> listeners() == EventHub.MOST_CLIENTS);

            ApiTest.assertProblem(served.get("/api/events"), 503, "the most there may be");
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    void theEndOfTheEngineEndsTheStream() throws IOException, InterruptedException {
        HttpResponse<InputStream> stream =
                served.client().send(served.request("/api/events").build(), BodyHandlers.ofInputStream());
        try (InputStream events = stream.body()) {
            assertThat(new String(events.readNBytes(3), StandardCharsets.UTF_8)).isEqualTo(":\n\n");
            served.engine.close();
            assertThatCode(events::readAllBytes)
                    .satisfiesAnyOf(
                            ended -> assertThat(ended).isNull(),
                            cutOff -> assertThat(cutOff).isInstanceOf(IOException.class));
        }
    }

    private int listeners() {
        return served.engine.listeners();
    }

    private static void awaitEvent(BufferedReader events, String type, String part) throws IOException {
        while (!next(events, type).contains(part)) {
            // others of this type
        }
    }

    /// The data of the next event of one of these types.
    private static String next(BufferedReader events, String... types) throws IOException {
        for (String line = events.readLine(); line != null; line = events.readLine()) {
            if (line.startsWith("event: ") && List.of(types).contains(line.substring(7))) {
                String data = events.readLine();
                assertThat(data).startsWith("data: ");
                assertThat(events.readLine()).isEmpty();
                return data.substring(6);
            }
        }
        throw new AssertionError("the stream has ended");
    }
}
