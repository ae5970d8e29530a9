package dev.myrmidon.engine.each;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Where in a line the key of the item is: items with equal keys run one at a time.
public sealed interface KeyField {

    /// What the user wrote: a number from 1 for [Column], anything else for [Member].
    ///
    /// @param text as on the command line
    /// @return the field
    /// @throws IllegalArgumentException if it is empty or a number below 1 or above 2³¹−1; the message is the end
    /// of a
    ///     sentence that starts with the option
    static KeyField parse(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        if (!NUMBER.matcher(text).matches()) {
            return new Member(text);
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1) {
                return new Column(number);
            }
        } catch (NumberFormatException e) {
            // Too large, which gets the same answer.
        }
        throw new IllegalArgumentException(
                "must be 1 to 2147483647, or the name of a field of JSON objects, was \"" + text + "\"");
    }

    /// What tells a number from a name.
    Pattern NUMBER = Pattern.compile("[-+]?\\d+");

    /// The key of an item.
    ///
    /// @param line the item
    /// @return the key: equal for equal fields
    /// @throws NoKeyException if it has none
    String keyOf(byte[] line) throws NoKeyException;

    /// One of the fields that spaces and tabs separate, however many of them.
    ///
    /// @param number which one, from 1
    record Column(int number) implements KeyField {
        @Override
        public String keyOf(byte[] line) throws NoKeyException {
            int fields = 0;
            for (int at = 0; at < line.length; ) {
                int start = at;
                while (at < line.length && !isBlank(line[at])) {
                    at++;
                }
                if (at > start && ++fields == number) {
                    // One character for each byte: equal exactly if the bytes are.
                    return new String(line, start, at - start, StandardCharsets.ISO_8859_1);
                }
                at += at == start ? 1 : 0;
            }
            throw new NoKeyException("the line has no field " + number + " for --key-field, only " + fields);
        }

        private static boolean isBlank(byte b) {
            return b == ' ' || b == '\t';
        }
    }

    /// A field of the JSON object that is the line: a string, a number, true or false. Equal are those of the same
    /// text.
    ///
    /// @param name its name
    record Member(String name) implements KeyField {
        private static final JsonFactory JSON = new JsonFactory();

        /// Looks no further than the field.
        @Override
        public String keyOf(byte[] line) throws NoKeyException {
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
                if (json.nextToken() != JsonToken.START_OBJECT) {
                    throw new NoKeyException("the line is no JSON object, which --key-field " + name + " needs");
                }
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean found = json.currentName().equals(name);
                    JsonToken value = json.nextToken();
                    if (found) {
                        return text(json, value);
                    }
                    json.skipChildren();
                }
            } catch (JacksonException e) {
                throw new NoKeyException("the line is no JSON object, which --key-field " + name + " needs: "
                        + e.getOriginalMessage().lines().findFirst().orElse(""));
            }
            throw new NoKeyException("the line has no field \"" + name + "\" for --key-field");
        }

        private String text(JsonParser json, JsonToken value) throws NoKeyException {
            return switch (value) {
                case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> json.getString();
                case VALUE_NULL -> throw noKey("null");
                case START_ARRAY -> throw noKey("an array");
                default -> throw noKey("an object");
            };
        }

        private NoKeyException noKey(String value) {
            return new NoKeyException("the line has " + value + " in field \"" + name
                    + "\"; --key-field needs a string, a number, true or false there");
        }
    }

    /// A line has no key. The message says why.
    final class NoKeyException extends Exception {
        @Serial
        private static final long serialVersionUID = 1;

        NoKeyException(String message) {
            super(message, null, false, false);
        }

        /// Why.
        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
