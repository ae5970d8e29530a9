package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.ManagementConfig;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Makes a [ManagementConfig] of the keys under `management`.
final class ManagementBinder {
    private static final String HOST = "host";
    private static final String TOKEN_FILE = "token_file";
    private static final List<String> KEYS = List.of(HOST, "port", TOKEN_FILE);

    private ManagementBinder() {}

    /// Empty if the section isn't given: nothing is served then.
    static Optional<ManagementConfig> bind(Findings findings, Section section) {
        section.only(KEYS);
        if (!section.isGiven()) {
            return Optional.empty();
        }
        Setting<String> host = section.text(HOST, "an address or a name of this machine");
        Setting<Integer> port =
                section.number("port", ManagementConfig.DEFAULT_PORT, n -> n >= 0 && n <= 65_535, "0 to 65535");
        Setting<String> tokenFile = section.text(TOKEN_FILE, "a path");
        ManagementConfig management = ManagementConfig.DEFAULT.port(port.value());
        if (tokenFile.given()) {
            try {
                if (tokenFile.value().isBlank()) {
                    throw new InvalidPathException(tokenFile.value(), "it is blank");
                }
                management = management.tokenFile(Path.of(tokenFile.value()));
            } catch (InvalidPathException e) {
                findings.mistake(
                        tokenFile.place(),
                        section.pathOf(TOKEN_FILE) + ": " + Shown.quoted(tokenFile.value()) + " is not a path: "
                                + e.getReason());
            }
        }
        if (host.given()) {
            try {
                management = new ManagementConfig(host.value(), management.port(), management.tokenFile());
            } catch (IllegalArgumentException _) {
                findings.mistake(
                        host.place(),
                        section.pathOf(HOST) + ": " + Shown.quoted(host.value())
                                + " is not an address or a name of this machine, such as 127.0.0.1");
            }
            if (!isLoopback(host.value()) && !tokenFile.given()) {
                findings.warning(
                        host.place(),
                        section.pathOf(HOST) + ": others may reach " + Shown.quoted(host.value())
                                + "; the engine starts only with a token_file, or MYRMIDON_TOKEN in its environment");
            }
        }
        return Optional.of(management);
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
