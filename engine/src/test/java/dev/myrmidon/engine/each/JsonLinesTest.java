package dev.myrmidon.engine.each;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void writesALineForEachItem() throws IOException {
        try (JsonLines json = new JsonLines(out, false, false)) {
            json.accept(outcome("a\"\t", new Result(Status.COMPLETED, 0, null, payload("x\ny\n"), payload(""), null)));
            json.accept(outcome("b", new Result(Status.FAILED, 7, null, payload(""), payload("bad"), "exit 7: bad")));
            json.accept(outcome("c", Result.CANCELLED));
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        {"item":"a\\"\\t","index":5,"status":"completed","millis":12,"exit":0,"output":"x\\ny\\n","error":null}
                        {"item":"b","index":5,"status":"failed","millis":12,"exit":7,"output":"","error":"exit 7: bad"}
                        {"item":"c","index":5,"status":"cancelled","millis":12,"exit":null,"output":"","error":"the run was stopped"}
                        """);
    }

    @Test
    void addsWhatAServerAnswered() throws IOException {
        try (JsonLines json = new JsonLines(out, true, false)) {
            json.accept(outcome(
                    "u",
                    new Result(
                            Status.COMPLETED,
                            Result.NO_EXIT,
                            new Result.Response(200, 42),
                            Payload.empty(),
                            Payload.empty(),
                            null)));
            json.accept(outcome("v", Result.failed("connection refused")));
        }

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith("\"error\":null,\"http_status\":200,\"bytes\":42}"),
                        line -> assertThat(line).endsWith("\"http_status\":null,\"bytes\":null}"));
    }

    @Test
    void replacesWhatIsNoText() throws IOException {
        byte[] odd = {'a', (byte) 0xE9};
        try (JsonLines json = new JsonLines(out, false, false)) {
            Result result = new Result(
                    Status.FAILED, 1, null, new Payload.InMemory(odd), Payload.empty(), "half a character: \uD83D");
            json.accept(new Outcome(new Item(0, 1, odd, null), result, 0));
        }

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"item\":\"a\uFFFD\"", "\"output\":\"a\uFFFD\"", "\"error\":\"half a character: ?\"");
    }

    @Test
    void copiesFilesWithoutWhatCameLater(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("output"), "x".repeat(200_000) + "later");
        try (JsonLines json = new JsonLines(out, false, false)) {
            json.accept(outcome("a", Result.completed(new Payload.OnDisk(file, 200_000))));
        }

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"output\":\"" + "x".repeat(200_000) + "\"");
    }

    private static Outcome outcome(String item, Result result) {
        return new Outcome(new Item(3, 5, item.getBytes(StandardCharsets.UTF_8), null), result, 12);
    }

    private static Payload payload(String text) {
        return new Payload.InMemory(text.getBytes(StandardCharsets.UTF_8));
    }
}
