package dev.myrmidon.engine.each;

import dev.myrmidon.engine.ItemFunction;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Applies a function of the user's to each item.
final class FunctionRunner implements ItemRunner {
    private final ItemFunction function;
    private final Scratch scratch;

    FunctionRunner(ItemFunction function, Scratch scratch) {
        this.function = function;
        this.scratch = scratch;
    }

    @Override
    public Result run(Item item) throws InterruptedException, IOException {
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
