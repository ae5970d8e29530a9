package dev.myrmidon.engine.internal.client;

import java.io.Serial;

/// The server didn't do what it was asked. The message says why, for people.
public final class ApiException extends Exception {
    /// The status of an answer that never came, or wasn't one of this API.
    public static final int NO_ANSWER = 0;

    @Serial
    private static final long serialVersionUID = 1;

    private final int status;

    /// A refusal, or no answer.
    ///
    /// @param status of the answer, or [#NO_ANSWER]
    /// @param message what to tell the user
    public ApiException(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /// {@return the status of HTTP, or [#NO_ANSWER]}
    public int status() {
        return status;
    }

    /// {@return what to tell the user}
    public String message() {
        return String.valueOf(getMessage());
    }
}
