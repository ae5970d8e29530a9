package dev.myrmidon.engine.each;

import dev.myrmidon.engine.internal.config.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How an item ended, and what it left.
///
/// @param status what became of it
/// @param exit the exit status of its command, or [#NO_EXIT]
/// @param response what the server answered, or null if none did
/// @param output what goes to standard output
/// @param errors what the command wrote to its standard error
/// @param error why it didn't complete, or null if it did
record Result(
        Status status,
        int exit,
        @Nullable Response response,
        Payload output,
        Payload errors,
        @Nullable String error) {

    /// There is no exit status: no command was run, or it was ended.
    static final int NO_EXIT = -1;

    /// Completed without a word.
    static final Result COMPLETED = new Result(Status.COMPLETED, NO_EXIT, null, Payload.empty(), Payload.empty(), null);

    private static final String STOPPED = "the run was stopped";

    /// Cancelled without a word, with all that ran.
    static final Result CANCELLED =
            new Result(Status.CANCELLED, NO_EXIT, null, Payload.empty(), Payload.empty(), STOPPED);

    /// What an HTTP server answered.
    ///
    /// @param status the status code
    /// @param bytes the length of the body
    record Response(int status, long bytes) {}

    /// Completed with an output.
    static Result completed(Payload output) {
        return new Result(Status.COMPLETED, NO_EXIT, null, output, Payload.empty(), null);
    }

    /// Failed without an output.
    static Result failed(String error) {
        return new Result(Status.FAILED, NO_EXIT, null, Payload.empty(), Payload.empty(), error);
    }

    /// The same, cancelled with all that ran: it failed because it was interrupted, not by itself.
    Result cancelled() {
        return new Result(Status.CANCELLED, exit, response, output, errors, STOPPED);
    }

    /// The same, cancelled by somebody who meant this item.
    Result cancelledAlone() {
        return new Result(Status.CANCELLED, exit, response, output, errors, "cancelled over the HTTP API");
    }

    /// The same, timed out.
    Result timedOut(Duration timeout) {
        String error = "timed out after " + Durations.format(timeout);
        return new Result(Status.TIMED_OUT, NO_EXIT, null, output, errors, error);
    }

    /// True if it ended by itself, which came with an exit status or a response.
    boolean hasOwnEnd() {
        return exit != NO_EXIT || response != null;
    }

    /// True if it failed without an end of its own, an exit status or a response: it couldn't be run, or
    /// not to its end.
    boolean cutShort() {
        return (status == Status.FAILED || status == Status.TIMED_OUT) && !hasOwnEnd();
    }

    /// True if standard error has to say what became of it, because nothing else does. That a run was stopped is
    /// said once.
    boolean needsWord() {
        return cutShort() || (status == Status.CANCELLED && !STOPPED.equals(error));
    }

    /// True if nothing of it is to be seen on standard output or standard error.
    boolean silent() {
        return output.size() == 0 && errors.size() == 0 && response == null && !needsWord();
    }
}
