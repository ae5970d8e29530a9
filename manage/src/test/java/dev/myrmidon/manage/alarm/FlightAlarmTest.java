package dev.myrmidon.manage.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.myrmidon.manage.PoolSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightAlarmTest {
    @TempDir
    Path folder;

    private static Alarms alarms() {
        AlarmLevels levels = AlarmLevels.at(0.9).quiet(Duration.ZERO);
        return new Alarms(
                List.of(AlarmRule.onPools("usage", AlarmUnit.SHARE, levels, PoolSample::usage)),
                List.of(),
                _ -> Optional.empty());
    }

    private List<RecordedEvent> dumped(Recording recording, String pool) throws Exception {
        Path file = folder.resolve("alarms.jfr");
        recording.dump(file);
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("dev.myrmidon.Alarm"))
                .filter(event -> pool.equals(event.getString("pool")))
                .toList();
    }

    @Test
    void whatIsToldIsRecorded() throws Exception {
        Samples orders = new Samples("recorded");
        try (Recording recording = new Recording();
                Alarms alarms = alarms()) {
            recording.start();
            alarms.onSample(orders.running(10));
            alarms.onSample(orders.running(1));

            List<RecordedEvent> events = dumped(recording, "recorded");
            assertThat(events).extracting(event -> event.getString("kind")).containsExactly("RAISED", "RESOLVED");
            RecordedEvent raised = events.getFirst();
            assertThat(raised.getString("alarm")).isEqualTo("usage");
            assertThat(raised.getDouble("value")).isEqualTo(1);
            assertThat(raised.getString("message"))
                    .isEqualTo(alarms.recent().getFirst().message());
        }
    }

    @Test
    void nothingIsRecordedThatIsDisabled() throws Exception {
        Samples orders = new Samples("disabled");
        try (Recording recording = new Recording();
                Alarms alarms = alarms()) {
            recording.disable("dev.myrmidon.Alarm");
            recording.start();
            alarms.onSample(orders.running(10));

            assertThat(dumped(recording, "disabled")).isEmpty();
            assertThat(alarms.recent()).hasSize(1);
        }
    }
}
