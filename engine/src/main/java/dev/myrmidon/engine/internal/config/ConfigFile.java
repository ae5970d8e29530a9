package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.ConfigException;
import dev.myrmidon.engine.EngineConfig;
import java.nio.file.Path;
import java.util.List;

/// A configuration file that was read and is right.
///
/// @param config what it says, with the default for everything that it leaves out
/// @param warnings what it says that is allowed and doubtful, one line each, in the order of the file
public record ConfigFile(EngineConfig config, List<String> warnings) {

    /// Reads a file.
    ///
    /// @param file called in messages as it is given here
    /// @throws ConfigException if it can't be read or anything in it is wrong; lists every mistake
    public static ConfigFile read(Path file) {
        String name = file.toString().isEmpty() ? "\"\"" : Shown.escaped(file.toString());
        Findings findings = new Findings(name);
        Node root = YamlTree.read(ConfigText.read(file, name), findings);
        EngineConfig config = ConfigBinder.bind(findings, root);
        findings.check();
        return new ConfigFile(config, findings.warnings());
    }
}
