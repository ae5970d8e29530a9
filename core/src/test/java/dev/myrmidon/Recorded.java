package dev.myrmidon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// A recording of the flight recorder, and what it has of a pool.
@SuppressWarnings("exports") // public for tests of the hidden package, and no more
public final class Recorded implements AutoCloseable {
    private static final List<String> EVENTS = List.of("Task", "TaskRejected", "PoolResized", "PoolClosed");

    private final Recording recording = new Recording();

    private Recorded() {}

    /// Records everything, however short, and all of it.
    public static Recorded all() {
        Recorded recorded = new Recorded();
        for (String event : EVENTS) {
            recorded.recording
                    .enable("dev.myrmidon." + event)
                    .withThreshold(Duration.ZERO)
                    .with("throttle", "off");
        }
        recorded.recording.start();
        return recorded;
    }

    /// Records what is recorded unless something else is said.
    public static Recorded byDefault() {
        Recorded recorded = new Recorded();
        recorded.recording.start();
        return recorded;
    }

    /// Records tasks that run for so long.
    public static Recorded tasksFrom(Duration threshold) {
        Recorded recorded = new Recorded();
        recorded.recording.enable("dev.myrmidon.Task").withThreshold(threshold);
        recorded.recording.start();
        return recorded;
    }

    /// Records, but not this event.
    public static Recorded without(String event) {
        Recorded recorded = all();
        recorded.recording.disable("dev.myrmidon." + event);
        return recorded;
    }

    /// What there is up to now, the earliest start first.
    ///
    /// @param event without the prefix
    public List<RecordedEvent> of(String pool, String event) throws IOException {
        Path file = Files.createTempFile("recorded", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(each -> each.getEventType().getName().equals("dev.myrmidon." + event))
                    .filter(each -> pool.equals(each.getString("pool")))
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
