package dev.myrmidon.engine;

import java.nio.file.Path;

/// With what an [Engine] serves its HTTP API over TLS. Immutable. The files are read when the engine is made, and
/// again at each [Engine#reload()] and SIGHUP.
///
/// @param certificate a PEM file that has the certificate of the server, and after it those of its issuers
/// @param key a PEM file that has the private key of the certificate: PKCS#8, not encrypted; RSA, EC or EdDSA. May be
///     the same file
public record TlsConfig(Path certificate, Path key) {
    /// Checks each field.
    ///
    /// @throws IllegalArgumentException if one of them is null
    public TlsConfig {
        if (certificate == null) {
            throw new IllegalArgumentException("certificate must be set, was null");
        }
        if (key == null) {
            throw new IllegalArgumentException("key must be set, was null");
        }
    }
}
