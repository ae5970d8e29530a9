package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.EngineConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the console consists of, and how it is served.
@Timeout(60)
class ConsoleFilesTest {
    @TempDir
    Path folder;

    private Served served;

    @BeforeEach
    void serve() throws IOException {
        served = new Served(
                folder,
                new EngineConfig(Pool.builder("default").capacity(1).config(), Map.of(), Duration.ofSeconds(2)));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void thePageIsAtTheRootAndLoadsNothingFromElsewhere() throws IOException, InterruptedException {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy")).contains(Console.CONTENT_SECURITY_POLICY);
        assertThat(Console.CONTENT_SECURITY_POLICY)
                .startsWith("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.body()).doesNotContain("http:", "https:", "style=", "onclick");
    }

    @Test
    void eachFileIsServedAndThereIsNoOther() throws IOException, InterruptedException, URISyntaxException {
        for (String file : Console.FILES) {
            HttpResponse<String> response = get("/console/" + file);
            assertThat(response.statusCode()).as(file).isEqualTo(200);
            assertThat(response.body()).as(file).isNotEmpty();
        }
        Path own = Path.of(Objects.requireNonNull(Console.class.getResource("console/index.html"))
                        .toURI())
                .getParent();
        try (Stream<Path> files = Files.walk(own)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> own.relativize(file).toString())
                            .filter(file ->
                                    !List.of("index.html", "uplot/LICENSE").contains(file)))
                    .containsExactlyInAnyOrderElementsOf(Console.FILES);
        }
        assertThat(own.resolve("uplot/LICENSE")).content().contains("Permission is hereby granted");
        for (String path :
                List.of("/console/", "/console/index.html", "/console/../Api.class", "/console/%2e%2e/Api.class")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    /// Names of pools and tasks come from others: what would make markup of text has no place in these files.
    @Test
    void noFileMakesMarkupOfText() throws IOException, InterruptedException {
        for (String file : Console.FILES) {
            if (file.endsWith(".js") && !file.startsWith("uplot/")) {
                assertThat(get("/console/" + file).body())
                        .as(file)
                        .doesNotContain(
                                "innerHTML",
                                "outerHTML",
                                "insertAdjacentHTML",
                                "document.write",
                                "eval(",
                                "new Function");
            }
        }
    }

    @Test
    void aBrowserThatHasTheNewestIsToldSo() throws IOException, InterruptedException {
        HttpResponse<String> first = get("/console/main.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");

        HttpResponse<String> again = send(served.request("/console/main.js").header("If-None-Match", tag));
        HttpResponse<String> older = send(served.request("/console/main.js").header("If-None-Match", "\"another\""));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("ETag")).contains(tag);
        assertThat(older.statusCode()).isEqualTo(200);
        assertThat(older.body()).isEqualTo(first.body());
    }

    @Test
    void theHeadOfAFileCanBeHadAndNothingWritten() throws IOException, InterruptedException {
        HttpResponse<String> head = send(served.request("/").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        HttpResponse<String> post = send(served.request("/").POST(HttpRequest.BodyPublishers.ofString("x")));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length"))
                .hasValue(get("/").body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(post.statusCode()).isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(served.request(path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return served.client().send(request.build(), BodyHandlers.ofString());
    }
}
