package dev.myrmidon.engine.internal.config;

import dev.myrmidon.engine.internal.config.Node.Entry;
import dev.myrmidon.engine.internal.config.Node.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The keys and values under one key, read one by one. What is wrong is noted in the findings, and the default holds,
/// so that reading goes on.
final class Section {
    private final Findings findings;
    private final String path;
    private final Place place;
    private final List<Entry> entries;
    /// True if the file has the key of the section and nothing under it.
    private final boolean blank;

    private Section(Findings findings, String path, Place place, List<Entry> entries, boolean blank) {
        this.findings = findings;
        this.path = path;
        this.place = place;
        this.entries = entries;
        this.blank = blank;
    }

    /// A section of which any key may be given.
    ///
    /// @param path the keys that lead here, with dots; empty at the top
    /// @param node null if the file leaves the section out; then, and if it is of no use, the section is empty
    static Section of(Findings findings, String path, @Nullable Node node) {
        return of(findings, path, node, false);
    }

    /// @param secret true if a value that stands there instead must not be shown
    private static Section of(Findings findings, String path, @Nullable Node node, boolean secret) {
        return switch (node) {
            case null -> empty(findings, path, Place.START);
            case Node.Mapping mapping ->
                new Section(
                        findings,
                        path,
                        mapping.place(),
                        mapping.entries(),
                        mapping.entries().isEmpty());
            // A key whose values are all commented out stands for the defaults, as if it were commented out too.
            case Node.Scalar scalar
            when scalar.kind() == Kind.NOTHING -> new Section(findings, path, scalar.place(), List.of(), true);
            case Node.Scalar scalar -> {
                findings.mistake(
                        scalar.place(),
                        here(path) + "expected keys and values, found " + (secret ? "a single value" : shown(scalar))
                                + missingSpace(scalar));
                yield empty(findings, path, scalar.place());
            }
            case Node.Sequence list -> {
                findings.mistake(list.place(), here(path) + "expected keys and values, found a list");
                yield empty(findings, path, list.place());
            }
            case Node.Unusable unusable -> empty(findings, path, unusable.place());
        };
    }

    private static Section empty(Findings findings, String path, Place place) {
        return new Section(findings, path, place, List.of(), false);
    }

    /// This section, of which only these keys may be given.
    Section only(List<String> keys) {
        for (Entry entry : entries) {
            if (!keys.contains(entry.key())) {
                findings.mistake(entry.keyPlace(), pathOf(entry.key()) + ": " + unknown(entry.key(), keys));
            }
        }
        return this;
    }

    private static String unknown(String key, List<String> keys) {
        if (key.equals("<<")) {
            return YamlSyntax.NO_ANCHORS;
        }
        // The words for them everywhere else.
        String usual = switch (key) {
            case "capacity" -> "size";
            case "timeout" -> "task_timeout";
            default -> key;
        };
        String nearest = keys.contains(usual) ? usual : Nearest.to(key, keys);
        return nearest == null
                ? "unknown key; the keys here are " + String.join(", ", keys)
                : "unknown key, did you mean \"" + nearest + "\"?";
    }

    List<Entry> entries() {
        return entries;
    }

    /// False if the file leaves this section out, or gives nothing in it.
    boolean isGiven() {
        return !entries.isEmpty();
    }

    /// As [#isGiven()], of a section without which something isn't done. Whoever writes its key and nothing
    /// under it may expect that it is, so that is a warning.
    ///
    /// @param off what holds without a key in it, as in "nothing is served"
    boolean isGivenOr(String off) {
        if (blank) {
            findings.warning(place, here(path) + "has no keys, so " + off);
        }
        return isGiven();
    }

    Place place() {
        return place;
    }

    /// True if the file gives this key, whatever its value.
    boolean has(String key) {
        return entry(key) != null;
    }

    /// Where the file gives this key; where the section starts if it doesn't.
    Place placeOf(String key) {
        Entry entry = entry(key);
        return entry == null ? place : entry.keyPlace();
    }

    /// The keys that lead here, with dots.
    String path() {
        return path;
    }

    String pathOf(String key) {
        return path.isEmpty() ? Shown.plain(key) : path + "." + Shown.plain(key);
    }

    Section section(String key) {
        Entry entry = entry(key);
        return of(findings, pathOf(key), entry == null ? null : entry.value());
    }

    /// A section with secrets in it.
    Section secretSection(String key) {
        Entry entry = entry(key);
        return of(findings, pathOf(key), entry == null ? null : entry.value(), true);
    }

    /// A whole number.
    ///
    /// @param rule what the number must be, as the end of a sentence that starts with "must be"
    Setting<Integer> number(String key, int byDefault, IntPredicate allowed, String rule) {
        Node.Scalar scalar = scalar(key, "a whole number", Integer.toString(byDefault));
        if (scalar == null) {
            return byDefault(byDefault);
        }
        String digits = scalar.text().replaceAll("[_, ']", "");
        boolean whole = digits.matches("[-+]?\\d+");
        if (scalar.kind() != Kind.INTEGER || !whole) {
            boolean string = scalar.kind() == Kind.STRING && digits.equals(scalar.text());
            return mistaken(
                    scalar,
                    key,
                    (string && whole ? "is a string, not a number" : "is not a whole number")
                            + (whole ? tryThis(digits) : ""),
                    byDefault);
        }
        if (digits.matches("[-+]?0\\d+")) {
            // YAML 1.1 takes it for octal and YAML 1.2 does not; nobody should have to know.
            return mistaken(
                    scalar, key, "starts with a zero" + tryThis(digits.replaceFirst("0+(?=\\d)", "")), byDefault);
        }
        // Eleven characters hold every int, and keep a number of a megabyte from being parsed.
        if (digits.length() > 11 || new BigInteger(digits).bitLength() > 31) {
            return mistaken(scalar, key, "is out of range: must be " + rule, byDefault);
        }
        int value = Integer.parseInt(digits);
        return allowed.test(value)
                ? new Setting<>(value, scalar.place(), true)
                : mistaken(scalar, key, "is out of range: must be " + rule, byDefault);
    }

    /// A number that need not be whole.
    ///
    /// @param rule what the number must be, as the end of a sentence that starts with "must be"
    Setting<Double> decimal(String key, double byDefault, DoublePredicate allowed, String rule) {
        Node.Scalar scalar = scalar(key, "a number", Double.toString(byDefault));
        if (scalar == null) {
            return byDefault(byDefault);
        }
        if (scalar.text().matches("\\d+(\\.\\d+)? ?%")) {
            BigDecimal percent = new BigDecimal(scalar.text().replaceAll("[ %]", ""));
            return mistaken(
                    scalar,
                    key,
                    "is a percentage"
                            + tryThis(percent.movePointLeft(2)
                                    .stripTrailingZeros()
                                    .toPlainString()),
                    byDefault);
        }
        if (!scalar.text().matches("[-+]?\\d{1,20}(\\.\\d{1,20})?")) {
            return mistaken(scalar, key, "is not a number like 0.8", byDefault);
        }
        if (scalar.kind() == Kind.STRING) {
            return mistaken(scalar, key, "is a string, not a number" + tryThis(scalar.text()), byDefault);
        }
        double value = Double.parseDouble(scalar.text());
        return allowed.test(value)
                ? new Setting<>(value, scalar.place(), true)
                : mistaken(scalar, key, "is out of range: must be " + rule, byDefault);
    }

    /// `true` or `false`.
    Setting<Boolean> flag(String key, boolean byDefault) {
        Node.Scalar scalar = scalar(key, "true or false", Boolean.toString(byDefault));
        if (scalar == null) {
            return byDefault(byDefault);
        }
        if (scalar.kind() == Kind.BOOLEAN && scalar.text().equals("true")) {
            return new Setting<>(true, scalar.place(), true);
        }
        if (scalar.kind() == Kind.BOOLEAN && scalar.text().equals("false")) {
            return new Setting<>(false, scalar.place(), true);
        }
        String meant = switch (scalar.text().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y", "1" -> tryThis("true");
            case "false", "no", "off", "n", "0" -> tryThis("false");
            default -> "";
        };
        return mistaken(scalar, key, "is not true or false" + meant, byDefault);
    }

    /// A duration.
    ///
    /// @param rule what the duration must be, as the end of a sentence that starts with "must be"
    Setting<Duration> duration(String key, Duration byDefault, Predicate<Duration> allowed, String rule) {
        Node.Scalar scalar = scalar(key, "a duration", Durations.format(byDefault));
        if (scalar == null) {
            return byDefault(byDefault);
        }
        if (scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.FLOAT) {
            String number = scalar.text().matches("\\d+\\.?\\d*") ? scalar.text() : "10";
            return mistaken(scalar, key, "has no unit (try \"" + Shown.plain(number) + "s\")", byDefault);
        }
        try {
            Duration value = Durations.parse(scalar.text());
            return allowed.test(value)
                    ? new Setting<>(value, scalar.place(), true)
                    : mistaken(scalar, key, "is out of range: must be " + rule, byDefault);
        } catch (Durations.BadDuration e) {
            return mistaken(scalar, key, e.why(), byDefault);
        }
    }

    /// One of a few words.
    Setting<String> word(String key, String byDefault, Predicate<String> allowed, String rule) {
        Node.Scalar scalar = scalar(key, "a word", byDefault);
        if (scalar == null) {
            return byDefault(byDefault);
        }
        return scalar.kind() == Kind.STRING && allowed.test(scalar.text())
                ? new Setting<>(scalar.text(), scalar.place(), true)
                : mistaken(scalar, key, rule, byDefault);
    }

    /// A size in bytes, such as `"1.5GB"`, with 1024 bytes to the KB.
    ///
    /// @param rule what the size must be, as the end of a sentence that starts with "must be"
    Setting<Double> bytes(String key, double byDefault, DoublePredicate allowed, String rule) {
        Node.Scalar scalar = scalar(key, "a size", Sizes.format(byDefault));
        if (scalar == null) {
            return byDefault(byDefault);
        }
        if (scalar.kind() == Kind.INTEGER || scalar.kind() == Kind.FLOAT) {
            return mistaken(scalar, key, "has no unit (try \"1GB\")", byDefault);
        }
        OptionalDouble value = Sizes.parse(scalar.text());
        if (value.isEmpty()) {
            return mistaken(scalar, key, "is not a size: write it like \"512MB\" or \"1.5GB\"", byDefault);
        }
        return allowed.test(value.getAsDouble())
                ? new Setting<>(value.getAsDouble(), scalar.place(), true)
                : mistaken(scalar, key, "is out of range: must be " + rule, byDefault);
    }

    /// Any text.
    ///
    /// @param expected what it is, for a message if there is none
    Setting<String> text(String key, String expected) {
        Node.Scalar scalar = scalar(key, expected, "none");
        return scalar == null ? byDefault("") : new Setting<>(scalar.text(), scalar.place(), true);
    }

    /// True if this key has keys and values of its own.
    boolean isSection(String key) {
        Entry entry = entry(key);
        return entry != null && entry.value() instanceof Node.Mapping;
    }

    /// True if the file gives this key and no value.
    boolean isNothing(String key) {
        Entry entry = entry(key);
        return entry != null && entry.value() instanceof Node.Scalar scalar && scalar.kind() == Kind.NOTHING;
    }

    private <T> Setting<T> byDefault(T value) {
        return new Setting<>(value, place, false);
    }

    private <T> Setting<T> mistaken(Node.Scalar scalar, String key, String why, T byDefault) {
        findings.mistake(scalar.place(), pathOf(key) + ": " + shown(scalar) + " " + why);
        return byDefault(byDefault);
    }

    /// The single value of this key; null if the file doesn't give it, or, with a mistake noted, gives something
    /// else.
    private Node.@Nullable Scalar scalar(String key, String expected, String byDefault) {
        Entry entry = entry(key);
        if (entry == null) {
            return null;
        }
        return switch (entry.value()) {
            case Node.Scalar scalar
            when scalar.kind() == Kind.NOTHING -> {
                findings.mistake(
                        entry.keyPlace(),
                        pathOf(key) + ": has no value; expected " + expected + " (without the key it is " + byDefault
                                + ")");
                yield null;
            }
            case Node.Scalar scalar -> scalar;
            case Node.Mapping mapping -> {
                findings.mistake(mapping.place(), pathOf(key) + ": expected " + expected + ", found keys and values");
                yield null;
            }
            case Node.Sequence list -> {
                findings.mistake(list.place(), pathOf(key) + ": expected " + expected + ", found a list");
                yield null;
            }
            case Node.Unusable _ -> null;
        };
    }

    private @Nullable Entry entry(String key) {
        for (Entry entry : entries) {
            if (entry.key().equals(key)) {
                return entry;
            }
        }
        return null;
    }

    private static String here(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }

    private static String shown(Node.Scalar scalar) {
        return scalar.kind() == Kind.STRING ? Shown.quoted(scalar.text()) : Shown.plain(scalar.text());
    }

    private static String missingSpace(Node.Scalar scalar) {
        return scalar.text().matches("\\w+:\\S.*") ? " (a space is missing after the colon)" : "";
    }

    private static String tryThis(String value) {
        return " (try " + Shown.plain(value) + ")";
    }
}
