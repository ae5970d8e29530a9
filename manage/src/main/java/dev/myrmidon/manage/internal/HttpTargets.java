package dev.myrmidon.manage.internal;

import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/// What all have in common that send requests to where they are told to.
public final class HttpTargets {
    private HttpTargets() {}

    /// Checks that requests can be sent there, and all of it is sent.
    ///
    /// @throws IllegalArgumentException if not; names the rule, and doesn't show the url, which may have a secret
    public static void requireSendable(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("url must start with http:// or https://");
        }
        if (url.getHost() == null) {
            throw new IllegalArgumentException("url must have a host");
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            throw new IllegalArgumentException("port of the url must be 1 to 65535, was " + url.getPort());
        }
        if (url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("url must not have a user or password: they would not be sent");
        }
        if (url.getRawFragment() != null) {
            throw new IllegalArgumentException("url must not have a fragment: it would not be sent");
        }
    }

    /// Why a request of the JDK's client got no answer. The client refuses connections without a word; what it does
    /// say has no url in it.
    public static String reason(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return "unknown host";
            }
        }
        String message = failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure instanceof ConnectException
                    ? "connection refused"
                    : failure.getClass().getSimpleName();
        }
        return message;
    }
}
