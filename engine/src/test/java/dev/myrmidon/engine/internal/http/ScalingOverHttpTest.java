package dev.myrmidon.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.myrmidon.Pool;
import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.internal.DefaultEngine;
import dev.myrmidon.manage.Autoscaler;
import dev.myrmidon.manage.ScalingConfig;
import dev.myrmidon.manage.ScalingStrategy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a pool is scaled is seen and set by the API, beside the file.
@Timeout(60)
class ScalingOverHttpTest {
    private static final String IMAGES = "/api/pools/images";

    @TempDir
    Path folder;

    private Path file;
    private Served served;

    @BeforeEach
    void serve() throws IOException {
        Served.tokenFile(folder);
        file = folder.resolve("config.yaml");
        write("size: 200, timed: true", "size: 8, scaling: { min: 4, max: 16, interval: \"1h\" }");
        served = new Served(new DefaultEngine(file, false));
    }

    private void write(String images, String audio) throws IOException {
        Files.writeString(
                file,
                "pools: { images: { " + images + " }, audio: { " + audio + " } }\nmanagement: { port: 0, token_file: \""
                        + folder.resolve("token") + "\" }");
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void itIsShownAsTheFileHasIt() throws IOException, InterruptedException {
        assertThat(served.json("/api/pools/audio").get("scaling"))
                .isEqualTo(Map.of(
                        "min",
                        4,
                        "max",
                        16,
                        "strategy",
                        "threshold",
                        "grow_above",
                        0.8,
                        "shrink_below",
                        0.3,
                        "interval",
                        "1h",
                        "cool_down",
                        "0s"));
        assertThat(served.json(IMAGES)).containsEntry("scaling", null).containsEntry("steps", List.of());
    }

    @Test
    void whatIsShownCanBeWritten() throws IOException, InterruptedException {
        for (String scaling : List.of(
                "{\"min\": 1, \"max\": 2147483647}",
                "{\"min\": 5, \"max\": 9, \"strategy\": \"aimd\", \"increase\": 3, \"decrease\": 0.5,"
                        + " \"max_run_time\": \"2s\"}",
                "{\"min\": 5, \"max\": 9, \"strategy\": \"gradient\", \"interval\": \"100ms\"}",
                "{\"min\": 5, \"max\": 9, \"strategy\": \"fixed\", \"cool_down\": \"1m30s\"}",
                "{\"min\": 5, \"max\": 9, \"shrink_below\": 0, \"grow_above\": 1e-4}")) {
            HttpResponse<String> first = served.patch(IMAGES, "{\"scaling\": " + scaling + "}");
            assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
            ScalingConfig set = scaler().config("images").orElseThrow();

            String shown = new String(
                    JsonText.write(Views.scaling(scaler().config("images")).orElseThrow()), StandardCharsets.UTF_8);
            served.patch(IMAGES, "{\"scaling\": null}");
            assertThat(scaler().config("images")).isEmpty();
            served.patch(IMAGES, "{\"scaling\": " + shown + "}");

            assertThat(scaler().config("images")).contains(set);
        }
    }

    @Test
    void itIsInTheAuditKeyByKey() throws IOException, InterruptedException {
        HttpResponse<String> set = served.patch(IMAGES, "{\"scaling\": {\"min\": 50, \"max\": 400}}");
        assertThat(Served.parsed(set.body())).containsEntry("scaled", true).hasEntrySatisfying("scaling", shown -> {
            assertThat(shown).asString().contains("min=50", "max=400");
        });
        assertThat(lastChanges()).contains("images.scaling.min none → 50", "images.scaling.strategy none → threshold");

        served.patch(IMAGES, "{\"scaling\": {\"min\": 50, \"max\": 500}}");
        assertThat(lastChanges()).containsExactly("images.scaling.max 400 → 500");
        served.patch(IMAGES, "{\"scaling\": {\"min\": 50, \"max\": 500}}");
        assertThat(lastChanges()).isEmpty();
        HttpResponse<String> none = served.patch(IMAGES, "{\"scaling\": null}");
        assertThat(Served.parsed(none.body())).containsEntry("scaled", false).containsEntry("scaling", null);
        assertThat(lastChanges()).contains("images.scaling.max 500 → none");
    }

    @Test
    void itScalesAndTellsItsSteps() throws IOException, InterruptedException {
        served.patch(IMAGES, "{\"scaling\": {\"min\": 300, \"max\": 400, \"interval\": \"1ms\"}}");

        await().until(() -> served.engine.pool("images").config().capacity() == 300);
        List<Map<String, Object>> steps = Served.list(served.json(IMAGES).get("steps"));
        assertThat(steps).hasSize(1);
        assertThat(steps.getFirst())
                .containsEntry("pool", "images")
                .containsEntry("from", 200)
                .containsEntry("to", 300)
                .containsKeys("at", "reason");
        assertThat(served.json("/api/pools/audio")).containsEntry("steps", List.of());
    }

    @Test
    void anUnboundedPoolGetsItsCapacityWithIt() throws IOException, InterruptedException {
        served.patch(IMAGES, "{\"capacity\": -1}");
        ApiTest.assertProblem(
                served.patch(IMAGES, "{\"scaling\": {\"min\": 1, \"max\": 9}}"),
                400,
                "scaling: an unbounded pool can't be scaled");
        assertThat(served.patch(IMAGES, "{\"capacity\": 5, \"scaling\": {\"min\": 1, \"max\": 9}}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(served.patch(IMAGES, "{\"capacity\": -1, \"scaling\": null}").statusCode())
                .isEqualTo(200);
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(Pool.UNBOUNDED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "5|scaling must be an object with min and max, or null for none, was 5",
                "[]|was an array",
                "\"aimd\"|was \"aimd\"",
                "{}|scaling: needs both min and max",
                "{\"min\": 5}|scaling: needs both min and max",
                "{\"min\": 0, \"max\": 5}|scaling.min: 0 is out of range: must be 1 to 2147483647",
                "{\"min\": 99999999999999999999, \"max\": 5}|scaling.min: 99999999999999999999 is out of range",
                "{\"min\": 7, \"max\": 5}|scaling.min: 7 is out of range: must be at most max, 5",
                "{\"min\": \"5\", \"max\": 6}|scaling.min: \"5\" is a string, not a number (try 5)",
                "{\"min\": 1.5, \"max\": 6}|scaling.min: 1.5 is not a whole number",
                "{\"min\": 1e999999999999, \"max\": 6}|scaling.min: Infinity is not a whole number",
                "{\"min\": null, \"max\": 6}|scaling.min: has no value",
                "{\"min\": {\"a\": {}}, \"max\": [6]}|scaling.max: expected a whole number, found a list",
                "{\"min\": 1, \"max\": 6, \"grow\": 1}|scaling.grow: unknown key",
                "{\"min\": 1, \"max\": 6, \"increase\": 1}|scaling.increase: is a key of strategy aimd",
                "{\"min\": 1, \"max\": 6, \"strategy\": \"custom\"}|\"custom\" is not a strategy",
                "{\"min\": 1, \"max\": 6, \"interval\": 5}|scaling.interval: 5 has no unit (try \"5s\")",
                "{\"min\": 1, \"max\": 6, \"grow_above\": 1.5}|scaling.grow_above: 1.5 is out of range",
                "{\"min\": 1, \"max\": 6, \"a\\nINFO b\": 1}|unknown key",
            })
    void whatIsWrongIsToldAndChangesNothing(String scaling, String detail) throws IOException, InterruptedException {
        HttpResponse<String> response = served.patch(IMAGES, "{\"capacity\": 7, \"scaling\": " + scaling + "}");

        ApiTest.assertProblem(response, 400, detail);
        assertThat(Served.parsed(response.body()).get("detail")).asString().doesNotContain("\n", "Exception");
        assertThat(served.engine.pool("images").config().capacity()).isEqualTo(200);
        assertThat(scaler().config("images")).isEmpty();
        assertThat(served.engine.audit().getLast().applied()).isFalse();
    }

    @Test
    void runTimesAreNeededWhereTheStrategyLooksAtThem() throws IOException, InterruptedException {
        ApiTest.assertProblem(
                served.patch("/api/pools/audio", "{\"scaling\": {\"min\": 1, \"max\": 9, \"strategy\": \"gradient\"}}"),
                400,
                "need \"timed: true\" in the pool");
    }

    @Test
    void aReloadLeavesItAloneUnlessTheFileChangesThere() throws IOException, InterruptedException {
        served.patch(IMAGES, "{\"scaling\": {\"min\": 50, \"max\": 400, \"interval\": \"1h\"}}");
        served.patch("/api/pools/audio", "{\"scaling\": null}");
        ScalingConfig byHand = scaler().config("images").orElseThrow();

        write("size: 300, timed: true", "size: 9, scaling: { min: 4, max: 16, interval: \"1h\" }");
        assertThat(served.engine.reload().applied()).isTrue();
        assertThat(scaler().config("images")).contains(byHand);
        assertThat(scaler().config("audio")).isEmpty();

        write(
                "size: 300, timed: true, scaling: { min: 3, max: 5, interval: \"1h\" }",
                "size: 9, scaling: { min: 4, max: 17, interval: \"1h\" }");
        assertThat(served.engine.reload().applied()).isTrue();
        assertThat(scaler().config("images").orElseThrow().max()).isEqualTo(5);
        assertThat(scaler().config("audio").orElseThrow().max()).isEqualTo(17);
    }

    /// A pool that the application has closed can't be scaled; the others stay as somebody wanted them.
    @Test
    void aReloadThatFailsPutsItBack() throws IOException, InterruptedException {
        served.patch(IMAGES, "{\"scaling\": {\"min\": 50, \"max\": 400, \"interval\": \"1h\"}}");
        ScalingConfig byHand = scaler().config("images").orElseThrow();
        served.engine.pool("audio").close();

        write(
                "size: 200, timed: true, scaling: { min: 3, max: 5, interval: \"1h\" }",
                "size: 8, scaling: { min: 4, max: 17, interval: \"1h\" }");
        AuditEntry entry = served.engine.reload();

        assertThat(entry.applied()).isFalse();
        assertThat(scaler().config("images")).contains(byHand);
    }

    @Test
    void aStrategyOfTheApplicationIsShownAsSuch() throws IOException, InterruptedException {
        Pool own =
                served.engine.registry().create(Pool.builder("own").capacity(5).config());
        ScalingStrategy custom = () -> sample -> new ScalingStrategy.Proposal(5, "five");
        scaler().add(own, ScalingConfig.between(2, 9).strategy(custom).interval(Duration.ofHours(1)));

        assertThat(served.json("/api/pools/own").get("scaling"))
                .isEqualTo(Map.of("min", 2, "max", 9, "strategy", "custom", "interval", "1h", "cool_down", "0s"));
    }

    private Autoscaler scaler() {
        return served.engine.autoscaler();
    }

    private List<String> lastChanges() {
        return served.engine.audit().getLast().changes();
    }
}
