package dev.myrmidon.manage;

import java.time.Duration;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/// Counts the virtual threads that keep their carriers while they are blocked, as the JDK Flight Recorder
/// tells of them. Events arrive about a second late.
final class PinnedEvents implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.myrmidon.manage");
    private static final String PINNED = "jdk.VirtualThreadPinned";

    /// What there is at least, if the machine records other things too.
    private static final Duration SHORTEST = Duration.ofMillis(20);

    private static final long MAX_BYTES = 10 << 20;

    private final RecordingStream stream;
    private int count; // guarded by this
    private Duration longest = Duration.ZERO; // guarded by this

    /// What was seen since it was last asked.
    record Seen(int count, Duration longest) {
        static final Seen NONE = new Seen(0, Duration.ZERO);
    }

    /// Starts to record; null if this JVM can't.
    static @Nullable PinnedEvents start() {
        try {
            return new PinnedEvents();
        } catch (RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "pinned virtual threads are not watched: " + e);
            return null;
        }
    }

    private PinnedEvents() {
        stream = new RecordingStream();
        try {
            stream.enable(PINNED).withThreshold(SHORTEST).withoutStackTrace();
            stream.onEvent(PINNED, this::saw);
            stream.setMaxSize(MAX_BYTES);
            stream.startAsync();
        } catch (RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    private synchronized void saw(RecordedEvent event) {
        if (event.getDuration().compareTo(SHORTEST) >= 0) {
            count++;
            longest = longest.compareTo(event.getDuration()) < 0 ? event.getDuration() : longest;
        }
    }

    synchronized Seen take() {
        Seen seen = new Seen(count, longest);
        count = 0;
        longest = Duration.ZERO;
        return seen;
    }

    @Override
    public void close() {
        stream.close();
    }
}
