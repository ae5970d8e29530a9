package dev.myrmidon.engine.internal.http;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Says who may ask, and who may change something. Immutable.
///
/// Where others can reach the server, the API is read by those who have the token; on the loopback by
/// whoever is on this machine.
///
/// A page of another site can make a browser that runs on this machine send requests here. By a name of
/// its own that leads here (DNS rebinding) it could read the answers: so the `Host` must be a name of
/// this server, or an address, which no name leads to. From its own origin it could still write (CSRF):
/// so writes need a token that no browser adds by itself, and an `Origin`, if there is one, must be this
/// server.
final class Gatekeeper {
    private static final String BEARER = "bearer ";
    private static final String CHALLENGE = "Bearer realm=\"myrmidon\"";

    private final String scheme;
    private final String host;
    private final int port;
    private final boolean loopback;
    private final byte[] tokenHash;

    /// @param scheme `http` or `https`
    /// @param host as configured
    /// @param port at which the server listens
    /// @param loopback whether only this machine can reach it
    /// @param token what writes must carry, and reads where others can reach the server
    Gatekeeper(String scheme, String host, int port, boolean loopback, String token) {
        this.scheme = scheme;
        this.host = host.toLowerCase(Locale.ROOT);
        this.port = port;
        this.loopback = loopback;
        this.tokenHash = hash(token);
    }

    /// Checks for whom a request is.
    ///
    /// @throws Problem if it isn't for this server
    void checkHost(Call call) throws Problem {
        if (call.isForProxy()) {
            throw new Problem(400, "the request must name a path, and no server; this is no proxy");
        }
        String asked = call.header("Host")
                .orElseThrow(() -> new Problem(400, "the header Host must be set"))
                .toLowerCase(Locale.ROOT);
        int colon = asked.lastIndexOf(':');
        boolean hasPort = colon > asked.lastIndexOf(']') && colon >= 0;
        String name = hasPort ? asked.substring(0, colon) : asked;
        String askedPort = hasPort ? asked.substring(colon + 1) : defaultPort();
        // Others come by a port that is mapped to this one, as that of a container is.
        boolean rightPort = !loopback || askedPort.equals(Integer.toString(port));
        if (!rightPort || !isOwn(name)) {
            throw new Problem(403, "the header Host must be the address of this server");
        }
    }

    private String defaultPort() {
        return scheme.equals("https") ? "443" : "80";
    }

    private boolean isOwn(String name) {
        if (name.equals(host) || name.equals("[" + host + "]") || name.equals("localhost")) {
            return true;
        }
        if (loopback) {
            return Set.of("127.0.0.1", "[::1]").contains(name);
        }
        // By TLS the client has asked the certificate whether it has come to the name that it asked for.
        return scheme.equals("https") || isAddress(name);
    }

    private static boolean isAddress(String name) {
        boolean brackets = name.startsWith("[") && name.endsWith("]");
        try {
            InetAddress.ofLiteral(brackets ? name.substring(1, name.length() - 1) : name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// Checks whether a write may be made, after [#checkHost].
    ///
    /// @throws Problem if another site made a browser send it, or it lacks the token
    void checkWrite(Call call) throws Problem {
        String own = call.header("Host").orElse("").toLowerCase(Locale.ROOT);
        Optional<String> origin = call.header("Origin").map(text -> text.toLowerCase(Locale.ROOT));
        if (origin.isPresent() && !origin.get().equals(scheme + "://" + own)) {
            throw new Problem(403, "writes must not come from a page of another site");
        }
        checkToken(call, "writes need");
    }

    /// Checks whether the API may be read, after [#checkHost].
    ///
    /// @throws Problem if it lacks the token that it needs
    void checkRead(Call call) throws Problem {
        if (!loopback) {
            checkToken(call, "the API needs");
        }
    }

    private void checkToken(Call call, String whatNeeds) throws Problem {
        String authorization = call.header("Authorization").orElse("");
        boolean bears = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        String token = bears ? authorization.substring(BEARER.length()).strip() : "";
        // Of equal length, so that the time to compare them tells nothing of the token.
        if (!MessageDigest.isEqual(tokenHash, hash(token))) {
            call.set("WWW-Authenticate", CHALLENGE + (bears ? ", error=\"invalid_token\"" : ""));
            throw new Problem(
                    401,
                    bears
                            ? "the token is not the one of this server"
                            : whatNeeds + " a token, as Authorization: Bearer TOKEN");
        }
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has it", e);
        }
    }
}
