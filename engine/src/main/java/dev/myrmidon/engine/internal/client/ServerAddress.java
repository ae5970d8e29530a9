package dev.myrmidon.engine.internal.client;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/// Where a server is.
///
/// @param base its URL without a slash at the end
public record ServerAddress(URI base) {
    /// Where a server is unless anybody says otherwise.
    public static final String DEFAULT = "http://127.0.0.1:8080";

    /// Reads `http://HOST:PORT`, with https and a path too if it is behind a proxy; `HOST:PORT` alone is
    /// http.
    ///
    /// @throws IllegalArgumentException if the text is something else; says what
    public static ServerAddress parse(String text) {
        String full = text.contains("://") ? text : "http://" + text;
        URI uri;
        try {
            uri = new URI(full);
        } catch (URISyntaxException e) {
            throw bad(text, "is no URL");
        }
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw bad(text, "must begin with http:// or https://");
        }
        if (uri.getHost() == null || uri.getPort() > 65_535 || uri.getPort() == 0) {
            throw bad(text, "must have a host, and a port of 1 to 65535 or none");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw bad(text, "must have no user, query or fragment");
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceFirst("/+$", "");
        return new ServerAddress(URI.create(scheme + "://" + uri.getRawAuthority() + path));
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException(
                "\"" + text + "\" " + why + "; such as " + DEFAULT + " or https://pools.example:8443");
    }

    /// True if it is this machine, by an address or the name that lead nowhere else.
    public boolean isLoopback() {
        String host = base.getHost();
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name
        }
    }

    /// The port, which the scheme implies if none is given.
    public int port() {
        if (base.getPort() > 0) {
            return base.getPort();
        }
        return base.getScheme().equals("https") ? 443 : 80;
    }

    @Override
    public String toString() {
        return base.toString();
    }
}
