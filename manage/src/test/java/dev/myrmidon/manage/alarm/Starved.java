package dev.myrmidon.manage.alarm;

import com.sun.net.httpserver.HttpServer;
import dev.myrmidon.manage.JvmMonitor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Takes every carrier and waits for the alarm to arrive at a server that uses platform threads; then gives them
/// back and waits for the end of the alarm.
final class Starved {
    private static volatile boolean spins = true;

    private Starved() {}

    public static void main(String[] args) throws Exception {
        CountDownLatch raised = new CountDownLatch(1);
        CountDownLatch resolved = new CountDownLatch(1);
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            IO.println(body);
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
            (body.contains("\"raised\"") ? raised : resolved).countDown();
        });
        server.start();
        URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        AlarmLevels levels = AlarmLevels.at(0.2).sustained(Duration.ofMillis(200));
        try (Alarms alarms = new Alarms(
                        AlarmsConfig.NONE.with(AlarmType.STARVATION, levels).rules(),
                        List.of(new WebhookNotifier(WebhookConfig.of(url, WebhookTemplate.JSON))),
                        name -> Optional.empty());
                JvmMonitor _ = new JvmMonitor(Duration.ofMillis(50), false, alarms::onSample)) {
            for (int i = 0; i < 2; i++) {
                Thread.ofVirtual().start(() -> {
                    while (spins) {
                        Thread.onSpinWait();
                    }
                });
            }
            raised.await();
            spins = false;
            resolved.await();
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
