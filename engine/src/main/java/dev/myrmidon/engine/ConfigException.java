package dev.myrmidon.engine;

import java.io.Serial;
import java.util.List;

/// A configuration can't be used. Carries every mistake that was found, each as one line that says where it is, what
/// is there and what may be: `config.yaml:7:20: pool.expiry_duration: "10 sec" is not a duration (try "10s")`.
///
/// The message is these lines, so it can be shown to whoever wrote the file as it is.
public final class ConfigException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /// The mistakes.
    ///
    /// @serial one line each
    private final String[] mistakes;

    /// For the engine itself.
    ///
    /// @param mistakes the lines, in the order of the file
    public ConfigException(List<String> mistakes) {
        super(String.join("\n", mistakes));
        this.mistakes = mistakes.toArray(String[]::new);
    }

    /// The mistakes. Where the file as a whole is at fault, as when it doesn't exist, the line has no position.
    ///
    /// @return one line for each, in the order of the file; at least one. If there are more than a hundred, the
    /// first
    ///     hundred, and a line that counts the rest
    public List<String> mistakes() {
        return List.of(mistakes);
    }
}
