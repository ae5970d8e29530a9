package dev.myrmidon.engine.internal.client;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// A value that a server sent. What isn't there, or is of another kind than asked for, is the given
/// default: newer and older servers have more and less.
///
/// It reads by Jackson's parser alone: loading the data binding takes longer than all the rest of a
/// command.
///
/// @param value a map, list, string, number, boolean or null
public record Json(@Nullable Object value) {
    private static final Json NOTHING = new Json(null);

    /// A number of a few bytes may have a billion of them; with more than these it keeps its exponent.
    private static final int MOST_ZEROS = 1_000;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(50).build())
            .build();

    /// Reads one document.
    ///
    /// @throws tools.jackson.core.JacksonException if the text is something else
    public static Json parse(String text) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            Json json = new Json(value(parser));
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "something comes after the value");
            }
            return json;
        }
    }

    private static @Nullable Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null, default -> throw new StreamReadException(parser, "no value");
        };
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        return fields;
    }

    private static List<@Nullable Object> array(JsonParser parser) {
        List<@Nullable Object> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(parser));
        }
        return items;
    }

    /// A field of an object.
    public Json get(String name) {
        return value instanceof Map<?, ?> fields ? new Json(fields.get(name)) : NOTHING;
    }

    /// True if it is an object.
    public boolean isObject() {
        return value instanceof Map<?, ?>;
    }

    /// True if it is an array.
    public boolean isArray() {
        return value instanceof List<?>;
    }

    /// True if there is nothing.
    public boolean isNull() {
        return value == null;
    }

    /// The items of an array; none of anything else.
    public List<Json> items() {
        return value instanceof List<?> items ? items.stream().map(Json::new).toList() : List.of();
    }

    /// The fields of an object in their order; none of anything else.
    public Map<String, Json> fields() {
        Map<String, Json> all = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> fields) {
            fields.forEach((name, field) -> all.put(String.valueOf(name), new Json(field)));
        }
        return all;
    }

    /// A string, or a number or a boolean as it is written; else the default.
    public String text(String otherwise) {
        return switch (value) {
            case String text -> text;
            case BigDecimal number ->
                Math.abs((long) number.scale()) > MOST_ZEROS ? number.toString() : number.toPlainString();
            case Boolean flag -> flag.toString();
            case null, default -> otherwise;
        };
    }

    /// A number, cut to a whole one that fits; else the default.
    public long whole(long otherwise) {
        return value instanceof BigDecimal number ? number.longValue() : otherwise;
    }

    /// A number; NaN of anything else, and of one beyond the range of a double.
    public double number() {
        double number = value instanceof BigDecimal decimal ? decimal.doubleValue() : Double.NaN;
        return Double.isFinite(number) ? number : Double.NaN;
    }

    /// True if it is `true`.
    public boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    /// As JSON on one line.
    public String write() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) {
        switch (value) {
            case null -> json.writeNull();
            case Json wrapped -> write(json, wrapped.value());
            case Map<?, ?> fields -> {
                json.writeStartObject();
                fields.forEach((name, field) -> {
                    json.writeName(String.valueOf(name));
                    write(json, field);
                });
                json.writeEndObject();
            }
            case List<?> items -> {
                json.writeStartArray();
                items.forEach(item -> write(json, item));
                json.writeEndArray();
            }
            case BigDecimal number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            default -> json.writeString(String.valueOf(value));
        }
    }
}
