package dev.myrmidon.engine.each;

import java.io.Serial;

/// What was asked for can't be done, and nothing was. The message is one line for the user.
public final class UsageException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    /// @param message the line, without the name of the program
    public UsageException(String message) {
        super(message);
    }

    /// The line.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
