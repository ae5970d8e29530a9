package dev.myrmidon.engine.internal.http;

import java.io.Serial;

/// A request can't be answered as asked: a problem of [RFC
/// 9457](https://www.rfc-editor.org/rfc/rfc9457). All of it is told to the client.
final class Problem extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final int status;
    private final String detail;

    Problem(int status, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    String detail() {
        return detail;
    }

    /// What the status means.
    String title() {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
