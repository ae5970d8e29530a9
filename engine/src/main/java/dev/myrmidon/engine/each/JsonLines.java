package dev.myrmidon.engine.each;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/// Writes outcomes as JSON, one line each. Used by one thread.
///
/// ```json
/// {"item":"7","index":7,"status":"failed","millis":3,"exit":1,"output":"","error":"exit 1"}
/// ```
///
/// `index` is the number of the line in the input, from 1. `exit` is null where no command ended by itself,
/// `error` where the item completed. `--http` adds `http_status` and `bytes`, null where no answer came;
/// `--retries` adds `attempts`: how often the item was begun, the rest being of the last time.
/// Bytes that aren't UTF-8 become U+FFFD.
final class JsonLines implements Outlet, AutoCloseable {
    private final JsonGenerator json;
    private final boolean http;
    private final boolean attempts;

    /// @param out where to write; closed with this object
    /// @param http whether to write the fields of HTTP responses
    /// @param attempts whether to write how often an item was begun
    JsonLines(OutputStream out, boolean http, boolean attempts) {
        this.json =
                JsonFactory.builder().rootValueSeparator("").build().createGenerator(ObjectWriteContext.empty(), out);
        this.http = http;
        this.attempts = attempts;
    }

    @Override
    public void accept(Outcome outcome) throws IOException {
        try {
            write(outcome);
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    private void write(Outcome outcome) throws IOException {
        Result result = outcome.result();
        json.writeStartObject();
        json.writeStringProperty("item", outcome.item().text());
        json.writeNumberProperty("index", outcome.item().line());
        json.writeStringProperty("status", result.status().label());
        json.writeNumberProperty("millis", outcome.millis());
        writeNumber("exit", result.exit() == Result.NO_EXIT ? null : result.exit());
        json.writeName("output");
        try (Reader output = new InputStreamReader(result.output().open(), StandardCharsets.UTF_8)) {
            json.writeString(output, -1);
        }
        json.writeStringProperty("error", wellFormed(result.error()));
        if (http) {
            Result.Response response = result.response();
            writeNumber("http_status", response == null ? null : response.status());
            writeNumber("bytes", response == null ? null : response.bytes());
        }
        if (attempts) {
            json.writeNumberProperty("attempts", outcome.item().attempts());
        }
        json.writeEndObject();
        // With each line and not before the next one: what is flushed is whole.
        json.writeRaw('\n');
    }

    private void writeNumber(String name, @Nullable Number number) {
        if (number == null) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, number.longValue());
        }
    }

    /// Without halves of characters, which a generator refuses: messages of exceptions can have some.
    private static @Nullable String wellFormed(@Nullable String text) {
        return text == null ? null : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /// Writes to the file what is still in memory.
    void flush() throws IOException {
        try {
            json.flush();
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }

    /// Closes the file.
    @Override
    public void close() throws IOException {
        try {
            json.close();
        } catch (JacksonIOException e) {
            throw e.getCause();
        }
    }
}
