package dev.myrmidon.examples;

import dev.myrmidon.Pool;
import dev.myrmidon.PoolSaturatedException;
import dev.myrmidon.TaskOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Records what a pool does with the JVM's flight recorder, and reads the recording.
///
/// A service that runs is recorded from outside, by `jcmd`. To do it in the program suits a test, or a
/// service that keeps a recording of its own troubles.
final class RecordTasks {
    static void main() throws IOException, InterruptedException {
        Path file = Files.createTempFile("orders", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.myrmidon.Task").withThreshold(Duration.ZERO).with("throttle", "off");
            recording.start();
            work();
            recording.dump(file);
        }
        RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.myrmidon."))
                .sorted(Comparator.comparing(RecordedEvent::getEndTime))
                .map(RecordTasks::line)
                .forEach(IO::println);
        Files.delete(file);
    }

    private static void work() throws InterruptedException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Pool pool = Pool.builder("orders")
                .capacity(1)
                .nonblocking()
                .onFailure((taskName, failure) -> {}) // expected here
                .build();
        try (pool) {
            pool.execute(answer::join, TaskOptions.named("charge"));
            try {
                pool.execute(() -> {}, TaskOptions.named("export"));
            } catch (PoolSaturatedException e) {
                // the recording has it
            }
            answer.completeExceptionally(new IllegalStateException("declined"));
            pool.awaitIdle();
            pool.resize(2);
        }
    }

    private static String line(RecordedEvent event) {
        String pool = event.getString("pool");
        return switch (event.getEventType().getName()) {
            case "dev.myrmidon.Task" ->
                event.getString("task") + " ran in " + event.getThread().getJavaName() + ": "
                        + event.getString("outcome");
            case "dev.myrmidon.TaskRejected" ->
                event.getString("task") + " was refused: " + event.getString("reason") + ", running="
                        + event.getInt("running") + "/" + event.getInt("capacity");
            case "dev.myrmidon.PoolResized" ->
                pool + " was resized from " + event.getInt("from") + " to " + event.getInt("to");
            case "dev.myrmidon.PoolClosed" ->
                pool + " closed: submitted=" + event.getLong("submitted") + " rejected=" + event.getLong("rejected")
                        + " failed=" + event.getLong("failed");
            default -> event.toString();
        };
    }
}
