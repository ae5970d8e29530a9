package dev.myrmidon.engine.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.IVersionProvider;

/// The version that the build wrote into `version.txt` beside this class.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
            if (in == null) {
                throw new IOException("version.txt is missing from this build");
            }
            return new String[] {"myrmidon " + new String(in.readAllBytes(), StandardCharsets.UTF_8).strip()};
        }
    }
}
