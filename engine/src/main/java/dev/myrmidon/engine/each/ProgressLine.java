package dev.myrmidon.engine.each;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/// The line of progress on a terminal. Looks at the counters a few times a second; the items know nothing of it.
final class ProgressLine implements AutoCloseable {
    private static final int INTERVAL_MILLIS = 250;
    private static final long UNKNOWN = -1;

    private final Streams streams;
    private final Source source;
    private final ProgressBar bar;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread sampler =
            Thread.ofPlatform().daemon().name("myrmidon-progress").unstarted(this::sample);

    /// What the line is about.
    ///
    /// @param tally the counters
    /// @param running how many items run
    /// @param bytesCut how much of the input the items took that were submitted or skipped
    /// @param totalBytes how long the input is, or less than 1 if there is no telling
    record Source(Tally tally, IntSupplier running, LongSupplier bytesCut, long totalBytes) {

        /// How many items there will be, going by what the ones read so far took; or -1 if there is no telling.
        long expectedItems(long items) {
            long cut = bytesCut.getAsLong();
            if (totalBytes < 1 || cut < 1 || items < 1) {
                return UNKNOWN;
            }
            return cut >= totalBytes ? items : Math.max(items, (long) ((double) totalBytes / cut * items));
        }
    }

    ProgressLine(Streams streams, Source source) {
        this.streams = streams;
        this.source = source;
        this.bar = new ProgressBarBuilder()
                .setTaskName("each")
                .setInitialMax(UNKNOWN)
                .setUpdateIntervalMillis(INTERVAL_MILLIS)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed(new DecimalFormat("0.0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
                .continuousUpdate()
                .setConsumer(new Screen(streams, Terminal.columns() - 1))
                .build();
        sampler.start();
    }

    private void sample() {
        try {
            do {
                Summary now = source.tally.summary(0);
                bar.maxHint(source.expectedItems(now.submitted() + now.skipped()));
                bar.stepTo(now.done() + now.cancelled() + now.skipped());
                bar.setExtraMessage(" failed " + now.failed() + ", running " + source.running.getAsInt());
            } while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody does, the line stands still.
            Thread.currentThread().interrupt();
        }
    }

    /// Stops it and takes the line away: the summary says the same.
    @Override
    public void close() {
        closed.countDown();
        bar.close();
        streams.wipe();
    }

    /// Where the library draws.
    private record Screen(Streams streams, int columns) implements ProgressBarConsumer {
        @Override
        public int getMaxRenderedLength() {
            return columns;
        }

        @Override
        public void accept(String line) {
            streams.progress(line);
        }

        @Override
        public void close() {}
    }
}
