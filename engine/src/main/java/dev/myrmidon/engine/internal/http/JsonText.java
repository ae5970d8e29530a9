package dev.myrmidon.engine.internal.http;

import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// Writes what the API answers as JSON, and reads the small objects that it is asked with.
final class JsonText {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(10)
                    .maxNumberLength(100)
                    .maxNameLength(1_000)
                    .build())
            .build();

    /// The longest piece of a request that an answer repeats.
    private static final int SHOWN = 60;

    private JsonText() {}

    /// One line of JSON in UTF-8. Durations are numbers of seconds, constants are in lower case, what is
    /// empty is null.
    static byte[] write(Fields fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, fields);
        }
        // By way of a string: halves of characters, which names may have, become question marks.
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Fields fields -> {
                json.writeStartObject();
                fields.values().forEach((name, own) -> {
                    json.writeName(name);
                    write(json, own);
                });
                json.writeEndObject();
            }
            case Iterable<?> values -> {
                json.writeStartArray();
                values.forEach(own -> write(json, own));
                json.writeEndArray();
            }
            case Optional<?> optional -> write(json, optional.orElse(null));
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Double number when Double.isFinite(number) -> json.writeNumber(number);
            case Double _ -> json.writeNull();
            case Boolean flag -> json.writeBoolean(flag);
            case Duration duration -> json.writeNumber(seconds(duration));
            case Instant time -> json.writeString(time.toString());
            case Enum<?> constant -> json.writeString(constant.name().toLowerCase(Locale.ROOT));
            case String text -> json.writeString(text);
            default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
        }
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() / 1e9;
    }

    /// A value that came.
    ///
    /// @param token its kind
    /// @param text as it was written, without quotes
    /// @param members of an object
    record Value(JsonToken token, String text, Map<String, Value> members) {
        /// It as null, a boolean, a number, a text, a map or, whatever is in it, an empty list.
        @Nullable
        Object plain() {
            return switch (token) {
                case VALUE_NULL -> null;
                case VALUE_TRUE, VALUE_FALSE -> token == JsonToken.VALUE_TRUE;
                case VALUE_NUMBER_INT -> new BigInteger(text);
                case VALUE_NUMBER_FLOAT -> Double.valueOf(text);
                case START_OBJECT -> {
                    Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                    members.forEach((name, value) -> plain.put(name, value.plain()));
                    yield plain;
                }
                case START_ARRAY -> List.of();
                default -> text;
            };
        }

        @Override
        public String toString() {
            String shown = oneLine(text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text);
            return switch (token) {
                case VALUE_STRING -> '"' + shown + '"';
                case START_ARRAY -> "an array";
                case START_OBJECT -> "an object";
                default -> shown;
            };
        }
    }

    /// Reads an object.
    ///
    /// @throws Problem if the text isn't one; says where and why
    static Map<String, Value> readObject(byte[] text) throws Problem {
        Map<String, Value> values;
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new Problem(400, "the body must be a JSON object, such as {\"capacity\": 20}");
            }
            values = members(json);
            if (json.nextToken() != null) {
                throw new Problem(400, "the body must be one JSON object, and something comes after it");
            }
        } catch (StreamConstraintsException e) {
            throw new Problem(400, "the body is JSON that nests too deep or has a name or number that is too long");
        } catch (JacksonException e) {
            throw new Problem(
                    400,
                    "the body is not JSON: line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + reason(e.getOriginalMessage()));
        }
        return values;
    }

    private static Map<String, Value> members(JsonParser json) {
        Map<String, Value> members = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            String text = json.getString();
            members.put(name, new Value(token, text, token == JsonToken.START_OBJECT ? members(json) : Map.of()));
            json.skipChildren();
        }
        return members;
    }

    /// It goes into the log, too, and must not make lines of its own there.
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\u0080-\u009f\u2028\u2029]", "\ufffd");
    }

    /// What the parser says, without what it says about itself.
    private static String reason(@Nullable String message) {
        if (message == null) {
            return "it can't be read";
        }
        String first =
                message.lines().findFirst().orElse("").replaceAll("\\s*\\((start marker|for Object|for Array).*", "");
        return oneLine(first.replaceAll("\\s*\\[Source.*", ""));
    }
}
