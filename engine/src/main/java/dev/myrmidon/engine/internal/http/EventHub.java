package dev.myrmidon.engine.internal.http;

import dev.myrmidon.engine.AuditEntry;
import dev.myrmidon.engine.internal.EngineWatcher;
import dev.myrmidon.manage.PoolSample;
import dev.myrmidon.manage.ScalingStep;
import dev.myrmidon.manage.alarm.AlarmEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Tells clients what happens, as [Server-Sent
/// Events](https://html.spec.whatwg.org/multipage/server-sent-events.html). Each event is written once
/// for all of them; without clients nothing is. Thread-safe.
final class EventHub implements EngineWatcher {
    /// The most clients at once.
    static final int MOST_CLIENTS = 64;

    private final Duration heartbeat;
    /// Guarded by itself.
    private final Set<EventStream> streams = new HashSet<>();

    private volatile List<EventStream> current = List.of();
    /// Guarded by streams.
    private boolean closed;

    EventHub(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /// Sends a client what happens from now on. Returns when it is gone or the hub is closed.
    ///
    /// @throws Problem if there are too many
    void stream(Call call) throws Problem, IOException {
        call.query(List.of());
        EventStream stream = new EventStream(heartbeat);
        synchronized (streams) {
            if (closed || streams.size() == MOST_CLIENTS) {
                throw new Problem(
                        503,
                        closed ? "the server stops" : MOST_CLIENTS + " clients listen already, the most there may be");
            }
            streams.add(stream);
            current = List.copyOf(streams);
        }
        try {
            if (call.stream("text/event-stream")) {
                stream.send(call);
            }
        } finally {
            synchronized (streams) {
                streams.remove(stream);
                current = List.copyOf(streams);
            }
        }
    }

    int clients() {
        return current.size();
    }

    /// Ends all streams.
    void close() {
        synchronized (streams) {
            closed = true;
            streams.forEach(EventStream::end);
        }
    }

    @Override
    public void onSample(PoolSample sample) {
        publish("sample", () -> Views.sample(sample));
        int from = sample.before().capacity();
        int to = sample.stats().capacity();
        if (from != to) {
            publish(
                    "resize",
                    () -> new Fields()
                            .put("at", sample.at())
                            .put("pool", sample.pool())
                            .put("from", from)
                            .put("to", to));
        }
    }

    @Override
    public void onGone(String pool) {
        publish("gone", () -> new Fields().put("pool", pool));
    }

    @Override
    public void onStep(ScalingStep step) {
        publish("scaling", () -> Views.step(step));
    }

    @Override
    public void onAlarm(AlarmEvent event) {
        publish("alarm", () -> Views.alarm(event));
    }

    @Override
    public void onAudit(AuditEntry entry) {
        publish("audit", () -> Views.audit(entry));
    }

    private void publish(String type, Supplier<Fields> data) {
        List<EventStream> clients = current;
        if (clients.isEmpty()) {
            return;
        }
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.writeBytes(("event: " + type + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        event.writeBytes(JsonText.write(data.get())); // one line, for JSON has control characters escaped
        event.writeBytes("\n\n".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = event.toByteArray();
        clients.forEach(client -> client.offer(bytes));
    }
}
