package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.BuildVersion;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"myrmidon " + BuildVersion.text()};
    }
}
