package dev.myrmidon.engine.each;

import dev.myrmidon.engine.ItemFunction;
import dev.myrmidon.engine.internal.config.Durations;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Applies a function of the user's to each item.
final class FunctionRunner implements ItemRunner {
    private final ItemFunction function;
    private final Scratch scratch;
    private final @Nullable Duration timeout;

    /// @param timeout how long a call may take before it is interrupted, or null for as long as it likes
    FunctionRunner(ItemFunction function, Scratch scratch, @Nullable Duration timeout) {
        this.function = function;
        this.scratch = scratch;
        this.timeout = timeout;
    }

    @Override
    public Result run(Item item) throws InterruptedException, IOException {
        if (timeout == null) {
            return apply(item);
        }
        Alarm alarm = new Alarm(timeout);
        boolean rang = false;
        Result result;
        try {
            result = apply(item);
        } catch (InterruptedException e) {
            rang = alarm.turnOff();
            if (!rang) {
                throw e;
            }
            return timedOut(Payload.empty(), timeout);
        }
        rang = alarm.turnOff();
        return rang ? timedOut(result.output(), timeout) : result;
    }

    private Result apply(Item item) throws InterruptedException, IOException {
        String output;
        try {
            output = function.apply(item.text());
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // Errors too: what one item does to itself, running out of stack for example, is no reason to end the
            // others.
            return Result.failed(Failures.text(e));
        }
        return output == null || output.isEmpty() ? Result.COMPLETED : Result.completed(payload(item, output));
    }

    private static Result timedOut(Payload output, Duration timeout) {
        return new Result(
                Status.TIMED_OUT,
                Result.NO_EXIT,
                null,
                output,
                Payload.empty(),
                "timed out after " + Durations.format(timeout));
    }

    private Payload payload(Item item, String output) throws IOException {
        byte[] bytes = (output.endsWith("\n") ? output : output + "\n").getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= Payload.MAX_IN_MEMORY) {
            return new Payload.InMemory(bytes);
        }
        Path file = scratch.file(item.sequence() + ".out");
        try (OutputStream out = new FileOutputStream(file.toFile())) {
            out.write(bytes);
        }
        return new Payload.OnDisk(file, bytes.length);
    }
}
