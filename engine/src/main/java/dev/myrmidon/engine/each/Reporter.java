package dev.myrmidon.engine.each;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes what became of the items to standard output, standard error and the `--out` file.
///
/// One thread does all of it, so nothing is interleaved and no worker waits for a lock while another one
/// writes. Workers hand over outcomes through a bounded [Mailbox]; what is written is flushed whenever the
/// mailbox is empty. With a journal that is after each batch, and then the journal notes what is done: nothing
/// that it has is missing from the output.
final class Reporter {
    private final Mailbox mailbox;
    private final Streams streams;
    private final @Nullable JsonLines json;
    private final @Nullable Journal journal;
    private final @Nullable InOrder order;
    private final Outlet first;
    private final Faults faults;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("myrmidon-reporter").unstarted(this::run);

    // Both used by the thread alone.
    private boolean outputLost;
    private boolean recordLost;

    /// What to do when something can't be written.
    ///
    /// @param output called once when standard output fails
    /// @param record called once when the `--out` file fails
    /// @param scratch called when temporary files fail
    /// @param bug called when the reporter itself fails; nothing is reported after that
    record Faults(
            Consumer<IOException> output,
            Consumer<IOException> record,
            Consumer<IOException> scratch,
            Consumer<Throwable> bug) {}

    /// @param json where to record every outcome, or null
    /// @param journal where to note what is done, or null
    /// @param spill where to keep outcomes that are early, or null to report them as they come
    Reporter(
            Mailbox mailbox,
            Streams streams,
            @Nullable JsonLines json,
            @Nullable Journal journal,
            @Nullable Spill spill,
            Faults faults) {
        this.mailbox = mailbox;
        this.streams = streams;
        this.json = json;
        this.journal = journal;
        this.faults = faults;
        this.order = spill == null ? null : new InOrder(this::write, spill);
        this.first = order == null ? this::write : order;
    }

    void start() {
        thread.start();
    }

    /// True if every item must be reported, whatever its result.
    boolean wantsAll() {
        return json != null || order != null;
    }

    /// True if an item with this result must be reported.
    boolean wants(Result result) {
        return wantsAll() || !result.silent() || (journal != null && result.status() == Status.COMPLETED);
    }

    /// Reports an outcome; waits while too much is unwritten.
    void report(Outcome outcome) {
        mailbox.put(outcome);
    }

    /// Writes all that was reported, then ends.
    ///
    /// @param givenUp asked now and then whether to leave without it
    void finish(BooleanSupplier givenUp) throws InterruptedException {
        mailbox.close();
        while (!thread.join(Duration.ofMillis(200)) && !givenUp.getAsBoolean()) {}
    }

    private void run() {
        try {
            writeAll();
        } catch (RuntimeException | Error e) {
            // Without this thread the workers would wait for room in the mailbox forever.
            mailbox.close();
            faults.bug.accept(e);
        }
    }

    private void writeAll() {
        for (List<Outcome> batch = next(); !batch.isEmpty(); batch = next()) {
            batch.forEach(this::accept);
            if (journal != null) {
                flush(); // what has ended isn't lost any more
            }
        }
        try {
            if (order != null) {
                order.finish();
            }
        } catch (IOException e) {
            faults.scratch.accept(e);
        }
        flush();
        if (journal != null) {
            journal.force();
        }
        closeRecord();
    }

    private List<Outcome> next() {
        List<Outcome> batch = mailbox.poll();
        if (!batch.isEmpty()) {
            return batch;
        }
        flush();
        return mailbox.take();
    }

    private void accept(Outcome outcome) {
        try {
            first.accept(outcome);
        } catch (IOException e) {
            faults.scratch.accept(e);
            write(outcome); // out of order, but not lost
        }
    }

    private void write(Outcome outcome) {
        Result result = outcome.result();
        if (result.errors().size() > 0) {
            streams.err(result.errors());
        }
        if (result.needsWord()) {
            streams.say("myrmidon: " + outcome.item() + ": " + result.error());
        }
        writeOutput(outcome);
        if (json != null && !recordLost) {
            try {
                json.accept(outcome);
            } catch (IOException e) {
                loseRecord(e);
            }
        }
        discard(result.output());
        discard(result.errors());
        if (journal != null && result.status() == Status.COMPLETED && journal.done(outcome.item())) {
            flush();
        }
    }

    private void writeOutput(Outcome outcome) {
        Result.Response response = outcome.result().response();
        Payload output = response == null ? outcome.result().output() : line(outcome, response);
        if (output.size() > 0 && !outputLost) {
            try {
                streams.out(output);
            } catch (IOException e) {
                loseOutput(e);
            }
        }
    }

    /// `200	1256	37	http://…`: status, bytes, milliseconds, item.
    private static Payload line(Outcome outcome, Result.Response response) {
        String line = response.status() + "\t" + response.bytes() + "\t" + outcome.millis() + "\t"
                + outcome.item().text().strip() + "\n";
        return new Payload.InMemory(line.getBytes(StandardCharsets.UTF_8));
    }

    private void flush() {
        try {
            if (!outputLost) {
                streams.flush();
            }
        } catch (IOException e) {
            loseOutput(e);
        }
        try {
            if (json != null && !recordLost) {
                json.flush();
            }
        } catch (IOException e) {
            loseRecord(e);
        }
        if (journal != null) {
            commit(journal);
        }
    }

    /// Notes as done what was written, now that a death of this process can't take it back.
    private void commit(Journal to) {
        if (outputLost || recordLost) {
            to.forget();
        } else {
            to.commit();
        }
    }

    private void closeRecord() {
        try {
            if (json != null && !recordLost) {
                json.close();
            }
        } catch (IOException e) {
            loseRecord(e);
        }
    }

    private void discard(Payload payload) {
        try {
            payload.discard();
        } catch (IOException e) {
            faults.scratch.accept(e);
        }
    }

    private void loseOutput(IOException e) {
        outputLost = true;
        faults.output.accept(e);
    }

    private void loseRecord(IOException e) {
        recordLost = true;
        faults.record.accept(e);
    }
}
