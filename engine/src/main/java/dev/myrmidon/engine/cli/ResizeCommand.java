package dev.myrmidon.engine.cli;

import dev.myrmidon.engine.internal.client.ApiClient;
import dev.myrmidon.engine.internal.client.ApiClient.Answer;
import dev.myrmidon.engine.internal.client.ApiException;
import dev.myrmidon.engine.internal.client.Capacity;
import dev.myrmidon.engine.internal.client.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// `myrmidon resize`.
@Command(
        name = "resize",
        description = {
            "Sets how many tasks of a pool may run at once.",
            "",
            "It stays so until somebody sets it again: a reload leaves it alone unless the file has another value than"
                    + " before. A pool that is scaled goes on from there."
        },
        footer = {"  myrmidon resize images 400", "  myrmidon resize images unbounded"})
final class ResizeCommand extends ApiCommand {
    @Parameters(index = "0", paramLabel = "POOL", description = "The pool.")
    private @Nullable String pool;

    @Parameters(
            index = "1",
            paramLabel = "CAPACITY",
            converter = CapacityConverter.class,
            description = "1 to 2147483647, or unbounded.")
    private @Nullable Integer capacity;

    @Override
    void ask(ApiClient api) throws ApiException, InterruptedException {
        Answer answer = change(api, Checked.given(pool), "{\"capacity\": " + Checked.given(capacity) + "}");
        if (!printedJson(answer)) {
            Json changed = answer.json();
            say(changed.get("name").text("") + ": capacity " + capacity(changed.get("capacity")) + ", running "
                    + changed.get("running").text("-") + ", queued "
                    + changed.get("queued").text("-"));
            if (changed.get("scaled").isTrue()) {
                say("the pool is scaled, and goes on from there");
            }
        }
    }

    /// Reads capacities.
    static final class CapacityConverter implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return Capacity.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}
