package dev.myrmidon.bench;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes records as JSON.
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    /// On one line.
    static String line(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    /// For reading.
    static String pretty(Object value) {
        return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(value);
    }

    /// @throws tools.jackson.core.JacksonException if it is no JSON, or none of this type
    static <T> T read(String json, Class<T> type) {
        return MAPPER.readValue(json, type);
    }
}
