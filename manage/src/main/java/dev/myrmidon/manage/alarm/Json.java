package dev.myrmidon.manage.alarm;

import java.util.List;
import java.util.function.Consumer;

/// Writes one JSON object (RFC 8259). What it is given comes from names and messages, so texts may hold
/// anything.
final class Json {
    private final StringBuilder text = new StringBuilder("{");

    /// An object with what the consumer adds.
    static String object(Consumer<Json> members) {
        Json json = new Json();
        members.accept(json);
        return json.text.append('}').toString();
    }

    Json member(String name, String value) {
        return raw(name, quoted(value));
    }

    Json member(String name, long value) {
        return raw(name, Long.toString(value));
    }

    /// A number that JSON doesn't know becomes null.
    Json member(String name, double value) {
        return raw(name, Double.isFinite(value) ? Double.toString(value) : "null");
    }

    Json member(String name, boolean value) {
        return raw(name, Boolean.toString(value));
    }

    /// A member that is an object.
    Json member(String name, Consumer<Json> members) {
        return raw(name, object(members));
    }

    /// A member that is an array of values that are JSON already.
    Json array(String name, List<String> values) {
        return raw(name, "[" + String.join(",", values) + "]");
    }

    private Json raw(String name, String value) {
        if (text.length() > 1) {
            text.append(',');
        }
        text.append(quoted(name)).append(':').append(value);
        return this;
    }

    /// A text as JSON. Halves of characters become U+FFFD, for they have no UTF-8.
    static String quoted(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 16).append('"');
        value.codePoints().forEach(character -> {
            switch (character) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                case '\r' -> quoted.append("\\r");
                default -> {
                    if (Character.isISOControl(character)) {
                        quoted.append(String.format("\\u%04x", character));
                    } else if (Character.getType(character) == Character.SURROGATE) {
                        quoted.append('\uFFFD');
                    } else {
                        quoted.appendCodePoint(character);
                    }
                }
            }
        });
        return quoted.append('"').toString();
    }
}
