package dev.myrmidon.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where an [Engine] serves its HTTP API. Immutable.
///
/// @param host the address or name of this machine to listen at, such as `127.0.0.1`, `::1` or
///     `0.0.0.0`. One that others can reach needs a token that was set
/// @param port 1 to 65535, or 0 for any that is free
/// @param tokenFile has the token that writes must carry, and reads where others can reach it: at least [#MIN_TOKEN]
/// characters; without one
///     it is that of the environment variable `MYRMIDON_TOKEN`, or else a new one
/// @param tls with what it speaks TLS; empty to speak HTTP in the clear
public record ManagementConfig(String host, int port, Optional<Path> tokenFile, Optional<TlsConfig> tls) {

    /// First, since the configuration below is checked by it.
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,253}");

    /// The port unless said otherwise: 8080.
    public static final int DEFAULT_PORT = 8080;

    /// Port 8080 of this machine, which others can't reach, with a new token.
    public static final ManagementConfig DEFAULT = new ManagementConfig("127.0.0.1", DEFAULT_PORT, Optional.empty());

    /// How many characters a token has at least: 16.
    public static final int MIN_TOKEN = 16;

    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if the host can't be one or the port is out of its range
    public ManagementConfig {
        if (host == null || !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "host must be an address or a name of this machine, was \"" + host + '"');
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535, was " + port);
        }
    }

    /// Without TLS.
    ///
    /// @param host the address or name of this machine to listen at
    /// @param port 0 to 65535
    /// @param tokenFile has the token; empty for another one
    /// @throws IllegalArgumentException as the canonical constructor does
    public ManagementConfig(String host, int port, Optional<Path> tokenFile) {
        this(host, port, tokenFile, Optional.empty());
    }

    /// Sets [#host()].
    ///
    /// @param host the address or name of this machine to listen at
    /// @return a copy with it
    /// @throws IllegalArgumentException if it can't be one
    public ManagementConfig host(String host) {
        return new ManagementConfig(host, port, tokenFile, tls);
    }

    /// Sets [#port()].
    ///
    /// @param port 0 to 65535
    /// @return a copy with it
    /// @throws IllegalArgumentException if it is out of its range
    public ManagementConfig port(int port) {
        return new ManagementConfig(host, port, tokenFile, tls);
    }

    /// Sets [#tokenFile()].
    ///
    /// @param tokenFile has the token
    /// @return a copy with it
    public ManagementConfig tokenFile(Path tokenFile) {
        return new ManagementConfig(host, port, Optional.of(tokenFile), tls);
    }

    /// Sets [#tls()].
    ///
    /// @param tls with what it speaks TLS
    /// @return a copy with it
    public ManagementConfig tls(TlsConfig tls) {
        return new ManagementConfig(host, port, tokenFile, Optional.of(tls));
    }
}
