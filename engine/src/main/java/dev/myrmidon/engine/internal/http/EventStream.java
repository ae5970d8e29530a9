package dev.myrmidon.engine.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The events for one client. Whoever brings one doesn't wait: a client that is too far behind is
/// dropped.
final class EventStream {
    /// How far behind a client may be: a look at some thousands of pools.
    static final int MOST_QUEUED = 4_096;

    /// How many events are sent in one piece, at most.
    private static final int MOST_AT_ONCE = 256;

    private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>(MOST_QUEUED);
    private final Duration heartbeat;
    private final Thread sender = Thread.currentThread();
    private volatile boolean ended;

    /// To be sent by the current thread.
    ///
    /// @param heartbeat how long nothing may be sent
    EventStream(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /// Puts an event into the line.
    void offer(byte[] event) {
        if (!ended && !queue.offer(event)) {
            end();
        }
    }

    /// Ends it, also if it is being sent and nobody reads.
    void end() {
        ended = true;
        sender.interrupt();
    }

    /// Sends what comes until the client is gone or the stream ends.
    void send(Call call) throws IOException {
        call.send(HEARTBEAT); // so that the client has the head of the answer
        List<byte[]> events = new ArrayList<>();
        while (!ended) {
            byte[] first;
            try {
                first = queue.poll(heartbeat.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException _) {
                return;
            }
            if (first == null) {
                call.send(HEARTBEAT);
                continue;
            }
            ByteArrayOutputStream piece = new ByteArrayOutputStream();
            piece.writeBytes(first);
            queue.drainTo(events, MOST_AT_ONCE - 1);
            events.forEach(piece::writeBytes);
            events.clear();
            call.send(piece.toByteArray());
        }
    }
}
