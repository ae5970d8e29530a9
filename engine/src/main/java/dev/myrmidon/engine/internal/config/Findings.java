package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.ConfigException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong in a file, and what is allowed but doubtful, so that everything is said in one go.
final class Findings {
    /// A file that is something else altogether gives as many mistakes as it has lines; nobody reads more than
    /// these.
    private static final int MOST = 100;

    private record Finding(Place place, String text) {}

    private final String file;
    private final List<Finding> mistakes = new ArrayList<>();
    private final List<Finding> warnings = new ArrayList<>();

    /// @param file how the user calls it
    Findings(String file) {
        this.file = file;
    }

    void mistake(Place place, String text) {
        mistakes.add(new Finding(place, text));
    }

    void warning(Place place, String text) {
        warnings.add(new Finding(place, "warning: " + text));
    }

    /// The warnings in the order of the file.
    List<String> warnings() {
        return lines(warnings);
    }

    /// True if there is no mistake up to now.
    boolean isEmpty() {
        return mistakes.isEmpty();
    }

    /// Throws if there is a mistake.
    void check() {
        if (!mistakes.isEmpty()) {
            throw new ConfigException(lines(mistakes));
        }
    }

    /// Throws if there is a mistake in something that is no file: without its name, and places in it.
    void checkWithoutPlaces() {
        if (!mistakes.isEmpty()) {
            throw new ConfigException(mistakes.stream().map(Finding::text).toList());
        }
    }

    private List<String> lines(List<Finding> findings) {
        List<String> lines = new ArrayList<>();
        findings.stream()
                .sorted(Comparator.comparing(Finding::place))
                .limit(MOST)
                .forEach(finding -> lines.add(file + ":" + finding.place() + ": " + finding.text()));
        if (findings.size() > MOST) {
            lines.add(file + ": and " + (findings.size() - MOST) + " more");
        }
        return List.copyOf(lines);
    }
}
