package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.ManagementConfig;
import dev.myrmidon.engine.TlsConfig;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Makes a [ManagementConfig] of the keys under `management`.
final class ManagementBinder {
    private static final String HOST = "host";
    private static final String TOKEN_FILE = "token_file";
    private static final String TLS = "tls";
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final List<String> KEYS = List.of(HOST, "port", TOKEN_FILE, TLS);

    private ManagementBinder() {}

    /// Empty if the section isn't given: nothing is served then.
    static Optional<ManagementConfig> bind(Findings findings, Section section) {
        section.only(KEYS);
        if (!section.isGivenOr("nothing is served")) {
            return Optional.empty();
        }
        Setting<String> host = section.text(HOST, "an address or a name of this machine");
        Setting<Integer> port =
                section.number("port", ManagementConfig.DEFAULT_PORT, n -> n >= 0 && n <= 65_535, "0 to 65535");
        ManagementConfig management = ManagementConfig.DEFAULT.port(port.value());
        Optional<Path> tokenFile = path(findings, section, TOKEN_FILE);
        if (tokenFile.isPresent()) {
            management = management.tokenFile(tokenFile.get());
        }
        Optional<TlsConfig> tls = tls(findings, section.section(TLS));
        if (tls.isPresent()) {
            management = management.tls(tls.get());
        }
        if (host.given()) {
            try {
                management = management.host(host.value());
            } catch (IllegalArgumentException _) {
                findings.mistake(
                        host.place(),
                        section.pathOf(HOST) + ": " + Shown.quoted(host.value())
                                + " is not an address or a name of this machine, such as 127.0.0.1");
            }
            if (!isLoopback(host.value()) && !section.has(TOKEN_FILE)) {
                findings.warning(
                        host.place(),
                        section.pathOf(HOST) + ": others may reach " + Shown.quoted(host.value())
                                + "; the engine starts only with a token_file, or MYRMIDON_TOKEN in its environment");
            }
        }
        return Optional.of(management);
    }

    private static Optional<TlsConfig> tls(Findings findings, Section section) {
        section.only(List.of(CERTIFICATE, KEY));
        if (!section.isGivenOr("HTTP is in the clear")) {
            return Optional.empty();
        }
        if (!section.has(CERTIFICATE) || !section.has(KEY)) {
            findings.mistake(
                    section.place(), section.path() + ": needs both certificate and key, which are paths of PEM files");
        }
        Optional<Path> key = path(findings, section, KEY);
        return path(findings, section, CERTIFICATE).flatMap(own -> key.map(other -> new TlsConfig(own, other)));
    }

    /// The path that stands there; empty if there is none, or it can't be one.
    private static Optional<Path> path(Findings findings, Section section, String key) {
        Setting<String> path = section.text(key, "a path");
        if (!path.given()) {
            return Optional.empty();
        }
        try {
            if (path.value().isBlank()) {
                throw new InvalidPathException(path.value(), "it is blank");
            }
            return Optional.of(Path.of(path.value()));
        } catch (InvalidPathException e) {
            findings.mistake(
                    path.place(),
                    section.pathOf(key) + ": " + Shown.quoted(path.value()) + " is not a path: " + e.getReason());
            return Optional.empty();
        }
    }

    /// As far as can be told without asking for the address of a name.
    private static boolean isLoopback(String host) {
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
