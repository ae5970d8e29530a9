package dev.myrmidon.manage.alarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keeps what it is told.
final class Told implements Notifier {
    final List<AlarmEvent> events = new CopyOnWriteArrayList<>();
    private volatile @Nullable Thread teller;

    @Override
    public void send(AlarmEvent event) {
        teller = Thread.currentThread();
        events.add(event);
    }

    /// Until who told of an event has done with it and waits for another one.
    void awaitRest() {
        await().until(() -> {
            Thread last = teller;
            return last != null && last.getState() == Thread.State.TIMED_WAITING;
        });
    }

    void awaitKinds(AlarmEvent.Kind... kinds) {
        await().untilAsserted(
                        () -> assertThat(events).extracting(AlarmEvent::kind).containsExactly(kinds));
    }

    /// Keeps what is logged.
    static final class Log extends Handler implements AutoCloseable {
        final List<LogRecord> records = new CopyOnWriteArrayList<>();
        private final Logger logger;

        Log(String name) {
            logger = Logger.getLogger(name);
            logger.addHandler(this);
            logger.setUseParentHandlers(false);
        }

        List<String> lines() {
            return records.stream().map(LogRecord::getMessage).toList();
        }

        void awaitLines(int count) {
            await().untilAsserted(() -> assertThat(lines()).hasSize(count));
        }

        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            logger.removeHandler(this);
            logger.setUseParentHandlers(true);
        }
    }
}
