package dev.myrmidon.engine.internal.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;

/// Makes one clear line of what the YAML parser throws.
final class YamlSyntax {
    static final String NO_ANCHORS = "anchors and aliases are not supported here";

    private YamlSyntax() {}

    /// Notes a mistake.
    ///
    /// @param last where the piece starts that was read last
    static void report(JacksonException failure, Place last, Findings findings) {
        if (failure.getCause() instanceof MarkedYamlEngineException cause) {
            reportMarked(cause, findings);
        } else {
            findings.mistake(last, unmarked(failure.getOriginalMessage()));
        }
    }

    /// Names the place where a quote or bracket was opened rather than the end of the file, where its end was
    /// missed.
    private static void reportMarked(MarkedYamlEngineException failure, Findings findings) {
        String problem = failure.getProblem();
        String context = Optional.ofNullable(failure.getContext()).orElse("");
        Optional<Mark> opened = failure.getContextMark();
        Place at = place(failure.getProblemMark());
        if (problem.contains("\\t(TAB)")) {
            findings.mistake(at, "not valid YAML: a tab can't indent or separate; use spaces");
        } else if (problem.contains("unexpected end of stream") && context.contains("quoted scalar")) {
            findings.mistake(place(opened), "not valid YAML: the quote that opens here is never closed");
        } else if (problem.contains("<stream end>") && context.contains("flow")) {
            findings.mistake(place(opened), "not valid YAML: the bracket that opens here is never closed");
        } else if (problem.equals("mapping values are not allowed here")) {
            findings.mistake(
                    at, "not valid YAML: \":\" can't stand here; quote the value, or put the key on a line of its own");
        } else if (problem.contains("expected <block end>")) {
            findings.mistake(at, "not valid YAML: this doesn't continue what stands above; check the indentation");
        } else {
            findings.mistake(at, "not valid YAML: " + oneLine(problem));
        }
    }

    /// What the parser throws without a mark: Jackson's own refusals.
    private static String unmarked(@Nullable String message) {
        String text = message == null ? "" : message;
        if (text.contains("got this instead: =ALI")) {
            return NO_ANCHORS;
        }
        if (text.startsWith("Expected a property name")) {
            return "a key must be plain text, not a list or a mapping";
        }
        if (text.startsWith("Version{")) {
            return "not valid YAML: this version of YAML is not known";
        }
        return "not valid YAML: " + oneLine(text);
    }

    private static String oneLine(String text) {
        String line = text.strip().lines().findFirst().orElse("it can't be parsed");
        int advice = line.indexOf(" (Do not use ");
        return Shown.plain(advice < 0 ? line : line.substring(0, advice));
    }

    private static Place place(Optional<Mark> mark) {
        return mark.map(m -> new Place(m.getLine() + 1, m.getColumn() + 1)).orElse(Place.START);
    }
}
