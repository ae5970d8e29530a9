package dev.myrmidon.engine.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM under load: not ready, and reachable, while it drains; then books that balance, and 0.
@Timeout(120)
class OrderlyEndTest {
    private static final Pattern NUMBER = Pattern.compile("(\\w+)=(-?\\d+)");

    @TempDir
    Path folder;

    @Test
    void theBooksBalanceInTheLastLine() throws IOException, InterruptedException {
        Path token = Files.writeString(folder.resolve("token"), "a-token-of-the-tests");
        Path end = folder.resolve("end");
        try (ChildJvm child = ChildJvm.start(LoadedEngine.class.getName(), token.toString(), end.toString());
                HttpClient client = HttpClient.newHttpClient()) {
            child.awaitLine("serves at ");
            URI api = URI.create(child.said().getLast().substring("serves at ".length()));
            await().atMost(Duration.ofSeconds(30)).until(() -> completed(client, api) > 5_000);
            assertThat(get(client, api, "/readyz").statusCode()).isEqualTo(200);

            child.signal("TERM");

            await().until(() -> get(client, api, "/readyz").statusCode() == 503);
            assertThat(get(client, api, "/healthz").statusCode()).isEqualTo(200);
            await().untilAsserted(() ->
                    assertThat(get(client, api, "/api/pools/last").body()).contains("\"state\":\"draining\""));
            Files.createFile(end);
            assertThat(child.exitCode()).isZero();
            String last = child.said().getLast();
            assertThat(last).contains("ended: books of 4 pools: ").endsWith(", they balance");
            Map<String, Long> books = numbers(last);
            assertThat(books.get("submitted"))
                    .isGreaterThan(5_000)
                    .isEqualTo(books.get("rejected")
                            + books.get("completed")
                            + books.get("failed")
                            + books.get("cancelled"));
            assertThat(books).containsEntry("running", 0L).containsEntry("queued", 0L);
            assertThat(books.get("rejected")).isPositive();
            assertThat(books.get("failed")).isPositive();
            assertThat(books.get("cancelled")).isPositive();
        }
    }

    private static Map<String, Long> numbers(String line) {
        Map<String, Long> numbers = new HashMap<>();
        for (MatchResult match : NUMBER.matcher(line).results().toList()) {
            numbers.put(match.group(1), Long.valueOf(match.group(2)));
        }
        return numbers;
    }

    private static long completed(HttpClient client, URI api) throws IOException, InterruptedException {
        return Pattern.compile("\"completed\":(\\d+)")
                .matcher(get(client, api, "/api/pools").body())
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
    }

    private static HttpResponse<String> get(HttpClient client, URI api, String path)
            throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(api.resolve(path)).build(), BodyHandlers.ofString());
    }
}
