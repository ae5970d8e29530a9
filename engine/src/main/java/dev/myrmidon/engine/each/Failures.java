package dev.myrmidon.engine.each;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// Exceptions as a line of text.
final class Failures {
    /// The most of a message that is repeated.
    private static final int MAX_LENGTH = 1_000;

    private Failures() {}

    /// The class and the first line of the message: `java.lang.IllegalStateException: boom`.
    static String text(Throwable e) {
        String message = e.getMessage();
        if (message == null || message.isBlank()) {
            return e.getClass().getName();
        }
        String line = message.strip().lines().findFirst().orElse("");
        return e.getClass().getName() + ": " + line.substring(0, Math.min(line.length(), MAX_LENGTH));
    }

    /// What went wrong with a file, without the name of the file: `no such file`, `No space left on device`.
    static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            case FileNotFoundException _ -> inParentheses(String.valueOf(e.getMessage()));
            default -> e.getMessage() == null ? e.getClass().getName() : e.getMessage();
        };
    }

    /// [FileNotFoundException] says `name (reason)`.
    private static String inParentheses(String message) {
        int open = message.lastIndexOf('(');
        return open >= 0 && message.endsWith(")") ? message.substring(open + 1, message.length() - 1) : message;
    }
}
